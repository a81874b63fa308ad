using System.Text;
using System.Text.Unicode;
using Timeline.Contracts;

namespace Timeline.Ingest.Feeds;

/// <summary>
/// Keeps a row that could not be read so that it can be given back to the letter: as text where it is text, else in base64. Of a row over the
/// limit only the beginning is there to keep.
/// </summary>
internal static class SetAsideRow
{
    public static SetAsideData Of(string feed, Line line, string cause)
    {
        var row = new SetAsideData { Feed = feed, Line = line.Number, Cause = cause };
        if (line.TooLong)
        {
            return row with { Raw = Beginning(line.Bytes.Span), Cut = true, Length = line.Length };
        }

        // What is no text shows as base64 alone: U+FFFD in its place would pass for what stood there.
        ReadOnlySpan<byte> bytes = line.Return ? [.. line.Bytes.Span, (byte)'\r'] : line.Bytes.Span;
        return IsText(bytes) ? row with { Raw = Encoding.UTF8.GetString(bytes) } : row with { Bytes = Convert.ToBase64String(bytes) };
    }

    // Other control characters take six bytes each in JSON, which could be more than the log takes for an event.
    private static bool IsText(ReadOnlySpan<byte> row)
    {
        foreach (var b in row)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return false;
            }
        }

        return Utf8.IsValid(row);
    }

    private static string Beginning(ReadOnlySpan<byte> row)
    {
        var text = Encoding.UTF8.GetString(row[..Math.Min(row.Length, 4 * IngestLimits.RawChars)]);
        if (text.Length <= IngestLimits.RawChars)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[IngestLimits.RawChars - 1]) ? IngestLimits.RawChars - 1 : IngestLimits.RawChars)];
    }
}
