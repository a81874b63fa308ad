using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>Cuts an answer's body into messages, in a pooled buffer that holds one read at a time.</summary>
internal sealed class FrameReader(Stream body) : IDisposable
{
    private const int FirstBuffer = 128 * 1024;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int start;
    private int end;

    /// <summary>The next message, if the buffer holds the whole of it. The bytes stand until the next <see cref="FillAsync"/>.</summary>
    /// <exception cref="RpcException">The frame is none that a server may send.</exception>
    public bool TryTake(out ReadOnlySpan<byte> message)
    {
        var held = buffer.AsSpan(start, end - start);
        if (held.Length < Frames.HeaderBytes || held.Length - Frames.HeaderBytes < Length(held))
        {
            message = default;
            return false;
        }

        message = held.Slice(Frames.HeaderBytes, Length(held));
        start += Frames.HeaderBytes + message.Length;
        return true;
    }

    /// <summary>Reads more; false at the end of the body.</summary>
    /// <exception cref="RpcException">The body ends within a message.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        MakeRoom();
        var read = await body.ReadAsync(buffer.AsMemory(end), cancellation).ConfigureAwait(false);
        end += read;
        return read > 0 || (start == end ? false : throw Broken("The server's answer ends in the middle of a message."));
    }

    public void Dispose()
    {
        var returned = buffer;
        buffer = [];
        start = end = 0;
        if (returned.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(returned);
        }
    }

    private static int Length(ReadOnlySpan<byte> held)
    {
        if (held[0] != 0)
        {
            throw Broken("The server sent a compressed message, and this client asked for none.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(held[1..]);
        return length <= Frames.MaxReceivedBytes
            ? (int)length
            : throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"The server sent a message of {length} bytes; the most is {Frames.MaxReceivedBytes}."));
    }

    private static RpcException Broken(string detail) => new(new Status(StatusCode.Internal, detail));

    private void MakeRoom()
    {
        var held = buffer.AsSpan(start, end - start);
        var needed = held.Length < Frames.HeaderBytes ? Frames.HeaderBytes : Frames.HeaderBytes + Length(held);
        if (needed > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(needed);
            held.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        else if (start > 0)
        {
            held.CopyTo(buffer);
        }

        end -= start;
        start = 0;
    }
}
