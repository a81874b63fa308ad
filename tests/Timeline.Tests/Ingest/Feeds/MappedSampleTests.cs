using System.Text;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Ingest.Feeds;

namespace Timeline.Tests.Ingest.Feeds;

/// <summary>Over the real files in the folder that TIMELINE_SAMPLES names.</summary>
[Trait("Category", "Samples")]
public class MappedSampleTests
{
    [Fact]
    public async Task UCDP_rows_are_read_whole_but_for_those_that_contradict_themselves()
    {
        foreach (var file in Named("ucdp_ged"))
        {
            using var import = new ImportFixture();
            var outcome = await import.ImportOf("ucdp", await File.ReadAllBytesAsync(file));

            Assert.Equal((7_374L, 7_364L, 0L, 0L, 10L), ImportFixture.Counts(outcome));
            var causes = import.Rows.Where(e => e.Type == EventTypes.RowSetAside).Select(e => ((SetAsideData)EventCodec.DecodeData(EventCodec.Decode(e.Data.Span))).Cause);
            Assert.All(causes, c => Assert.Contains("not in this order", c, StringComparison.Ordinal));
            AssertCanonical(import);
            var rows = Observed(import).ToList();
            Assert.All(rows, r => Assert.Equal("MMR", r.Event.Place!.Country));
            Assert.InRange(rows.Count(r => r.Event.Actors.Count == 2), 5_000, 5_100);
            Assert.All(rows, r => Assert.True(r.Data.Deaths!.Best >= 0 && r.Data.Weight is 600 or 800));
            Assert.True(rows.Count(r => r.Data.Dropped is not null) < 50);
        }
    }

    [Fact]
    public async Task ICEWS_rows_are_read_whole()
    {
        foreach (var file in Named("icews."))
        {
            using var import = new ImportFixture();
            var outcome = await import.ImportOf("icews", await File.ReadAllBytesAsync(file));

            Assert.Equal((3_705L, 3_705L, 0L, 0L, 0L), ImportFixture.Counts(outcome));
            AssertCanonical(import);
            Assert.InRange(Observed(import).Count(r => r.Event.Actors.Concat(r.Event.Targets).Any(p => p.Id is not null)), 3_600, 3_705);
        }
    }

    private static IReadOnlyList<string> Named(string start) => SampleFiles.Where(f => f.StartsWith(start, StringComparison.Ordinal));

    private static void AssertCanonical(ImportFixture import) =>
        Assert.All(import.Rows, e => Assert.Equal(Encoding.UTF8.GetString(CanonicalJson.Canonicalize(e.Data)), Encoding.UTF8.GetString(e.Data.Span)));

    private static IEnumerable<(TimelineEvent Event, ObservedData Data)> Observed(ImportFixture import) =>
        from e in import.Rows
        where e.Type == EventTypes.CodedEventObserved
        let decoded = EventCodec.Decode(e.Data.Span)
        select (decoded, (ObservedData)EventCodec.DecodeData(decoded));
}
