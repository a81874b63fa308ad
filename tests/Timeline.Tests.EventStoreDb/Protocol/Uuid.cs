using System.Buffers.Binary;
using EventStore.Client.Protocol;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>Ids as the protocol writes them: a text, or two halves of big-endian bytes.</summary>
internal static class Uuid
{
    public static Guid Parse(UUID? id)
    {
        switch (id?.ValueCase)
        {
            case UUID.ValueOneofCase.String when Guid.TryParse(id.String, out var parsed):
                return parsed;
            case UUID.ValueOneofCase.Structured:
                Span<byte> bytes = stackalloc byte[16];
                BinaryPrimitives.WriteInt64BigEndian(bytes, id.Structured.MostSignificantBits);
                BinaryPrimitives.WriteInt64BigEndian(bytes[8..], id.Structured.LeastSignificantBits);
                return new Guid(bytes, bigEndian: true);
            default:
                throw GrpcError.Thrown();
        }
    }

    public static (long Most, long Least) Halves(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
    }

    public static UUID Of(Guid id)
    {
        var (most, least) = Halves(id);
        return new UUID { Structured = new UUID.Types.Structured { MostSignificantBits = most, LeastSignificantBits = least } };
    }
}
