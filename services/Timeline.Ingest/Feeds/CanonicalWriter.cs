using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Timeline.Contracts.Json;

namespace Timeline.Ingest.Feeds;

/// <summary>
/// Writes canonical JSON straight into one buffer that is used again for every row. The caller gives members in canonical order; texts are
/// valid UTF-8.
/// </summary>
internal sealed class CanonicalWriter
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    private byte[] buffer = new byte[16 * 1_024];
    private int length;

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    public void Clear() => length = 0;

    /// <summary>Bytes that are JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        Grow(json.Length);
        json.CopyTo(buffer.AsSpan(length));
        length += json.Length;
    }

    public void Integer(long value)
    {
        Grow(20);
        Utf8Formatter.TryFormat(value, buffer.AsSpan(length), out var n);
        length += n;
    }

    public void Day(DateOnly day)
    {
        Grow(12);
        buffer[length] = (byte)'"';
        day.TryFormat(buffer.AsSpan(length + 1), out var n, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        buffer[length + n + 1] = (byte)'"';
        length += n + 2;
    }

    /// <summary>A text with its quotes.</summary>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        Grow((6 * utf8.Length) + 2);
        buffer[length++] = (byte)'"';
        while (utf8.IndexOfAny(Escaped) is var at and >= 0)
        {
            Raw(utf8[..at]);
            Escape(utf8[at]);
            utf8 = utf8[(at + 1)..];
        }

        Raw(utf8);
        Grow(1);
        buffer[length++] = (byte)'"';
    }

    /// <summary>A number as it was given in decimal notation, in canonical form. False where it is none.</summary>
    public bool Number(ReadOnlySpan<byte> text)
    {
        var digits = text.StartsWith("-"u8) ? text[1..] : text;
        var point = digits.IndexOf((byte)'.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + 1)..].TrimEnd((byte)'0');
        if (!AllDigits(whole) || whole.IsEmpty || (point >= 0 && !AllDigits(digits[(point + 1)..])))
        {
            return false;
        }

        // Up to fifteen significant digits are their own shortest form; six decimals need no exponent.
        if (whole.Length <= 9 && fraction.Length <= 6 && (whole.Length == 1 || whole[0] != '0'))
        {
            var isZero = fraction.IsEmpty && whole is [(byte)'0'];
            Raw(digits.Length == text.Length || isZero ? default : "-"u8);
            Raw(whole);
            Raw(fraction.IsEmpty ? default : "."u8);
            Raw(fraction);
            return true;
        }

        var value = double.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value) || Math.Abs(value) > int.MaxValue)
        {
            return false;
        }

        Raw(CanonicalJson.Canonicalize(Encoding.ASCII.GetBytes(value.ToString("R", CultureInfo.InvariantCulture))));
        return true;
    }

    private static bool AllDigits(ReadOnlySpan<byte> text) => text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    private void Escape(byte c)
    {
        switch (c)
        {
            case (byte)'"': Raw("\\\""u8); break;
            case (byte)'\\': Raw("\\\\"u8); break;
            case (byte)'\b': Raw("\\b"u8); break;
            case (byte)'\f': Raw("\\f"u8); break;
            case (byte)'\n': Raw("\\n"u8); break;
            case (byte)'\r': Raw("\\r"u8); break;
            case (byte)'\t': Raw("\\t"u8); break;
            default:
                Raw("\\u00"u8);
                Grow(2);
                c.TryFormat(buffer.AsSpan(length), out _, "x2", CultureInfo.InvariantCulture);
                length += 2;
                break;
        }
    }

    private void Grow(int more)
    {
        if (buffer.Length - length < more)
        {
            Array.Resize(ref buffer, Math.Max(2 * buffer.Length, length + more));
        }
    }
}
