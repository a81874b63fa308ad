using System.Buffers;

namespace EventStore.Client;

/// <summary>A framed request in a pooled buffer.</summary>
internal readonly record struct Chunk(byte[] Buffer, int Length)
{
    public ReadOnlyMemory<byte> Bytes => Buffer.AsMemory(0, Length);

    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}

/// <summary>Cuts an append into the framed messages of BatchAppend.</summary>
internal static class BatchRequest
{
    /// <param name="options">The options' message; they stand in the first chunk alone.</param>
    /// <param name="chunkBytes">From how many bytes of events on a chunk is full.</param>
    public static IEnumerable<Chunk> Chunks(Uuid correlation, byte[] options, IEnumerable<EventData> events, int chunkBytes)
    {
        var held = new List<ProposedMessage>();
        var bytes = 0;
        byte[]? head = options;
        foreach (var data in events)
        {
            var message = new ProposedMessage(data);
            held.Add(message);
            bytes += ProtoWriter.FieldSize(message.Size);
            if (bytes >= chunkBytes)
            {
                yield return Encode(correlation, head, held, bytes, final: false);
                head = null;
                held.Clear();
                bytes = 0;
            }
        }

        yield return Encode(correlation, head, held, bytes, final: true);
    }

    private static Chunk Encode(Uuid correlation, byte[]? options, List<ProposedMessage> events, int eventBytes, bool final)
    {
        var length = ProtoWriter.FieldSize(ProposedMessage.IdSize(correlation))
            + (options is null ? 0 : ProtoWriter.FieldSize(options.Length))
            + eventBytes
            + (final ? 2 : 0);
        var buffer = ArrayPool<byte>.Shared.Rent(Frames.HeaderBytes + length);
        var writer = new ProtoWriter(buffer);
        writer.Frame(length);
        ProposedMessage.WriteId(ref writer, 1, correlation);
        if (options is not null)
        {
            writer.Bytes(2, options);
        }

        foreach (var message in events)
        {
            writer.Header(3, message.Size);
            message.WriteTo(ref writer);
        }

        if (final)
        {
            writer.VarintField(4, 1);
        }

        return new Chunk(buffer, writer.Written);
    }
}
