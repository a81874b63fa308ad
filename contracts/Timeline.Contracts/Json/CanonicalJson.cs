using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Timeline.Contracts.Json;

/// <summary>
/// RFC 8785, JSON Canonicalization Scheme: members sorted by UTF-16 code units, numbers as ECMAScript writes them, the shortest
/// string escapes, no white space. Integers beyond 2^53 must be given as strings (RFC 8785, appendix D).
/// </summary>
public static class CanonicalJson
{
    private const long MaxSafeInteger = 9_007_199_254_740_991;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>The canonical bytes of one JSON value. Throws <see cref="JsonException"/> for what is not strict JSON, repeats a member or has a number that would lose digits.</summary>
    public static byte[] Canonicalize(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8, Strict);
        var buffer = new ArrayBufferWriter<byte>(utf8.Length);
        Write(buffer, document.RootElement);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Appends the canonical form of one value.</summary>
    public static void Write(IBufferWriter<byte> to, JsonElement value)
    {
        ArgumentNullException.ThrowIfNull(to);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(to, value);
                break;
            case JsonValueKind.Array:
                to.Write("["u8);
                var first = true;
                foreach (var item in value.EnumerateArray())
                {
                    if (!first)
                    {
                        to.Write(","u8);
                    }

                    first = false;
                    Write(to, item);
                }

                to.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteString(to, value.GetString()!);
                break;
            case JsonValueKind.Number:
                WriteNumber(to, value);
                break;
            case JsonValueKind.True:
                to.Write("true"u8);
                break;
            case JsonValueKind.False:
                to.Write("false"u8);
                break;
            default:
                to.Write("null"u8);
                break;
        }
    }

    private static void WriteObject(IBufferWriter<byte> to, JsonElement value)
    {
        var members = new List<JsonProperty>();
        foreach (var member in value.EnumerateObject())
        {
            members.Add(member);
        }

        members.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        to.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0)
            {
                to.Write(","u8);
            }

            WriteString(to, members[i].Name);
            to.Write(":"u8);
            Write(to, members[i].Value);
        }

        to.Write("}"u8);
    }

    private static void WriteNumber(IBufferWriter<byte> to, JsonElement value)
    {
        if (value.TryGetInt64(out var integer))
        {
            if (integer is > MaxSafeInteger or < -MaxSafeInteger)
            {
                throw new JsonException($"The integer {value.GetRawText()} lies beyond 2^53: give it as a string.");
            }

            Span<byte> digits = stackalloc byte[20];
            integer.TryFormat(digits, out var n, default, CultureInfo.InvariantCulture);
            to.Write(digits[..n]);
            return;
        }

        var number = value.GetDouble();
        if (!double.IsFinite(number))
        {
            throw new JsonException($"The number {value.GetRawText()} is out of range.");
        }

        if (Math.Abs(number) > MaxSafeInteger && Math.Floor(number) == number)
        {
            throw new JsonException($"The integer {value.GetRawText()} lies beyond 2^53: give it as a string.");
        }

        to.Write(Encoding.ASCII.GetBytes(EcmaScript(number)));
    }

    /// <summary>ECMA-262, Number::toString: the shortest digits that round-trip, exponent form from 1e21 up and below 1e-6.</summary>
    internal static string EcmaScript(double number)
    {
        if (number == 0)
        {
            return "0";
        }

        var r = number.ToString("R", CultureInfo.InvariantCulture);
        var sign = number < 0 ? "-" : "";
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

    // .NET's "R" gives the shortest digits; only their layout differs from ECMAScript's. Value = 0.digits x 10^exponent.
    private static (string Digits, int Exponent) Decompose(string r)
    {
        var exponent = 0;
        var e = r.IndexOf('E', StringComparison.Ordinal);
        if (e >= 0)
        {
            exponent = int.Parse(r.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            r = r[..e];
        }

        var point = r.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? r : r[..point];
        var fraction = point < 0 ? "" : r[(point + 1)..];
        var all = whole + fraction;
        var leading = all.Length - all.TrimStart('0').Length;
        return (all.Trim('0'), whole.Length + exponent - leading);
    }

    private static void WriteString(IBufferWriter<byte> to, string text)
    {
        to.Write("\""u8);
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c >= ' ' && c is not '"' and not '\\')
            {
                continue;
            }

            Encoding.UTF8.GetBytes(text.AsSpan(start, i - start), to);
            start = i + 1;
            var escape = c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
            };
            Encoding.ASCII.GetBytes(escape, to);
        }

        Encoding.UTF8.GetBytes(text.AsSpan(start), to);
        to.Write("\""u8);
    }
}
