using System.Text;
using Timeline.Contracts;
using Timeline.Ingest.Feeds;
using static Timeline.Tests.Ingest.Feeds.GdeltRows;

namespace Timeline.Tests.Ingest.Feeds;

public sealed class CoverageTests : IDisposable
{
    private readonly ImportFixture import = new();

    public void Dispose() => import.Dispose();

    private static CoverageData DataOf(TimelineEvent e) => Assert.IsType<CoverageData>(EventCodec.DecodeData(e));

    private IEnumerable<TimelineEvent> Declared =>
        import.Log.All.Where(e => e.Type == EventTypes.CoverageDeclared).Select(e => EventCodec.Decode(e.Data.Span));

    [Fact]
    public async Task What_the_giver_says_a_file_covers_is_declared_once()
    {
        var file = File(Text(V1(1, added: "20130203"), V1(2, actor2: "USA", added: "20130408")));
        var options = new ImportOptions { Covers = CoverageClaim.Parse("GEO, RUS", "2012-04-01..2012-04-30"), By = GivenEvents.Somebody };

        var outcome = await import.Import(file, options);
        import.Clock.Set(import.Clock.GetUtcNow().AddDays(3));
        await import.Import(file, options);

        var declared = Assert.Single(Declared);
        Assert.StartsWith($"coverage-{outcome.Sha256}-", declared.Id, StringComparison.Ordinal);
        Assert.Equal(("GDELT", "2013-04-08"), (declared.Source!.Publisher, declared.Source.Published));
        var data = DataOf(declared);
        Assert.Equal(["GEO", "RUS"], data.Countries);
        Assert.Equal(("gdelt", "2012-04-01", "2012-05-01", $"gdelt-{outcome.Sha256}"), (data.Feed, data.From, data.To, data.File));
    }

    [Theory]
    [InlineData("20240131121500.export.CSV")]
    [InlineData("20240131121500.export.CSV.zip")]
    public async Task A_whole_file_of_version_2_covers_its_quarter_of_an_hour(string name)
    {
        var bytes = Text(V2(1, day: "20230131"), V2(2, actor1: "DEU"));

        await import.Import(File(name.EndsWith("zip", StringComparison.Ordinal) ? Zip(bytes) : bytes, name));

        var declared = Assert.Single(Declared);
        Assert.Equal("2024-01-31", declared.Source!.Published);
        var data = DataOf(declared);
        Assert.Equal(["world"], data.Countries);
        Assert.Equal(("2024-01-31T12:15:00Z", "2024-01-31T12:30:00Z"), (data.From, data.To));
    }

    [Theory]
    [InlineData("rows.tsv", "20240131121500")]
    [InlineData("20240131121500.excerpt.export.CSV", "20240131121500")]
    [InlineData("20240131121500.export.CSV", "20240131123000")]
    [InlineData("20240131121000.export.CSV", "20240131121000")]
    public async Task Excerpts_and_renamed_or_mixed_files_cover_nothing_by_themselves(string name, string added)
    {
        await import.Import(File(Text(V2(1, added: added)), name));
        await import.Import(File(Text(V2(2), V2(3, added: "20240131123000")), "20240131121500.export.CSV"));

        Assert.Empty(Declared);
    }

    [Theory]
    [InlineData("GEO,Mars", "2012-04-01..2012-04-30", "Mars")]
    [InlineData("world,GEO", "2012-04-01..2012-04-30", "world stands alone")]
    [InlineData("world", "2024-12-01..2024-12-31", "in the future")]
    public async Task A_coverage_that_can_not_be_is_refused_before_anything_is_imported(string subjects, string days, string words)
    {
        var options = new ImportOptions { Covers = CoverageClaim.Parse(subjects, days) };

        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => import.Import(File(Text(V1(1))), options));

        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Empty(import.Log.All);
    }

    [Theory]
    [InlineData("", "2012-04-01..2012-04-30", "nobody")]
    [InlineData("GEO", "2012-04-01", "no range of days")]
    [InlineData("GEO", "2012-04-31..2012-05-01", "no range of days")]
    [InlineData("GEO", "2012-05-01..2012-04-01", "before it begins")]
    public void Words_that_are_no_coverage_say_why(string subjects, string days, string words) =>
        Assert.Contains(words, Assert.Throws<FormatException>(() => CoverageClaim.Parse(subjects, days)).Message, StringComparison.Ordinal);
}
