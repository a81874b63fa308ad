using System.Text;
using Timeline.Contracts;
using Timeline.Domain.Ports;
using Timeline.Ingest.Feeds;
using Timeline.Ingest.Feeds.Mapping;
using Timeline.Ingest.Recording;
using static Timeline.Tests.Ingest.Feeds.Mapping.MappedRows;

namespace Timeline.Tests.Ingest.Feeds.Mapping;

/// <summary>A later release of a feed beside an earlier one, and the mapping beside its rows.</summary>
public sealed class ReleaseTests : IDisposable
{
    private readonly ImportFixture import = new();

    public void Dispose() => import.Dispose();

    [Fact]
    public async Task In_a_later_release_unchanged_rows_are_known_changed_ones_correct_and_lacking_ones_are_missing()
    {
        var first = await import.ImportOf("ucdp", Lines(UcdpHeader, Ucdp("1"), Ucdp("2"), Ucdp("3"), Ucdp("4")));
        var apart = await import.ImportOf("ucdp", Lines(UcdpHeader, Ucdp("90")));
        var second = await import.ImportOf("ucdp", Lines(UcdpHeader, Ucdp("5"), Ucdp("2", ("best", "5")), Ucdp("1")));

        Assert.Equal((3L, 2L, 0L, 1L, 0L), ImportFixture.Counts(second));
        Assert.Equal([EventTypes.CodedEventObserved, EventTypes.RowCorrected, EventTypes.RowAlreadyKnown], import.Rows.TakeLast(3).Select(e => e.Type));
        Assert.Equal((0L, 0L, 2L), (first.Missing, apart.Missing, second.Missing));
        Assert.Equal([$"ucdp-{first.Sha256}/2", $"ucdp-{first.Sha256}/3"], second.FirstMissing);
    }

    [Fact]
    public async Task What_is_missing_is_answered_again_until_it_is_taken_back_whether_the_index_is_old_or_new()
    {
        var release = Lines(UcdpHeader, Ucdp("1"), Ucdp("2"));
        var first = await import.ImportOf("ucdp", Lines(UcdpHeader, Ucdp("1"), Ucdp("2"), Ucdp("3"), Ucdp("4")));
        Assert.Equal(2, (await import.ImportOf("ucdp", release)).Missing);
        Assert.Equal(2, (await import.ImportOf("ucdp", release)).Missing);
        Assert.Equal(0, (await import.ImportOf("ucdp", Lines(UcdpHeader, Ucdp("1"), Ucdp("2"), Ucdp("3"), Ucdp("4")))).Missing);

        var retraction = $$"""{"id":"back-1","type":"EventRetracted","source":{"publisher":"UCDP","published":"2024-11-01"},"data":{"retracts":"ucdp-{{first.Sha256}}/2"} }""";
        var outcome = await new Recorder(import.Log, GivenEvents.Methodology, import.Clock).RecordAsync(Encoding.UTF8.GetBytes(retraction), null, default);
        Assert.Equal("recorded", outcome.Status);

        using var anew = new ImportFixture(import.Log);
        foreach (var fixture in (ImportFixture[])[import, anew])
        {
            var again = await fixture.ImportOf("ucdp", release);
            Assert.Equal((1L, $"ucdp-{first.Sha256}/3"), (again.Missing, again.FirstMissing.Single()));
        }
    }

    [Fact]
    public async Task The_mapping_stands_in_the_log_once_and_before_the_first_row_that_it_made_and_rows_name_it()
    {
        var outcome = await import.ImportOf("ucdp", Lines(UcdpHeader, Ucdp("1")));
        await import.ImportOf("ucdp", Lines(UcdpHeader, Ucdp("2")));

        Assert.Equal([EventTypes.FeedMappingAdded, EventTypes.CodedEventObserved, EventTypes.CodedEventObserved], import.Log.All.Select(e => e.Type));
        var data = (FeedMappingData)EventCodec.DecodeData(EventCodec.Decode(import.Log.All[0].Data.Span));
        Assert.Equal((new StreamName("mapping-" + outcome.Mapping), BuiltIn("ucdp"), "ucdp", outcome.Mapping), (import.Log.All[0].Stream, data.Text, data.Feed, data.Hash));
        Assert.All(import.Rows, e => Assert.Contains($"\"mapping\":\"{outcome.Mapping}\"", Encoding.UTF8.GetString(e.Metadata.Span), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_another_mapping_has_read_is_refused_and_not_answered_with_the_old_counts()
    {
        var bytes = Lines(DeskRow("1"), DeskRow("2", whom: "ITA"));
        await import.ImportBy(Desk, bytes);
        var before = import.Rows.Count();
        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => import.ImportBy(Desk + "// later\n", bytes));

        Assert.Contains($"was imported under another mapping of desk, {FeedMapping.HashOf(Desk)}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, import.Rows.Count());
        Assert.Equal((2L, 2L), ((await import.ImportBy(Desk, bytes)).Rows, (await import.ImportBy(Desk, bytes)).Resumed));
    }

    [Fact]
    public async Task Rows_that_a_changed_mapping_reads_otherwise_are_corrections_of_a_later_file()
    {
        await import.ImportBy(Desk, Lines(DeskRow("1"), DeskRow("2", whom: "ITA")));
        var later = await import.ImportBy(Desk.Replace("\"likely\": 600", "\"likely\": 700", StringComparison.Ordinal), Lines(DeskRow("1"), DeskRow("2", whom: "ITA", sure: "sure"), DeskRow("3", whom: "ESP")));

        Assert.Equal((3L, 3L, 0L, 0L, 0L), ImportFixture.Counts(later));
    }

    [Fact]
    public async Task A_row_id_with_two_contents_in_one_file_is_set_aside_every_time_and_what_an_earlier_file_said_stays()
    {
        await import.ImportOf("ucdp", Lines(UcdpHeader, Ucdp("1")));
        var outcome = await import.ImportOf("ucdp", Lines(UcdpHeader, Ucdp("1"), Ucdp("2"), Ucdp("3"), Ucdp("1", ("best", "5")), Ucdp("3")));

        Assert.Equal((5L, 2L, 0L, 1L, 2L), ImportFixture.Counts(outcome));
        Assert.DoesNotContain(import.Rows, e => e.Type == EventTypes.RowCorrected);
    }

    [Fact]
    public async Task Coverage_is_declared_only_where_the_mapping_allows_it()
    {
        var covers = new ImportOptions { Covers = CoverageClaim.Parse("MMR", "2021-05-01..2021-05-31") };
        await import.ImportOf("ucdp", Lines(UcdpHeader, Ucdp("1")), covers);
        Assert.Equal(EventTypes.CoverageDeclared, import.Log.All[^1].Type);

        var none = Desk.Replace("\"row\": \"id\"", "\"coverage\": \"none\", \"row\": \"id\"", StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => import.ImportBy(none, Lines(DeskRow("1")), covers));
        Assert.Contains("complete for nobody", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_interrupted_at_any_append_goes_on_to_the_same_log()
    {
        var bytes = Lines(Enumerable.Range(0, 1_600).Select(i => Ucdp($"{i % 1_500}", ("date_end", "2021-05-04"), ("source_headline", new string('x', 1_800)))).Prepend(UcdpHeader));
        using var whole = new ImportFixture();
        var uninterrupted = await whole.ImportOf("ucdp", bytes);
        Assert.True(whole.Log.Appends >= 4);
        for (var at = 0; at < whole.Log.Appends; at++)
        {
            using var broken = new ImportFixture();
            broken.Log.BeforeAppend = n => _ = n == at ? throw new IOException("the disk is gone") : 0;
            await Assert.ThrowsAsync<IOException>(() => broken.ImportOf("ucdp", bytes));
            broken.Log.BeforeAppend = null;

            Assert.Equal(ImportFixture.Counts(uninterrupted), ImportFixture.Counts(await broken.ImportOf("ucdp", bytes)));
            Assert.Equal(whole.Contents, broken.Contents);
        }
    }
}
