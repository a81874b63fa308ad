namespace Timeline.Domain.Ledger;

/// <summary>A growing buffer of LEB128 integers; signed ones in zigzag form.</summary>
public sealed class VarintWriter
{
    private byte[] buffer = new byte[256];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void Unsigned(ulong value)
    {
        if (Length + 10 > buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        while (value >= 0x80)
        {
            buffer[Length++] = unchecked((byte)(value | 0x80));
            value >>= 7;
        }

        buffer[Length++] = (byte)value;
    }

    public void Signed(long value) => Unsigned(unchecked((ulong)(value << 1 ^ value >> 63)));
}

/// <summary>Reads what <see cref="VarintWriter"/> wrote. Throws <see cref="FormatException"/> at bytes that it can't have written.</summary>
public ref struct VarintReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;

    public readonly bool AtEnd => at >= bytes.Length;

    public ulong Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= bytes.Length)
            {
                throw new FormatException("A ledger segment ends in the middle of a number.");
            }

            var b = bytes[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("A ledger segment has a number of more than 64 bits.");
    }

    public long Signed()
    {
        var value = Unsigned();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }
}
