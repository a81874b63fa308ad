using System.Text;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Domain.Ports;
using Timeline.Ingest.Feeds;
using static Timeline.Tests.Ingest.Feeds.GdeltRows;

namespace Timeline.Tests.Ingest.Feeds;

public class GdeltMappingTests
{
    [Fact]
    public void A_row_of_version_1_becomes_these_bytes() => Assert.Equal(
        Flat("""
        {"actors":[{"code":"GEO","id":"GEO","name":"NAME OF GEO","role":"actor"}],"coding":{"cameo":"040"},
        "data":{"articles":3,"feed":"gdelt","mentions":4,"row":"1001","sources":2},"modality":"reported",
        "occurred":{"precision":"day","start":"2012-04-01"},
        "place":{"country":"GEO","latitude":41.725,"longitude":44.7908,"name":"Tbilisi, T'bilisi, Georgia"},
        "source":{"published":"2013-02-03","publisher":"GDELT","url":"https://example.org/news/1001"},
        "targets":[{"code":"RUS","id":"RUS","name":"NAME OF RUS","role":"recipient"}],"type":"CodedEventObserved","version":1}
        """),
        Map(V1()));

    [Fact]
    public void A_row_of_version_2_becomes_these_bytes() => Assert.Equal(
        Flat("""
        {"actors":[{"code":"FRA","id":"FRA","name":"NAME OF FRA","role":"actor"}],"coding":{"cameo":"138"},
        "data":{"articles":3,"feed":"gdelt","mentions":4,"row":"9001","sources":2},"modality":"reported",
        "occurred":{"precision":"day","start":"2024-01-31"},
        "place":{"country":"FRA","latitude":46,"longitude":2,"name":"France"},
        "source":{"published":"2024-01-31","publisher":"GDELT","url":"https://example.org/news/9001"},
        "targets":[{"code":"NAT","id":"NATO","name":"NAME OF NAT","role":"target"}],"type":"CodedEventObserved","version":1}
        """),
        Map(V2(), version2: true));

    [Fact]
    public void Without_url_actors_and_place_the_rest_is_there()
    {
        var row = V1(actor1: "", actor2: "").Set(50, "").Set(51, "OS").Set(53, "")[..57];

        Assert.Equal(
        Flat("""
        {"coding":{"cameo":"040"},"data":{"articles":3,"feed":"gdelt","mentions":4,"row":"1001","sources":2},"modality":"reported",
        "occurred":{"precision":"day","start":"2012-04-01"},"source":{"published":"2013-02-03","publisher":"GDELT"},"type":"CodedEventObserved","version":1}
        """),
            Map(row));
    }

    [Theory]
    [InlineData("EUR", "", """{"code":"EUR","kind":"other","name":"SOMEBODY","role":"actor"}""")]
    [InlineData("ROM", "", """{"code":"ROM","id":"ROU","name":"SOMEBODY","role":"actor"}""")]
    [InlineData("GEO", "NAT", """{"code":"GEO","id":"NATO","name":"SOMEBODY","role":"actor"}""")]
    [InlineData("GEO", "SCE", """{"code":"GEO","id":"OSCE","name":"SOMEBODY","role":"actor"}""")]
    [InlineData("GEO", "TAL", """{"code":"GEO","id":"GEO","name":"SOMEBODY","role":"actor"}""")]
    [InlineData("", "TAL", """{"code":"COPOPP","kind":"other","name":"SOMEBODY","role":"actor"}""")]
    public void An_actor_is_an_organisation_a_country_or_a_name(string country, string group, string party)
    {
        var row = V1().Set(5, country.Length > 0 ? country : "COPOPP").Set(6, "SOMEBODY").Set(7, country).Set(8, group);

        Assert.StartsWith($$"""{"actors":[{{party}}],""", Map(row), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("010", "target")]
    [InlineData("040", "recipient")]
    [InlineData("190", "target")]
    [InlineData("0331", "recipient")]
    public void The_code_says_how_the_other_party_stands_to_the_act(string code, string role) =>
        Assert.Contains($"\"role\":\"{role}\"}}],\"type\"", Map(V1(code: code)), StringComparison.Ordinal);

    [Theory]
    [InlineData("20240124", "a week")]
    [InlineData("20240101", "thirty days")]
    [InlineData("20231231", "a month")]
    [InlineData("20230131", "a year")]
    public void A_relative_date_of_version_2_is_unknown(string day, string _) =>
        Assert.Contains($$"""{"precision":"unknown","stated":"{{day}}"}""", Map(V2(day: day), version2: true), StringComparison.Ordinal);

    [Theory]
    [InlineData("20240130")]
    [InlineData("20240125")]
    [InlineData("20240201")]
    public void Other_days_of_version_2_stand(string day) =>
        Assert.Contains("\"precision\":\"day\"", Map(V2(day: day), version2: true), StringComparison.Ordinal);

    [Fact]
    public void A_day_well_after_its_row_was_added_is_unknown() =>
        Assert.Contains("""{"precision":"unknown","stated":"20140401"}""", Map(V1(day: "20140401")), StringComparison.Ordinal);

    [Theory]
    [InlineData("-0", "0")]
    [InlineData("41.7250000", "41.725")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("12.3456789012345678", "12.345678901234567")]
    [InlineData("5.", "5")]
    [InlineData("007.5", "7.5")]
    public void Coordinates_are_canonical_numbers(string given, string canonical) =>
        Assert.Contains($"\"latitude\":{canonical},", Map(V1().Set(53, given)), StringComparison.Ordinal);

    [Fact]
    public void Texts_are_escaped_as_canonical_JSON_does()
    {
        var bytes = Map(V1().Set(6, "a\"b\\c\u0001\u001f\b\f\u007fü€😀"));

        Assert.Contains("\"name\":\"a\\\"b\\\\c\\u0001\\u001f\\b\\f\u007fü€😀\"", bytes, StringComparison.Ordinal);
        Assert.Equal(bytes, Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(bytes))));
    }

    [Theory]
    [InlineData(0, "x12", "is no row id")]
    [InlineData(0, "7.19E+08", "scientific notation")]
    [InlineData(0, "99999999999999999999", "is no row id")]
    [InlineData(1, "20120231", "is no day")]
    [InlineData(1, "2012-04-01", "is no day")]
    [InlineData(2, "201205", "shifted columns")]
    [InlineData(25, "GEO", "shifted columns")]
    [InlineData(29, "5", "shifted columns")]
    [InlineData(26, "40", "leading zeros are lost")]
    [InlineData(28, "4", "leading zeros are lost")]
    [InlineData(26, "049", "is no CAMEO code")]
    [InlineData(32, "1E+05", "is no count")]
    [InlineData(53, "91", "no coordinates")]
    [InlineData(54, "4,5", "no coordinates")]
    [InlineData(56, "20130203121500", "DATEADDED")]
    [InlineData(56, "", "DATEADDED")]
    public void A_row_that_can_not_be_read_has_a_cause(int column, string value, string cause)
    {
        var mapper = new GdeltMapper(new GdeltLayout(false), new GdeltCodes(GivenEvents.Methodology));

        Assert.Contains(cause, mapper.Map(Encoding.UTF8.GetBytes(V1().Set(column, value).Line())), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_event_is_canonical_decodes_and_has_the_same_key_whatever_its_fate()
    {
        var mapper = new GdeltMapper(new GdeltLayout(false), new GdeltCodes(GivenEvents.Methodology));
        var row = new StoredRow();
        foreach (var line in Mixed(500, seed: 7))
        {
            Assert.Null(mapper.Map(Encoding.UTF8.GetBytes(line.Line())));
            var observed = mapper.Event.ToArray();
            row.Read(observed);
            var (key, parts) = (row.Parts.Key, row.Parts);
            Assert.Equal(Gdelt.Feed, row.Feed);
            Assert.Equal(long.Parse(line[0]), key.Row);
            Assert.Equal(int.Parse(line[1]), key.Day);
            foreach (var fate in (RowFate[])[RowFate.Observed, RowFate.Repeated, RowFate.Corrected])
            {
                var (type, data) = RowBytes.Of(new FeedRecord(observed, parts, default), fate, Gdelt.Feed, "gdelt-00ff/12");
                Assert.Equal(CanonicalJson.Canonicalize(data), data.ToArray());
                var e = EventCodec.Decode(data.Span);
                Assert.Equal(type, e.Type);
                Assert.Equal(line[0], Assert.IsType<RowData>(EventCodec.DecodeData(e), exactMatch: false).Row);
                Assert.Equal(data.ToArray(), EventCodec.Encode(e));
                row.Read(data.Span);
                Assert.Equal(key, row.Parts.Key);
            }
        }
    }

    private static string Flat(string lines) => lines.Replace("\n", "", StringComparison.Ordinal);

    private static string Map(string[] row, bool version2 = false)
    {
        var mapper = new GdeltMapper(new GdeltLayout(version2), new GdeltCodes(GivenEvents.Methodology));
        Assert.Null(mapper.Map(Encoding.UTF8.GetBytes(row.Line())));
        var bytes = mapper.Event.ToArray();
        Assert.Equal(CanonicalJson.Canonicalize(bytes), bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
