using System.Text;

namespace EventStore.Client;

/// <summary>
/// Gives the same string for the same bytes, for the names of streams and types that come again and again. Bounded: a place holds
/// one text, the last that fell to it. Safe for several threads: a place is read and written as a whole.
/// </summary>
internal sealed class TextCache
{
    private const int Places = 4096;
    private const int LongestKept = 256;

    private readonly Entry?[] entries = new Entry?[Places];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestKept)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref var place = ref entries[Hash(utf8) & (Places - 1)];
        var entry = place;
        if (entry is not null && entry.Utf8.AsSpan().SequenceEqual(utf8))
        {
            return entry.Text;
        }

        entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        Volatile.Write(ref place, entry);
        return entry.Text;
    }

    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        unchecked
        {
            var hash = (ulong)utf8.Length;
            while (utf8.Length >= sizeof(ulong))
            {
                hash = (hash ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(utf8)) * 0x9E3779B97F4A7C15UL;
                hash ^= hash >> 32;
                utf8 = utf8[sizeof(ulong)..];
            }

            foreach (var part in utf8)
            {
                hash = (hash ^ part) * 0x9E3779B97F4A7C15UL;
            }

            return (int)((hash ^ (hash >> 29)) & 0x7FFFFFFF);
        }
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
