using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Timeline.Domain.Ports;

/// <summary>
/// The stores' id of an event. It derives from where the event stands and what it says, so that a store that decides idempotency by id
/// alone (EventStoreDB does) can't take another body for a retry.
/// </summary>
public static class StoreEventId
{
    /// <summary>
    /// SHA-256 over the stream's UTF-8 name, a zero byte, the revision as eight bytes big-endian, and the data; its first 16 bytes in network
    /// order, marked as UUIDv8 (RFC 9562, section 5.8).
    /// </summary>
    public static Guid Derive(StreamName stream, Revision revision, ReadOnlySpan<byte> data)
    {
        var name = Encoding.UTF8.GetByteCount(stream.Value);
        var length = name + 1 + sizeof(long) + data.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var input = rented.AsSpan(0, length);
            Encoding.UTF8.GetBytes(stream.Value, input);
            input[name] = 0;
            BinaryPrimitives.WriteInt64BigEndian(input[(name + 1)..], revision.Value);
            data.CopyTo(input[(name + 1 + sizeof(long))..]);

            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(input, hash);
            hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
            hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
            return new Guid(hash[..16], bigEndian: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
