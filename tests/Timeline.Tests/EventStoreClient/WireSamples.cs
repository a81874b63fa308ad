using System.Text;
using EventStore.Client;
using EventStore.Client.Protocol;
using EventStore.Client.Protocol.Streams;
using Google.Protobuf;
using Recorded = EventStore.Client.Protocol.Streams.ReadResp.Types.ReadEvent.Types.RecordedEvent;

namespace Timeline.Tests.EventStoreDbClient;

/// <summary>Messages as a server sends them, made by the generated classes.</summary>
internal static class WireSamples
{
    public static readonly Guid Id = new("0123456f-89ab-cdef-8123-456789abcdef");

    public static UUID Structured(Uuid id) =>
        new() { Structured = new UUID.Types.Structured { MostSignificantBits = id.Most, LeastSignificantBits = id.Least } };

    public static Recorded Event(ulong revision = 7, string stream = "feed-1") => new()
    {
        Id = Structured(Uuid.FromGuid(Id)),
        StreamIdentifier = new StreamIdentifier { StreamName = ByteString.CopyFromUtf8(stream) },
        StreamRevision = revision,
        PreparePosition = 4_000_000_000 + revision,
        CommitPosition = 5_000_000_000 + revision,
        Metadata = { ["type"] = "Recorded", ["content-type"] = "application/json", ["created"] = "17325792000000000" },
        CustomMetadata = ByteString.CopyFromUtf8("{\"m\":1}"),
        Data = ByteString.CopyFromUtf8("{\"d\":2}"),
    };

    public static ReadResp Read(Recorded recorded) => new()
    {
        Event = new ReadResp.Types.ReadEvent { Event = recorded, CommitPosition = recorded.CommitPosition },
    };

    public static EventData Data(string type = "Recorded", int dataBytes = 3, Guid? id = null) =>
        new(Uuid.FromGuid(id ?? Id), type, new byte[dataBytes], Encoding.UTF8.GetBytes("{}"));

    public static EventStore.Client.EventStoreClient Client(string connectionString) => new(EventStoreClientSettings.Create(connectionString));

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
