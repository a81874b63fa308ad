using System.Numerics;

namespace Timeline.Tests.EventStoreDb.Store;

/// <summary>How many bytes a field takes whose number is below 16. Fields of value nothing take none, as in proto3.</summary>
internal static class ProtoSize
{
    public static int Length(ulong value) => (((63 - BitOperations.LeadingZeroCount(value | 1)) * 9) + 73) / 64;

    public static int Varint(long value) => value == 0 ? 0 : 1 + Length(unchecked((ulong)value));

    public static int Bytes(int length) => length == 0 ? 0 : Nested(length);

    public static int Nested(int length) => 1 + Length((ulong)length) + length;
}

/// <summary>Writes fields whose number is below 16 into a span that is large enough.</summary>
internal ref struct ProtoWriter(Span<byte> target)
{
    private readonly Span<byte> target = target;

    public int Length { get; private set; }

    public void Varint(int field, ulong value)
    {
        if (value != 0)
        {
            Always(field, value);
        }
    }

    /// <summary>As <see cref="Varint"/>, and zero too: the member of a oneof says by being there that it is the one.</summary>
    public void Always(int field, ulong value)
    {
        target[Length++] = (byte)(field << 3);
        Raw(value);
    }

    public void Nest(int field, int length)
    {
        target[Length++] = (byte)((field << 3) | 2);
        Raw((ulong)length);
    }

    public void Bytes(int field, scoped ReadOnlySpan<byte> value)
    {
        if (value.Length > 0)
        {
            Nest(field, value.Length);
            Copy(value);
        }
    }

    public void Copy(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target[Length..]);
        Length += bytes.Length;
    }

    public void Raw(ulong value)
    {
        var at = Length;
        while (value >= 0x80)
        {
            target[at++] = (byte)((value & 0x7F) | 0x80);
            value >>= 7;
        }

        target[at++] = (byte)value;
        Length = at;
    }
}
