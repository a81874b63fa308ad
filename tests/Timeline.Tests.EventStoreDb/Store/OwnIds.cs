using System.Buffers.Binary;

namespace Timeline.Tests.EventStoreDb.Store;

/// <summary>Ids of the server's own events and subscriptions: counted, never drawn, and shaped as random ones, since some clients look.</summary>
internal static class OwnIds
{
    public static Guid Of(ReadOnlySpan<byte> kind, ulong number)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        kind.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], number);
        bytes[6] = 0x40;
        bytes[8] = 0x80;
        return new Guid(bytes, bigEndian: true);
    }
}
