using System.Text.Json;

namespace Timeline.Contracts.Answers;

/// <summary>What has become of a parked event.</summary>
public static class ParkedStates
{
    public const string Outstanding = "outstanding";
    public const string Redriven = "redriven";
    public const string Dropped = "dropped";

    public static readonly IReadOnlyList<string> All = [Outstanding, Redriven, Dropped];
}

/// <summary>Events that could not be folded, per projection and subject. Parked = outstanding + redriven + dropped.</summary>
public sealed record ParkedList(ParkedCount Counts, IReadOnlyList<ParkedLine> Parked);

/// <summary>Of the whole selection, in whatever state they are.</summary>
public sealed record ParkedCount(long Parked, long Outstanding, long Redriven, long Dropped);

/// <summary>
/// One parked event and subject; <c>*</c>: nobody knows whom it concerns. Partition: the first of those that hold it. Attempts: those that failed. About: the event that it
/// speaks of and that is itself parked. Settled: ordinal of the decision that ended it; Reason: why it was dropped.
/// </summary>
public sealed record ParkedLine(
    string Projection, int Partition, string Event, long Ordinal, string Subject, string Cause, string State, int Attempts, string? About, long? Settled, string? Reason);

/// <summary>One event that is or was parked: where, every attempt, what was decided by whom, and the event itself.</summary>
public sealed record ParkedView
{
    public required string Id { get; init; }
    public required long Ordinal { get; init; }
    public required string RecordedAt { get; init; }
    public required string Type { get; init; }
    public required IReadOnlyList<ParkedLine> Parked { get; init; }
    public required IReadOnlyList<ParkedAttemptLine> Attempts { get; init; }
    public required IReadOnlyList<ParkedDecisionLine> Decisions { get; init; }

    /// <summary>The stored bytes, as JSON; null where they are none.</summary>
    public required JsonElement? Event { get; init; }

    /// <summary>The stored bytes in base64, where they are no JSON.</summary>
    public string? Bytes { get; init; }

    /// <summary>What to do next, in words.</summary>
    public required string Todo { get; init; }
}

/// <summary>An attempt that failed, the first of them numbered 1; Ordinal: how far the log had come.</summary>
public sealed record ParkedAttemptLine(string Projection, string Subject, int Number, long Ordinal, string Cause);

/// <summary>
/// A redrive or a drop, or that a drop was asked for and waits for a second person. Projection null: all. By: who asked, as far as the service knows. Verified: whether a token proved that.
/// ConfirmedBy: the second person, and Asked: id of the event that asked, where one was needed.
/// </summary>
public sealed record ParkedDecisionLine(
    string Decision, string Type, long Ordinal, string RecordedAt, string? By, string Subject, string? Projection, string? Reason, bool? Verified = null, string? ConfirmedBy = null, string? Asked = null);

/// <summary>What became of a request; the log holds all of it up to the ordinal.</summary>
public sealed record ParkedDecided(long Ordinal, IReadOnlyList<ParkedOutcome> Outcomes)
{
    /// <summary>
    /// The words of <see cref="ParkedOutcome.Status"/>. Dropped: an earlier drop holds, and nothing was written. Asked: nothing is decided until a second person confirms the event that
    /// <see cref="ParkedOutcome.Decision"/> names.
    /// </summary>
    public const string Recorded = "recorded", Already = "already", Dropped = "dropped", Asked = "asked";
}

/// <summary>Decision: id of the event that holds it, or of the one that stood against it.</summary>
public sealed record ParkedOutcome(string Event, string Subject, string? Projection, string Status, string Decision);
