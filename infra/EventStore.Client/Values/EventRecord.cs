namespace EventStore.Client;

/// <summary>An event as the database has recorded it.</summary>
public class EventRecord
{
    public readonly string EventStreamId;
    public readonly Uuid EventId;
    public readonly StreamPosition EventNumber;
    public readonly string EventType;
    public readonly ReadOnlyMemory<byte> Data;
    public readonly ReadOnlyMemory<byte> Metadata;

    /// <summary>When the server recorded it, by the server's clock, in UTC.</summary>
    public readonly DateTime Created;
    public readonly Position Position;
    public readonly string ContentType;

    /// <param name="metadata">Holds type, created (100 ns ticks since 1970) and content-type.</param>
    public EventRecord(
        string eventStreamId,
        Uuid eventId,
        StreamPosition eventNumber,
        Position position,
        IDictionary<string, string> metadata,
        ReadOnlyMemory<byte> data,
        ReadOnlyMemory<byte> customMetadata)
        : this(
            eventStreamId,
            eventId,
            eventNumber,
            position,
            metadata["type"],
            metadata["content-type"],
            DateTime.UnixEpoch.AddTicks(long.Parse(metadata["created"])),
            data,
            customMetadata)
    {
    }

    internal EventRecord(
        string stream,
        Uuid id,
        StreamPosition number,
        Position position,
        string type,
        string contentType,
        DateTime created,
        ReadOnlyMemory<byte> data,
        ReadOnlyMemory<byte> metadata)
    {
        EventStreamId = stream;
        EventId = id;
        EventNumber = number;
        Position = position;
        EventType = type;
        ContentType = contentType;
        Created = created;
        Data = data;
        Metadata = metadata;
    }
}
