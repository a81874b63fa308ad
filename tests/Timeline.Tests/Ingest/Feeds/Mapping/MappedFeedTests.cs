using System.Text;
using Timeline.Contracts;
using Timeline.Ingest.Feeds;
using static Timeline.Tests.Ingest.Feeds.Mapping.MappedRows;

namespace Timeline.Tests.Ingest.Feeds.Mapping;

public sealed class MappedFeedTests : IDisposable
{
    private readonly ImportFixture import = new();

    public void Dispose() => import.Dispose();

    [Fact]
    public async Task A_fight_between_a_government_and_a_group_has_both_as_combatants_and_is_coded_by_people()
    {
        await import.ImportOf("ucdp", Lines(UcdpHeader, Ucdp("48")));

        Assert.Equal(
            """{"actors":[{"code":"300","id":"MMR","name":"Government of Ruritania","role":"combatant"},{"code":"301","country":"MMR","kind":"armed-group","name":"Hentzau Front","role":"combatant"}],"coding":{"by":"human","cameo":"190"},"data":{"deaths":{"best":4,"high":7,"low":2},"feed":"ucdp","row":"48","weight":800},"modality":"reported","occurred":{"precision":"day","start":"2021-05-03"},"place":{"country":"MMR","latitude":19.25,"longitude":97.5,"name":"Zenda town"},"source":{"published":"2021-05-09","publisher":"UCDP","title":"A town is shelled"},"type":"CodedEventObserved","version":1}""",
            Encoding.UTF8.GetString(import.Rows.Single().Data.Span));
    }

    [Fact]
    public async Task What_a_side_does_to_civilians_is_against_the_country_where_it_happened_and_two_groups_fight_inside_it()
    {
        await import.ImportOf("ucdp", Lines(
            UcdpHeader,
            Ucdp("1", ("type_of_violence", "3"), ("side_b", "Civilians"), ("side_b_new_id", "1")),
            Ucdp("2", ("type_of_violence", "2"), ("gwnoa", ""), ("side_a", "Zenda Guard"), ("event_clarity", "2"))));

        var (oneSided, nonState) = (Event(0), Event(1));
        Assert.Equal(("180", "attacker", "MMR"), (oneSided.Coding!.Cameo, oneSided.Actors.Single().Role, oneSided.Actors[0].Id));
        Assert.Equal(("MMR", "Civilians", "target"), (oneSided.Targets.Single().Id, oneSided.Targets[0].Name, oneSided.Targets[0].Role));
        Assert.Equal("190", nonState.Coding!.Cameo);
        Assert.Empty(nonState.Targets);
        Assert.All(nonState.Actors, a => Assert.Equal((null, PartyKinds.ArmedGroup, "MMR", "combatant"), (a.Id, a.Kind, a.Country, a.Role)));
        Assert.Equal(600, Data<ObservedData>(1).Weight);
    }

    [Theory]
    [InlineData("1", "2021-05-03", "2021-05-03", "day", "2021-05-03", null)]
    [InlineData("2", "2021-05-03", "2021-05-07", "interval", "2021-05-03", "2021-05-07")]
    [InlineData("4", "2021-05-01", "2021-05-31", "month", "2021-05", null)]
    [InlineData("4", "2021-05-01", "2021-05-22", "interval", "2021-05-01", "2021-05-22")]
    [InlineData("5", "2021-01-01", "2021-05-31", "interval", "2021-01-01", "2021-05-31")]
    [InlineData("4", "0001-01-01", "0001-01-31", "month", "0001-01", null)]
    [InlineData("1", "2021-05-03 00:00:00.000", "2021-05-04 00:00:00.000", "interval", "2021-05-03", "2021-05-04")]
    public async Task A_date_is_as_exact_as_its_precision_says(string code, string from, string to, string precision, string start, string? end)
    {
        await import.ImportOf("ucdp", Lines(UcdpHeader, Ucdp("1", ("date_prec", code), ("date_start", from), ("date_end", to), ("source_date", "2021-06-30"))));

        var occurred = Event(0).Occurred!;
        Assert.Equal((precision, start, end), (occurred.Precision, occurred.Start, occurred.End));
    }

    [Fact]
    public async Task A_day_at_the_end_of_the_calendar_stops_no_file()
    {
        var outcome = await import.ImportOf("ucdp", Lines(
            UcdpHeader, Ucdp("1", ("date_prec", "4"), ("date_start", "9999-12-01"), ("date_end", "9999-12-31"), ("source_date", ""), ("source_article", "")), Ucdp("2")));

        Assert.Equal((2L, 2L), (outcome.Rows, outcome.Events));
    }

    [Fact]
    public async Task A_file_goes_on_by_the_mapping_that_it_began_with_where_the_programs_own_has_changed()
    {
        byte[] file = Lines(UcdpHeader, Ucdp("1"), Ucdp("2"));
        var earlier = await import.ImportByOwn(BuiltIn("ucdp") + "\n// as an earlier version had it", file);

        var again = await import.ImportOf("ucdp", file);

        Assert.Equal((earlier.Mapping, 2L), (again.Mapping, again.Resumed));
    }

    [Theory]
    [InlineData("", "Reuters 9/5 2021", "2021-05-09")]
    [InlineData("", "Bangkok Post 28/12", "2021-05-03")]
    [InlineData("1999-01-01;2021-05-04", "", "2021-05-04")]
    [InlineData("2061-01-01", "a book of 2020-01-01", "2021-05-03")]
    public async Task Published_is_the_latest_day_that_can_be_the_reports(string sourceDate, string article, string published)
    {
        await import.ImportOf("ucdp", Lines(UcdpHeader, Ucdp("1", ("source_date", sourceDate), ("source_article", article))));

        Assert.Equal(published, Event(0).Source!.Published);
    }

    [Fact]
    public async Task A_row_that_contradicts_itself_is_set_aside_with_its_first_line_and_cause_and_the_others_are_read()
    {
        var outcome = await import.ImportOf("ucdp", Lines(
            UcdpHeader,
            Ucdp("1", ("source_article", "two\nlines")),
            Ucdp("2", ("low", "5")),
            Ucdp("3", ("date_end", "2021-05-02")),
            Ucdp("4", ("type_of_violence", "9")),
            Ucdp("5", ("latitude", "91")),
            Ucdp("6", ("date_prec", "")),
            Ucdp("", ("source_article", "x\ny")),
            Ucdp("7") + ",more",
            Ucdp("8", ("source_headline", new string('x', 5_000)))));

        Assert.Equal((9L, 2L, 0L, 0L, 7L), ImportFixture.Counts(outcome));
        Assert.Equal(
            [
                (4, "deaths: low 5, best 4, high 7 are not in this order"),
                (5, "occurred: ends on 2021-05-02, before it begins on 2021-05-03"),
                (6, "code: '9' stands for none that the mapping knows"),
                (7, "place: '91', '97.5' are no coordinates"),
                (8, "occurred: the precision '' is none that the mapping knows"),
                (9, "row: the row's id is empty"),
                (11, "50 columns, where there are 49"),
            ],
            import.Rows.Select((e, i) => (e, i)).Where(r => r.e.Type == EventTypes.RowSetAside).Select(r => Data<SetAsideData>(r.i)).Select(d => ((int)d.Line, d.Cause)));
        Assert.Equal(["title"], Data<ObservedData>(8).Dropped!);
    }

    [Fact]
    public async Task The_id_of_an_ICEWS_row_is_its_number_and_its_day()
    {
        var outcome = await import.ImportOf("icews", Lines(IcewsHeader, Icews("7"), Icews("7", day: "2018-06-02"), Icews("7"), Icews("8", to: "NA", toName: "European Union", code: "112")));

        Assert.Equal((4L, 3L, 0L, 1L, 0L), ImportFixture.Counts(outcome));
        Assert.Equal(["7/2018-06-01", "7/2018-06-02"], [Data<ObservedData>(0).Row, Data<ObservedData>(1).Row]);
        var meeting = Event(0);
        Assert.Equal(("VNM", "TUR", "recipient", 100), (meeting.Actors.Single().Id, meeting.Targets.Single().Id, meeting.Targets[0].Role, Data<ObservedData>(0).Weight));
        Assert.Equal((null, "2018-06-01", "A Gazette"), (meeting.Coding!.By, meeting.Source!.Published, meeting.Source.Via!.Single()));
        Assert.Equal(("EU", "target"), (Event(3).Targets.Single().Id, Event(3).Targets[0].Role));
    }

    [Theory]
    [InlineData("ucdp", "a,b,c\n1,2,3\n", "its header has no column id, type_of_violence")]
    [InlineData("icews", "not\tthe\theader\n", "which the mapping of icews reads. It has 3: not, the, header.")]
    [InlineData("ucdp", "\"id\n", "its first line is no header: a quotation mark in column 1 is not closed")]
    public async Task A_file_that_is_none_of_the_feed_is_refused_whole(string feed, string text, string reason)
    {
        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => import.ImportOf(feed, Encoding.UTF8.GetBytes(text)));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Empty(import.Log.All);
    }

    [Fact]
    public async Task A_file_in_which_nothing_can_be_read_is_refused_whole()
    {
        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => import.ImportBy(Desk, Lines("a;b", "c;d")));
        Assert.Contains("none of its 2 rows can be read by the mapping of desk; the first, line 1: 2 columns, where there are 11", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_set_their_row_aside()
    {
        byte[] bytes = [.. Lines(DeskRow("1")), .. Lines(DeskRow("2", text: "\0")), .. Encoding.Latin1.GetBytes(DeskRow("3", text: "é") + "\n"), .. Lines(DeskRow("4"))];
        var outcome = await import.ImportBy(Desk, bytes);

        Assert.Equal((4L, 1L, 1L, 0L, 2L), ImportFixture.Counts(outcome));
        Assert.Equal(["holds a NUL byte", "not UTF-8"], [Data<SetAsideData>(1).Cause, Data<SetAsideData>(2).Cause]);
    }

    [Fact]
    public async Task Repeats_share_parties_code_day_and_deaths_and_what_has_no_day_repeats_nothing()
    {
        var outcome = await import.ImportBy(Desk, Lines(
            DeskRow("1"), DeskRow("2", sure: "sure", text: "again"), DeskRow("3", whom: "ITA"), DeskRow("4", who: "Somebody"), DeskRow("5", deaths: "1;2;3"), DeskRow("6", day: "2024-03-02"),
            DeskRow("7", day: "", published: "2024-03-05"), DeskRow("8", day: "", published: "2024-03-05"), DeskRow("007"), DeskRow("7", day: "", published: "2024-03-05")));

        Assert.Equal((10L, 7L, 2L, 1L, 0L), ImportFixture.Counts(outcome));
        Assert.Equal([1, 8], import.Rows.Index().Where(r => r.Item.Type == EventTypes.RowRepeated).Select(r => r.Index));
    }

    private TimelineEvent Event(int row) => EventCodec.Decode(import.Rows.ElementAt(row).Data.Span);

    private T Data<T>(int row) where T : EventData => Assert.IsType<T>(EventCodec.DecodeData(Event(row)));
}
