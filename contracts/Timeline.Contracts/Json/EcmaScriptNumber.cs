using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Timeline.Contracts.Json;

/// <summary>ECMA-262, Number::toString, as RFC 8785 asks for it.</summary>
internal static class EcmaScriptNumber
{
    /// <summary>Bytes that any canonical number fits into.</summary>
    public const int MaxLength = 32;

    private const long MaxSafeInteger = 9_007_199_254_740_991;
    private const int SafeDigits = 15;

    /// <summary>The canonical form of a JSON number literal. Throws <see cref="JsonException"/> for integers beyond 2^53 and what no double holds.</summary>
    /// <returns>Bytes written to <paramref name="to"/>, at most <see cref="MaxLength"/>.</returns>
    public static int Canonical(ReadOnlySpan<byte> literal, Span<byte> to)
    {
        if (literal.Length <= SafeDigits && literal.IndexOfAny(".eE"u8) < 0 && !literal.SequenceEqual("-0"u8))
        {
            literal.CopyTo(to);
            return literal.Length;
        }

        if (!double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            throw new JsonException($"The number {Shown(literal)} is out of range.");
        }

        var whole = literal.IndexOfAny(".eE"u8) < 0;
        var unsafeInteger = whole
            ? !long.TryParse(literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) || Math.Abs((decimal)integer) > MaxSafeInteger
            : Math.Abs(number) > MaxSafeInteger;
        return unsafeInteger
            ? throw new JsonException($"The integer {Shown(literal)} lies beyond 2^53: give it as a string.")
            : Write(number, to);
    }

    /// <summary>The shortest digits that round-trip; exponent form from 1e21 up and below 1e-6.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(double number, Span<byte> to)
    {
        if (number == 0)
        {
            to[0] = (byte)'0';
            return 1;
        }

        number.TryFormat(to, out var n, "R", CultureInfo.InvariantCulture);
        return to[..n].Contains((byte)'E') ? Encoding.ASCII.GetBytes(Layout(Encoding.ASCII.GetString(to[..n])), to) : n;
    }

    // .NET's "R" gives the shortest digits; only where it writes an exponent does its layout differ from ECMAScript's.
    private static string Layout(string r)
    {
        var sign = r[0] == '-' ? "-" : "";
        var (digits, exponent) = Decompose(r.TrimStart('-'));
        var k = digits.Length;
        if (k <= exponent && exponent <= 21)
        {
            return sign + digits + new string('0', exponent - k);
        }

        if (exponent is > 0 and <= 21)
        {
            return sign + digits[..exponent] + "." + digits[exponent..];
        }

        if (exponent is > -6 and <= 0)
        {
            return sign + "0." + new string('0', -exponent) + digits;
        }

        var e = exponent - 1;
        var mantissa = k == 1 ? digits : digits[..1] + "." + digits[1..];
        return $"{sign}{mantissa}e{(e < 0 ? "-" : "+")}{Math.Abs(e).ToString(CultureInfo.InvariantCulture)}";
    }

    // Value = 0.digits x 10^exponent.
    private static (string Digits, int Exponent) Decompose(string r)
    {
        var e = r.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(r.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = r.IndexOf('.', StringComparison.Ordinal);
        var whole = r[..(point < 0 ? e : point)];
        var fraction = point < 0 ? "" : r[(point + 1)..e];
        return ((whole + fraction).TrimEnd('0'), whole.Length + exponent);
    }

    private static string Shown(ReadOnlySpan<byte> literal) => Encoding.ASCII.GetString(literal[..Math.Min(literal.Length, 40)]);
}
