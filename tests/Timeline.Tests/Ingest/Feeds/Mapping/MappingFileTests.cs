using Timeline.Ingest.Feeds.Mapping;

namespace Timeline.Tests.Ingest.Feeds.Mapping;

public class MappingFileTests
{
    [Theory]
    [InlineData("gdelt")]
    [InlineData("icews")]
    [InlineData("ucdp")]
    public void The_mappings_that_come_along_are_valid_and_bear_their_names(string feed)
    {
        var summary = FeedMappings.Check(MappedRows.BuiltIn(feed), GivenEvents.Methodology);
        Assert.Equal(feed, summary.Feed);
        Assert.Equal(feed.ToUpperInvariant(), summary.Publisher);
        Assert.Equal(FeedMapping.HashOf(MappedRows.BuiltIn(feed)), summary.Hash);
    }

    public static TheoryData<string, string, int, string, string> Wrong => new()
    {
        { "\"feed\": \"desk\"", "\"feed\": \"ucdp\"", 2, "feed", "the name of a feed that Timeline brings along" },
        { "\"feed\": \"desk\"", "\"feed\": \"De sk\"", 2, "feed", "no name for a feed" },
        { "\"coded\": \"human\"", "\"coded\": \"nobody\"", 2, "coded", "must be one of machine, human" },
        { "\"coded\": \"human\", ", "", 1, "coded", "is missing" },
        { "\"semicolon\"", "\";\"", 3, "format.separator", "must be one of tab, comma, semicolon, pipe" },
        { "\"header\": false", "\"header\": \"no\"", 3, "format.header", "must be true or false, is text" },
        { "\"sure\"]", "\"id\"]", 3, "format", "the column 'id' stands there twice" },
        { "\"row\": \"id\"", "\"row\": \"nummer\"", 5, "row", "there is no column 'nummer'" },
        { "\"row\": \"id\"", "\"row\": []", 5, "row", "is an empty list" },
        { "\"repeats\": \"day", "\"repeats\": \"text", 6, "repeats", "must be one of none, day-parties-code" },
        { "[\"yyyy-MM-dd\"]", "[\"yyyy-dd\"]", 7, "occurred.format", "'yyyy-dd' is no form of a day" },
        { "{\"day\": \"published\", ", "{", 8, "published", "takes one of day" },
        { "\"code\": \"code\"", "\"code\": {\"column\": \"code\", \"table\": {\"1\": \"19999\"}}", 9, "code.table", "'19999' is no CAMEO code" },
        { "\"sure\": 1000", "\"sure\": 1001", 10, "weight.table", "'1001' is no weight" },
        { "\"weight\": {\"column\": \"sure\", \"table\": {\"sure\": 1000, \"likely\": 600, \"hardly\": 100}},", "", 1, "weight", "is missing" },
        { "\"low\": \"low\"", "\"lowest\": \"low\"", 11, "deaths.lowest", "there is nothing of this name here; there is low, best, high" },
        { "\"codes\": \"iso3\"}, \"name\": \"who\"", "\"codes\": \"isso\"}, \"name\": \"who\"", 12, "actors[0].id.codes", "there is no table 'isso'; there is iso3, iso2" },
        { "{\"column\": \"who\", \"codes\": \"iso3\"}", "\"who\"", 12, "actors[0].id", "ids come through tables" },
        { "\"role\": \"actor\"", "\"role\": \"acter\"", 12, "actors[0].role", "has no role 'acter'" },
        { "armed-group", "gang", 12, "actors[0].kind", "must be one of other, armed-group" },
        { "\"summary\": \"text\"", "\"drop\": [\"actors\"]", 14, "drop", "'actors' can't be dropped" },
        { "\"summary\": \"text\"", "\"tables\": {\"iso3\": {}}", 14, "tables.iso3", "there is a table of this name already" },
        { "\"summary\": \"text\"", "\"summary\": null", 14, "", "summary is null: leave it out" },
        { "\"summary\": \"text\"", "\"feed\": \"desk\"", 14, "", "'feed' stands there twice" },
        { "\"summary\": \"text\"", "\"summary\" \"text\"", 14, "", "no JSON" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_told_with_its_line_and_reason(string what, string instead, int line, string path, string reason)
    {
        Assert.Contains(what, MappedRows.Desk, StringComparison.Ordinal);
        var refused = Assert.Throws<MappingRefusedException>(() => FeedMappings.Check(MappedRows.Desk.Replace(what, instead, StringComparison.Ordinal), GivenEvents.Methodology));
        Assert.Contains(refused.Errors, e => e.Line == line && e.Path == path && e.Message.Contains(reason, StringComparison.Ordinal));
        Assert.Contains($"line {line}: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once_in_the_order_of_lines()
    {
        var text = MappedRows.Desk.Replace("\"human\"", "\"nobody\"", StringComparison.Ordinal).Replace("\"row\": \"id\"", "\"row\": \"nummer\"", StringComparison.Ordinal)
            .Replace("\"role\": \"actor\"", "\"role\": \"acter\"", StringComparison.Ordinal);
        var refused = Assert.Throws<MappingRefusedException>(() => FeedMappings.Check(text, GivenEvents.Methodology));
        Assert.Equal([2, 5, 12], refused.Errors.Select(e => e.Line));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("{\"feed\": {\"feed\": {}}}")]
    public void What_is_no_mapping_at_all_is_refused(string text) =>
        Assert.NotEmpty(Assert.Throws<MappingRefusedException>(() => FeedMappings.Check(text, GivenEvents.Methodology)).Errors);

    [Theory]
    [InlineData("yyyy-MM-dd", "2021-02-28", "2021-02-28")]
    [InlineData("yyyy-MM-dd", "2021-02-29", null)]
    [InlineData("yyyy-MM-dd", "2021-2-28", null)]
    [InlineData("d/M yyyy", "9/1 1992", "1992-01-09")]
    [InlineData("dd.MM.yyyy HH:mm", "09.01.1992 23:59", "1992-01-09")]
    [InlineData("dd.MM.yyyy HH:mm", "09.01.1992 24:00", null)]
    [InlineData("yyyyMMddHHmmss", "20240131121500", "2024-01-31")]
    [InlineData("yyyy-MM-ddTHH:mm:ss.fZ", "2024-01-31T12:15:00.12345Z", "2024-01-31")]
    [InlineData("yyyyMMdd", "00000101", null)]
    public void A_form_of_a_day_reads_exactly_that_form(string form, string text, string? day) =>
        Assert.Equal(day, DayFormat.Parse(form)!.TryExact(text, out var read) ? MappedDays.Text(read) : null);

    [Fact]
    public void Days_are_found_wherever_they_stand_in_a_text()
    {
        const string text = "Reuters 9/1 1992; 12021-05-04, A,2021-05-04,B 2021-05-041 (2021-06-31) 2021-07-01";
        Assert.Equal(["2021-05-04", "2021-07-01"], DayFormat.Parse("yyyy-MM-dd")!.FindAll(text).Select(MappedDays.Text));
        Assert.Equal(["1992-01-09"], DayFormat.Parse("d/M yyyy")!.FindAll(text).Select(MappedDays.Text));
    }
}
