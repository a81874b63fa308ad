using System.Buffers.Text;
using System.Text;

namespace Timeline.Ingest.Feeds;

/// <summary>Single fields as GDELT writes them.</summary>
internal static class GdeltText
{
    /// <summary>Row ids and counts stay below 2^53, beyond which JSON numbers lose digits.</summary>
    private const long MaxId = 9_007_199_254_740_991;

    private const int ShownBytes = 40;

    /// <summary>Digits alone, up to <see cref="MaxId"/>.</summary>
    public static bool IsInteger(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        return text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && Utf8Parser.TryParse(text, out value, out var used) && used == text.Length && value <= MaxId;
    }

    /// <summary>7.19E+08, as spreadsheets write what is long.</summary>
    public static bool IsScientific(ReadOnlySpan<byte> text) =>
        text.IndexOfAny((byte)'E', (byte)'e') > 0 && Utf8Parser.TryParse(text, out double _, out var used) && used == text.Length;

    /// <summary>Empty, or what another field says already.</summary>
    public static bool Repeats(ReadOnlySpan<byte> field, ReadOnlySpan<byte> wanted) => field.IsEmpty || field.SequenceEqual(wanted);

    /// <summary>A field as a cause may show it; the line is UTF-8.</summary>
    public static string Show(ReadOnlySpan<byte> field) =>
        $"'{Encoding.UTF8.GetString(field[..Math.Min(field.Length, ShownBytes)])}{(field.Length > ShownBytes ? "…" : "")}'";
}
