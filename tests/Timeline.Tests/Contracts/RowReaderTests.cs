using System.Text;
using System.Text.Json;
using Timeline.Contracts;

namespace Timeline.Tests.Contracts;

/// <summary>The fast reader of rows gives what the generated one gives, or steps back.</summary>
public class RowReaderTests
{
    private const string Row =
        """{"actors":[{"code":"USA","id":"USA","name":"UNITED STATES","role":"actor"}],"coding":{"cameo":"190"},"data":{"articles":4,"feed":"gdelt","mentions":7,"row":"300000001","sources":3},"modality":"reported","occurred":{"precision":"day","start":"2024-11-19"},"place":{"country":"RUS","latitude":53.25,"longitude":34.37,"name":"Bryansk, Bryanskaya Oblast', Russia"},"source":{"published":"2024-11-20","publisher":"GDELT","url":"http://example.org/a?b=1"},"targets":[{"code":"RUS","id":"RUS","name":"MOSCOW","role":"target"}],"type":"CodedEventObserved","version":1}""";

    public static TheoryData<string> Rows =>
    [
        Row,
        Row.Replace("\"sources\":3", "\"of\":\"gdelt-00/4\",\"row\":\"1\"", StringComparison.Ordinal).Replace("\"row\":\"300000001\",\"of\"", "\"of\"", StringComparison.Ordinal)
            .Replace("\"CodedEventObserved\"", "\"RowRepeated\"", StringComparison.Ordinal),
        Row.Replace("MOSCOW", "MOSC\\nOW \\u00e9\\\"", StringComparison.Ordinal),
        """{"actors":[],"data":{"feed":"gdelt","row":"9"},"modality":"reported","occurred":{"precision":"unknown"},"source":{"published":"2024-11-20","publisher":"GDELT"},"targets":[],"type":"CodedEventObserved","version":1}""",
        """{"data":{"feed":"gdelt","replaces":"gdelt-00/3","row":"9"},"modality":"reported","source":{"published":"2024-11-20","publisher":"GDELT"},"type":"RowCorrected","version":1}""",
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void It_reads_rows_as_the_generated_reader_does(string row)
    {
        var utf8 = Encoding.UTF8.GetBytes(row);
        Assert.True(EventCodec.TryDecodeRow(utf8, out var envelope, out var data), "imports write rows like this one");
        AssertSame(utf8, envelope!, data!);
    }

    [Theory]
    [InlineData("\"coding\":", "\"colour\":1,\"coding\":")]
    [InlineData("\"version\":1", "\"version\":2")]
    [InlineData("\"modality\":\"reported\"", "\"modality\":\"reported\",\"modality\":\"denied\"")]
    [InlineData("\"articles\":4", "\"articles\":4.5")]
    [InlineData("\"feed\":\"gdelt\",", "")]
    [InlineData("\"role\":\"target\"", "\"place\":null")]
    [InlineData("\"version\":1}", "\"version\":1} ,")]
    [InlineData("\"version\":1}", "\"version\":1")]
    public void At_anything_that_imports_do_not_write_it_steps_back(string what, string instead) =>
        Assert.False(EventCodec.TryDecodeRow(Encoding.UTF8.GetBytes(Row.Replace(what, instead, StringComparison.Ordinal)), out _, out _));

    [Fact]
    public void Whatever_bytes_are_damaged_it_never_gives_anything_else_than_the_generated_reader()
    {
        var random = new Random(11);
        var read = 0;
        for (var i = 0; i < 4_000; i++)
        {
            var utf8 = Encoding.UTF8.GetBytes(Row);
            utf8[random.Next(utf8.Length)] = (byte)random.Next(32, 127);
            if (EventCodec.TryDecodeRow(utf8, out var envelope, out var data))
            {
                read++;
                AssertSame(utf8, envelope!, data!);
            }
        }

        Assert.True(read > 500, "much damage falls on values, and leaves a row");
    }

    private static void AssertSame(byte[] utf8, TimelineEvent envelope, EventData data)
    {
        var generated = EventCodec.Decode(utf8);
        Assert.Equal(EventCodec.DecodeData(generated), data);
        Assert.Equal(Text(generated), Text(envelope));
    }

    // All but the raw data, which the fast reader has read already, and the address, which it leaves out.
    private static string Text(TimelineEvent e) => JsonSerializer.Serialize(e with { Data = default, Source = e.Source is { } s ? s with { Url = null } : null }, Timeline.Contracts.Json.ContractsJson.Default.TimelineEvent);
}
