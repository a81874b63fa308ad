using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Timeline.Contracts.Json;

namespace Timeline.Tests.Contracts;

/// <summary>RFC 8785 by its own examples, and what is refused because it has no canonical form.</summary>
public sealed class CanonicalJsonTests
{
    /// <summary>RFC 8785, appendix B: IEEE 754 bits and their one text.</summary>
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Numbers_are_written_as_in_appendix_B(string bits, string text)
    {
        Span<byte> to = stackalloc byte[EcmaScriptNumber.MaxLength];
        var number = BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal(text, Encoding.ASCII.GetString(to[..EcmaScriptNumber.Write(number, to)]));
    }

    [Theory]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("1.0", "1")]
    [InlineData("1e2", "100")]
    [InlineData("4.50", "4.5")]
    [InlineData("2e-3", "0.002")]
    [InlineData("333333333.33333329", "333333333.3333333")]
    [InlineData("0.000000000000000000000000001", "1e-27")]
    [InlineData("123456789012345e-20", "0.00000123456789012345")]
    [InlineData("-123.456E-9", "-1.23456e-7")]
    [InlineData("1e-400", "0")]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("-9007199254740991", "-9007199254740991")]
    [InlineData("9007199254740991.0", "9007199254740991")]
    public void A_number_has_one_spelling(string given, string canonical) => Assert.Equal(canonical, Canonical(given));

    [Theory]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("9007199254740993.0")]
    [InlineData("100000000000000000000000000000000000000000000000000")]
    [InlineData("1E30")]
    public void An_integer_beyond_2_to_the_53_is_refused_and_told_to_be_a_string(string given) =>
        Assert.Contains("give it as a string", Refused(given).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    public void A_number_that_no_double_holds_is_refused(string given) => Assert.Contains("out of range", Refused(given).Message, StringComparison.Ordinal);

    /// <summary>RFC 8785, section 3.2.2, without its number beyond 2^53.</summary>
    [Fact]
    public void Strings_numbers_and_literals_are_written_as_in_the_example()
    {
        const string given = """
            {
              "numbers": [333333333.33333329, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;
        Assert.Equal(
            """{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""", Canonical(given));
    }

    /// <summary>RFC 8785, section 3.2.3: by UTF-16 code units, so the emoji (D83D DE00) stands before the Hebrew letter (FB33).</summary>
    [Fact]
    public void Members_are_sorted_as_in_the_example()
    {
        const string given = """
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """;
        Assert.Equal(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\"," +
            "\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
            Canonical(given));
    }

    [Fact]
    public void Escaped_and_plain_names_sort_together_by_what_they_say() =>
        Assert.Equal("""{"\"":1,"#":2,"A":3,"\\":4,"a":5,"ab":6,"é":7}""", Canonical("""{"\u00e9":7,"ab":6,"a":5,"\\":4,"\u0041":3,"#":2,"\"":1}"""));

    [Fact]
    public void Every_control_character_has_its_shortest_escape()
    {
        var all = string.Concat(Enumerable.Range(0, 0x21).Select(i => "\\u" + i.ToString("X4", CultureInfo.InvariantCulture)));
        Assert.Equal(
            "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f\\u0010\\u0011\\u0012\\u0013\\u0014" +
            "\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f \"",
            Canonical($"\"{all}\""));
        Assert.Equal("\"\u007f/\u2028\"", Canonical("\"\\u007f\\/\\u2028\""));
    }

    [Theory]
    [InlineData("""{"a":1,"a":1}""", "'a' is given twice")]
    [InlineData("""{"a":1,"b":2,"a":1}""", "'a' is given twice")]
    [InlineData("""{"a":1,"\u0061":2}""", "'a' is given twice")]
    [InlineData("""{"é":1,"z":2,"\u00e9":2}""", "'é' is given twice")]
    [InlineData("""[{"b":{"c":[{"d":1,"d":2}]}}]""", "'d' is given twice")]
    public void A_member_given_twice_is_refused(string given, string reason) => Assert.Contains(reason, Refused(given).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("\"a\\ud83dz\"")]
    [InlineData("{\"\\ud800\":1}")]
    public void Half_a_surrogate_pair_is_refused(string given) => Assert.Contains("half a surrogate pair", Refused(given).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused()
    {
        foreach (var bytes in new byte[][] { [0x22, 0xff, 0x22], [0x22, 0xc3, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xc0, 0xaf, 0x22] })
        {
            Assert.Contains("not UTF-8", Assert.ThrowsAny<JsonException>(() => CanonicalJson.Canonicalize(bytes)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1,]")]
    [InlineData("{} {}")]
    [InlineData("1 2")]
    [InlineData("// no\n1")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("NaN")]
    [InlineData("'a'")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"\\x41\"")]
    [InlineData("\uFEFF1")]
    public void What_is_not_strict_JSON_is_refused(string given) => Refused(given);

    [Fact]
    public void Sixty_four_levels_are_read_and_a_sixty_fifth_is_refused()
    {
        static string Nested(int levels) => new string('[', levels) + new string(']', levels);
        Assert.Equal(Nested(CanonicalJson.MaxDepth), Canonical(Nested(CanonicalJson.MaxDepth)));
        Refused(Nested(CanonicalJson.MaxDepth + 1));
    }

    [Fact]
    public void One_value_of_a_document_is_appended_in_canonical_form()
    {
        using var document = JsonDocument.Parse("""{"x": [ {"b": 1.0, "a": "\u0041"} ]}""");
        var to = new ArrayBufferWriter<byte>();
        CanonicalJson.Write(to, document.RootElement.GetProperty("x"));
        Assert.Equal("""[{"a":"A","b":1}]""", Encoding.UTF8.GetString(to.WrittenSpan));
    }

    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json)));

    private static JsonException Refused(string json) => Assert.ThrowsAny<JsonException>(() => Canonical(json));
}
