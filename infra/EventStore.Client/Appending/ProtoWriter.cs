using System.Buffers.Binary;
using System.Text;

namespace EventStore.Client;

/// <summary>Writes the few forms of protocol buffers that appends need, straight into their frame.</summary>
internal ref struct ProtoWriter(Span<byte> target)
{
    private readonly Span<byte> target = target;

    public int Written { get; private set; }

    public static int VarintSize(ulong value) => (64 - System.Numerics.BitOperations.LeadingZeroCount(value | 1) + 6) / 7;

    /// <summary>The bytes that a field of bytes takes, its tag of one byte included.</summary>
    public static int FieldSize(int length) => 1 + VarintSize((ulong)length) + length;

    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            target[Written++] = (byte)((value & 0x7F) | 0x80);
            value >>= 7;
        }

        target[Written++] = (byte)value;
    }

    /// <param name="field">1 to 15.</param>
    public void VarintField(int field, ulong value)
    {
        target[Written++] = (byte)(field << 3);
        Varint(value);
    }

    /// <summary>The start of a field of <paramref name="length"/> bytes, which come next.</summary>
    /// <param name="field">1 to 15.</param>
    public void Header(int field, int length)
    {
        target[Written++] = (byte)((field << 3) | 2);
        Varint((ulong)length);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Header(field, value.Length);
        value.CopyTo(target[Written..]);
        Written += value.Length;
    }

    public void Text(int field, string value, int bytes)
    {
        Header(field, bytes);
        Written += Encoding.UTF8.GetBytes(value, target[Written..]);
    }

    public void Frame(int length)
    {
        target[Written] = 0;
        BinaryPrimitives.WriteInt32BigEndian(target[(Written + 1)..], length);
        Written += Frames.HeaderBytes;
    }
}
