using System.Text;

namespace EventStore.Client;

/// <summary>An event as both kinds of appends send it: id, type and content type, metadata, data. Fields 1 to 4 are the same in both.</summary>
internal readonly struct ProposedMessage
{
    private readonly EventData data;
    private readonly int typeBytes;
    private readonly int typeEntry;
    private readonly int contentEntry;

    public ProposedMessage(EventData data)
    {
        this.data = data;
        typeBytes = Encoding.UTF8.GetByteCount(data.Type);
        typeEntry = ProtoWriter.FieldSize("type"u8.Length) + ProtoWriter.FieldSize(typeBytes);
        contentEntry = ProtoWriter.FieldSize("content-type"u8.Length) + ProtoWriter.FieldSize(data.ContentType.Length);
        Size = ProtoWriter.FieldSize(IdSize(data.EventId))
            + ProtoWriter.FieldSize(typeEntry)
            + ProtoWriter.FieldSize(contentEntry)
            + Optional(data.Metadata.Length)
            + Optional(data.Data.Length);
    }

    /// <summary>The bytes of the message, without the field that it is.</summary>
    public int Size { get; }

    public static int IdSize(Uuid id) => ProtoWriter.FieldSize(StructuredSize(id));

    public static void WriteId(ref ProtoWriter writer, int field, Uuid id)
    {
        writer.Header(field, IdSize(id));
        writer.Header(1, StructuredSize(id));
        writer.VarintField(1, unchecked((ulong)id.Most));
        writer.VarintField(2, unchecked((ulong)id.Least));
    }

    public void WriteTo(ref ProtoWriter writer)
    {
        WriteId(ref writer, 1, data.EventId);
        writer.Header(2, typeEntry);
        writer.Bytes(1, "type"u8);
        writer.Text(2, data.Type, typeBytes);
        writer.Header(2, contentEntry);
        writer.Bytes(1, "content-type"u8);
        writer.Text(2, data.ContentType, data.ContentType.Length);
        if (data.Metadata.Length > 0)
        {
            writer.Bytes(3, data.Metadata.Span);
        }

        if (data.Data.Length > 0)
        {
            writer.Bytes(4, data.Data.Span);
        }
    }

    private static int Optional(int length) => length == 0 ? 0 : ProtoWriter.FieldSize(length);

    private static int StructuredSize(Uuid id) =>
        2 + ProtoWriter.VarintSize(unchecked((ulong)id.Most)) + ProtoWriter.VarintSize(unchecked((ulong)id.Least));
}
