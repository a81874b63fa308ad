using System.Globalization;
using System.Text;

namespace Timeline.Tests.EventStoreDb.Store;

/// <summary>
/// A record of the log. Beside what the server itself asks for it keeps the rest of the protocol's RecordedEvent as bytes: reading copies them.
/// </summary>
public sealed class Recorded
{
    /// <summary>What a record takes beside its texts and bytes: lengths, kind, flags, positions, ids, time; as LogV2 of a real server lays it out.</summary>
    private const int FixedSize = 88;

    internal Recorded(long position, int size, string stream, long revision, Guid id, string type, long created, byte[] body, ReadOnlyMemory<byte> data, bool isJson)
    {
        Position = position;
        Next = position + size;
        Stream = stream;
        Revision = revision;
        Id = id;
        Type = type;
        Created = created;
        Body = body;
        Data = data;
        IsJson = isJson;
        IsHidden = stream == HiddenStream;
    }

    /// <summary>Where the record begins, in bytes; its commit and its prepare position.</summary>
    public long Position { get; }

    /// <summary>Where the next record begins.</summary>
    public long Next { get; }

    public string Stream { get; }

    public long Revision { get; }

    public Guid Id { get; }

    public string Type { get; }

    /// <summary>The server's time of writing, in ticks of 100 ns since 1970.</summary>
    public long Created { get; }

    /// <summary>The fields 2, 3, 6, 7 and 8 of RecordedEvent: stream, revision, metadata, custom metadata and data.</summary>
    public byte[] Body { get; }

    public ReadOnlyMemory<byte> Data { get; }

    public bool IsJson { get; }

    /// <summary>Records of this stream are never read with $all; a filtered read counts them among those it considered.</summary>
    public const string HiddenStream = "$epoch-information";

    public bool IsHidden { get; }

    internal static Recorded Of(long position, string stream, long revision, long created, in Proposed proposed)
    {
        var name = Encoding.UTF8.GetBytes(stream);
        var type = Encoding.UTF8.GetBytes(proposed.Type);
        Span<byte> ticks = stackalloc byte[20];
        created.TryFormat(ticks, out var digits, default, CultureInfo.InvariantCulture);
        var contentType = proposed.IsJson ? "application/json"u8 : "application/octet-stream"u8;

        var body = new byte[
            ProtoSize.Nested(ProtoSize.Bytes(name.Length)) + ProtoSize.Varint(revision) + MapEntry("type"u8, type.Length) +
            MapEntry("created"u8, digits) + MapEntry("content-type"u8, contentType.Length) + ProtoSize.Bytes(proposed.Metadata.Length) +
            ProtoSize.Bytes(proposed.Data.Length)];
        var writer = new ProtoWriter(body);
        writer.Nest(2, ProtoSize.Bytes(name.Length));
        writer.Bytes(3, name);
        writer.Varint(3, (ulong)revision);
        Entry(ref writer, "type"u8, type);
        Entry(ref writer, "created"u8, ticks[..digits]);
        Entry(ref writer, "content-type"u8, contentType);
        writer.Bytes(7, proposed.Metadata.Span);
        writer.Bytes(8, proposed.Data.Span);
        var data = proposed.Data.Length == 0 ? default : body.AsMemory(body.Length - proposed.Data.Length);
        var size = FixedSize + Text(name.Length) + Text(type.Length) + proposed.Data.Length + proposed.Metadata.Length;
        return new Recorded(position, size, stream, revision, proposed.Id, proposed.Type, created, body, data, proposed.IsJson);
    }

    /// <summary>How many bytes a write without events takes: it is a record too, that nobody reads.</summary>
    internal static int SizeOfNone(string stream) => FixedSize + Text(Encoding.UTF8.GetByteCount(stream)) + Text(0);

    /// <summary>A record as it was stored.</summary>
    internal static Recorded From(long position, Guid id, byte[] body, Func<string, string> intern)
    {
        var fields = EventStore.Client.Protocol.Streams.ReadResp.Types.ReadEvent.Types.RecordedEvent.Parser.ParseFrom(body);
        var name = fields.StreamIdentifier.StreamName;
        var type = fields.Metadata["type"];
        var size = FixedSize + Text(name.Length) + Text(Encoding.UTF8.GetByteCount(type)) + fields.Data.Length + fields.CustomMetadata.Length;
        return new Recorded(
            position, size, intern(name.ToStringUtf8()), (long)fields.StreamRevision, id, intern(type), long.Parse(fields.Metadata["created"]), body,
            fields.Data.Length == 0 ? default : body.AsMemory(body.Length - fields.Data.Length), fields.Metadata["content-type"] == "application/json");
    }

    /// <summary>A text takes its bytes and the varint of their number.</summary>
    private static int Text(int length) => length + ProtoSize.Length((ulong)length);

    private static int MapEntry(ReadOnlySpan<byte> key, int value) => ProtoSize.Nested(ProtoSize.Bytes(key.Length) + ProtoSize.Bytes(value));

    private static void Entry(ref ProtoWriter writer, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value)
    {
        writer.Nest(6, ProtoSize.Bytes(key.Length) + ProtoSize.Bytes(value.Length));
        writer.Bytes(1, key);
        writer.Bytes(2, value);
    }
}
