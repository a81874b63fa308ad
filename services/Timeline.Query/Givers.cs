using System.Text.Json;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Domain.Ports;

namespace Timeline.Query;

/// <summary>Who gave an event, as its metadata has it.</summary>
internal static class Givers
{
    private static readonly EventMetadata Unknown = new() { RecordedAt = "" };

    /// <summary>What can't be read names nobody.</summary>
    public static EventMetadata Of(LogEvent e)
    {
        try
        {
            return JsonSerializer.Deserialize(e.Metadata.Span, ContractsJson.Default.EventMetadata) ?? Unknown;
        }
        catch (JsonException)
        {
            return Unknown;
        }
    }
}
