using System.Globalization;
using System.Text.Json;
using Timeline.Contracts;
using Timeline.Contracts.Json;

namespace Timeline.Ingest.Recording;

/// <summary>The metadata that Ingest puts beside an event: when it took it, and from whom.</summary>
internal static class Stamp
{
    /// <summary>UTC with seven decimals of a second, so that times compare as text.</summary>
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static byte[] Of(TimeProvider clock, string? by, string? mapping = null, string? traceParent = null)
    {
        var metadata = new EventMetadata
        {
            RecordedAt = clock.GetUtcNow().UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture),
            By = by is { Length: > IngestLimits.GiverChars } ? by[..IngestLimits.GiverChars] : by,
            Mapping = mapping,
            TraceParent = traceParent,
        };
        return CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(metadata, ContractsJson.Default.EventMetadata));
    }

    public static DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
}
