using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Timeline.Contracts.Json;

/// <summary>
/// One parsed value for the bytes that rows repeat. A fixed number of slots in pairs, the last pieces of a pair stay; threads may race for a slot and at
/// worst parse a piece twice. What it gives is shared: nobody changes it.
/// </summary>
internal sealed class Pieces<T>(int slotPairs, JsonTypeInfo<T> type)
    where T : class
{
    /// <summary>Longer ones are parsed each time.</summary>
    private const int LongestBytes = 256;

    private readonly Piece?[] kept = new Piece?[2 * slotPairs];

    /// <summary>False where the bytes are no such value.</summary>
    public bool TryGet(ReadOnlySpan<byte> utf8, out T? value)
    {
        if (utf8.Length > LongestBytes)
        {
            value = Parse(utf8);
            return value is not null;
        }

        var hash = new HashCode();
        hash.AddBytes(utf8);
        var at = unchecked((uint)hash.ToHashCode()) % (uint)kept.Length;
        if ((kept[at] is { } piece && utf8.SequenceEqual(piece.Bytes)) || (kept[at ^ 1] is { } other && utf8.SequenceEqual((piece = other).Bytes)))
        {
            value = piece.Value;
            return true;
        }

        value = Parse(utf8);
        if (value is null)
        {
            return false;
        }

        kept[at ^ 1] = kept[at];
        kept[at] = new Piece(utf8.ToArray(), value);
        return true;
    }

    private T? Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Piece(byte[] Bytes, T Value);
}
