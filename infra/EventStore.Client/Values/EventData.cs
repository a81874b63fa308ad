namespace EventStore.Client;

/// <summary>An event to append.</summary>
public sealed class EventData
{
    internal const string Json = "application/json";
    internal const string OctetStream = "application/octet-stream";

    public readonly ReadOnlyMemory<byte> Data;
    public readonly Uuid EventId;
    public readonly ReadOnlyMemory<byte> Metadata;
    public readonly string Type;
    public readonly string ContentType;

    /// <param name="eventId">Not the empty one. The database takes a second event with the same id for the first.</param>
    /// <param name="contentType">application/json or application/octet-stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">The id is empty, or the content type is neither of the two.</exception>
    /// <exception cref="FormatException">The content type is no media type.</exception>
    public EventData(Uuid eventId, string type, ReadOnlyMemory<byte> data, ReadOnlyMemory<byte>? metadata = null, string contentType = Json)
    {
        if (eventId == Uuid.Empty)
        {
            throw new ArgumentOutOfRangeException(nameof(eventId), "An event needs an id of its own, not the empty one.");
        }

        if (contentType is not (Json or OctetStream))
        {
            System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);
            throw new ArgumentOutOfRangeException(nameof(contentType), contentType, $"The content type is {Json} or {OctetStream}.");
        }

        EventId = eventId;
        Type = type;
        Data = data;
        Metadata = metadata ?? ReadOnlyMemory<byte>.Empty;
        ContentType = contentType;
    }
}
