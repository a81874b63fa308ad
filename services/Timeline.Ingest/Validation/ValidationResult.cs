using Timeline.Contracts;
using Timeline.Contracts.Answers;

namespace Timeline.Ingest.Validation;

/// <summary>What became of given bytes. Expected failure is a value.</summary>
public abstract record ValidationResult
{
    private ValidationResult() { }

    /// <summary>An event that may be recorded, and the bytes under which it is: canonical JSON with every field that was given.</summary>
    public sealed record Validated(TimelineEvent Event, byte[] CanonicalBytes) : ValidationResult;

    /// <summary>Everything that is wrong, at once. <paramref name="Id"/> is the event's id as far as one can be read.</summary>
    public sealed record Refused(string? Id, IReadOnlyList<FieldError> Errors) : ValidationResult;
}
