using System.Text;

namespace Timeline.Contracts.Json;

/// <summary>
/// One string per word for the words that rows repeat: codes, roles, days, names of places. A fixed number of slots, the last word of a slot
/// stays; threads may race for a slot and at worst make a string twice.
/// </summary>
internal static class Words
{
    private const int Slots = 16384;
    private const int LongestBytes = 64;
    private static readonly string?[] Kept = new string?[Slots];

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestBytes)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var slot = ref Kept[unchecked((uint)hash.ToHashCode()) % Slots];
        if (slot is { } kept && Same(kept, utf8))
        {
            return kept;
        }

        return slot = Encoding.UTF8.GetString(utf8);
    }

    private static bool Same(string kept, ReadOnlySpan<byte> utf8) => Ascii.Equals(utf8, kept);
}
