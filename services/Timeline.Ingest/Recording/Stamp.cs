using System.Globalization;
using System.Text.Json;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Domain.Access;

namespace Timeline.Ingest.Recording;

/// <summary>The second person's word: who confirmed, and the id of what was asked.</summary>
internal sealed record Confirmation(Caller By, string Asked);

/// <summary>The metadata that Ingest puts beside an event: when it took it, and from whom.</summary>
internal static class Stamp
{
    /// <summary>UTC with seven decimals of a second, so that times compare as text.</summary>
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static byte[] Of(TimeProvider clock, Caller? by, string? mapping = null, string? traceParent = null, Confirmation? confirmed = null)
    {
        var metadata = new EventMetadata
        {
            RecordedAt = clock.GetUtcNow().UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture),
            By = by is { Name.Length: > IngestLimits.GiverChars } ? by.Name[..IngestLimits.GiverChars] : by?.Name,
            Verified = by?.Verified,
            ConfirmedBy = confirmed?.By.Name,
            Asked = confirmed?.Asked,
            Mapping = mapping,
            TraceParent = traceParent,
        };
        return CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(metadata, ContractsJson.Default.EventMetadata));
    }

    public static DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
}
