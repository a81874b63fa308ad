using System.Text.Json;
using System.Text.Json.Serialization;

namespace Timeline.Contracts;

/// <summary>What the server adds to an event, stored beside it and never compared with what the giver gave.</summary>
public sealed record EventMetadata
{
    /// <summary>When Ingest took it, UTC, ISO 8601 with seven decimals of a second. Log time is its running maximum.</summary>
    public required string RecordedAt { get; init; }

    /// <summary>Who gave it, as far as the service knows.</summary>
    public string? By { get; init; }

    /// <summary>Whether a token proved who gave it; false: it is what the giver says, or the user of the service's process. Absent where nobody is named, and in earlier events.</summary>
    public bool? Verified { get; init; }

    /// <summary>Who confirmed it, where it needed a second person; a token proved that.</summary>
    public string? ConfirmedBy { get; init; }

    /// <summary>Id of the <c>ActAsked</c> that it carries out, where it needed a second person.</summary>
    public string? Asked { get; init; }

    /// <summary>Hash of the mapping that made a row of a feed; absent for feeds with a reader of their own.</summary>
    public string? Mapping { get; init; }

    /// <summary>The W3C trace context of the request that gave it, where that trace is recorded: what becomes of the event joins the trace.</summary>
    public string? TraceParent { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}
