using System.Buffers;
using System.Net;
using EventStore.Client.Protocol.Streams;
using Google.Protobuf;

namespace EventStore.Client;

/// <summary>The request of Append: a message with the options, then one message an event.</summary>
internal sealed class AppendContent(AppendReq.Types.Options options, IReadOnlyCollection<EventData> events) : HttpContent
{
    private const int WriteBuffer = 64 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(WriteBuffer);
        try
        {
            var used = WriteOptions(ref buffer);
            foreach (var data in events)
            {
                var message = new ProposedMessage(data);
                var length = Frames.HeaderBytes + ProtoWriter.FieldSize(message.Size);
                if (used + length > buffer.Length)
                {
                    await stream.WriteAsync(buffer.AsMemory(0, used), cancellationToken).ConfigureAwait(false);
                    used = 0;
                    Grow(ref buffer, length);
                }

                used += Write(buffer.AsSpan(used), message);
            }

            await stream.WriteAsync(buffer.AsMemory(0, used), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private static int Write(Span<byte> target, ProposedMessage message)
    {
        var writer = new ProtoWriter(target);
        writer.Frame(ProtoWriter.FieldSize(message.Size));
        writer.Header(2, message.Size);
        message.WriteTo(ref writer);
        return writer.Written;
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        if (length > buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(length);
        }
    }

    private int WriteOptions(ref byte[] buffer)
    {
        var request = new AppendReq { Options = options };
        var size = request.CalculateSize();
        Grow(ref buffer, Frames.HeaderBytes + size);
        Frames.WriteHeader(buffer, size);
        request.WriteTo(buffer.AsSpan(Frames.HeaderBytes, size));
        return Frames.HeaderBytes + size;
    }
}
