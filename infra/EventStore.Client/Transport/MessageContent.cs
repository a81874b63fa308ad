using System.Buffers.Binary;
using System.Net;
using Google.Protobuf;

namespace EventStore.Client;

/// <summary>A request of one message, in its frame.</summary>
internal sealed class MessageContent : HttpContent
{
    private readonly byte[] framed;

    public MessageContent(IMessage message)
    {
        var size = message.CalculateSize();
        framed = new byte[Frames.HeaderBytes + size];
        Frames.WriteHeader(framed, size);
        message.WriteTo(framed.AsSpan(Frames.HeaderBytes));
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(framed, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = framed.Length;
        return true;
    }
}

/// <summary>The five bytes before each message: whether it is compressed, and its length.</summary>
internal static class Frames
{
    public const int HeaderBytes = 5;

    /// <summary>The longest message that a server may send.</summary>
    public const int MaxReceivedBytes = 17 * 1024 * 1024;

    public static void WriteHeader(Span<byte> frame, int length)
    {
        frame[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(frame[1..], length);
    }
}
