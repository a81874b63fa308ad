using Timeline.Adapters.EventStoreDb;
using Timeline.Adapters.Sqlite;
using Timeline.Benchmarks;
using Timeline.Host.Embedding;
using Timeline.Ingest;
using Timeline.Tests.Integration.Embedded;

namespace Timeline.Tests.Integration.EventStoreDb;

/// <summary>The same events give the same read models, whichever store holds the log; and a copy of a log is the log.</summary>
public sealed class SameDigestsTests(GivenServer server) : IClassFixture<GivenServer>, IDisposable
{
    private readonly DataFolderFixture embedded = new();
    private readonly DataFolderFixture stored = new();
    private readonly DataFolderFixture copied = new();

    public void Dispose()
    {
        embedded.Dispose();
        stored.Dispose();
        copied.Dispose();
    }

    [Fact]
    public async Task The_scenario_and_generated_rows_give_the_digests_of_the_embedded_log()
    {
        var rows = Path.Combine(embedded.Path, "rows.tsv");
        GdeltRows.Write(rows, 4_000, seed: 21);

        Assert.Equal(await LoadAsync(embedded, null, rows), await LoadAsync(stored, server.Address(OwnStore.NewPrefix()), rows));
    }

    [Fact]
    [Trait("Category", "Samples")]
    public async Task The_Georgia_file_gives_the_digests_of_the_embedded_log()
    {
        var samples = Environment.GetEnvironmentVariable("TIMELINE_SAMPLES");
        Assert.False(string.IsNullOrEmpty(samples), "This test reads a real file: TIMELINE_SAMPLES must name its folder (make test-samples), or leave it out with Category!=Samples.");
        var file = Path.Combine(samples, "gdelt1-georgia-2011-2013.tsv.gz");

        Assert.Equal(await LoadAsync(embedded, null, file), await LoadAsync(stored, server.Address(OwnStore.NewPrefix()), file));
    }

    [Fact]
    public async Task A_log_copied_to_a_store_and_back_is_equal_in_ordinals_bytes_and_digests()
    {
        var rows = Path.Combine(embedded.Path, "rows.tsv");
        GdeltRows.Write(rows, 3_000, seed: 22);
        var digests = await LoadAsync(embedded, null, rows);
        var address = server.Address(OwnStore.NewPrefix());
        await using (var first = SqliteEventLog.Open(Path.Combine(embedded.Path, "log.db"), TimeProvider.System))
        await using (var store = await EventStoreDbEventLog.OpenAsync(address, Path.Combine(stored.Path, "copy.db"), TimeProvider.System, default))
        await using (var back = SqliteEventLog.Open(Path.Combine(copied.Path, "log.db"), TimeProvider.System))
        {
            var there = await new LogCopy(first, store).RunAsync(static _ => { }, default);
            var again = await new LogCopy(store, back).RunAsync(static _ => { }, default);

            Assert.Equal(there.Events, there.Copied);
            Assert.Equal((there.Events, there.Bytes, there.Sha256), (again.Events, again.Bytes, again.Sha256));
            Assert.Equal(3, new[] { first.LogId, store.LogId, back.LogId }.Distinct().Count());
        }

        Assert.Equal(digests, await DigestsAsync(stored, address));
        Assert.Equal(digests, await DigestsAsync(copied, null));
    }

    private static async Task<string> LoadAsync(DataFolderFixture folder, EventStoreDbAddress? store, string file)
    {
        await using var timeline = await folder.OpenAsync(store);

        // One body: its lines are under way together, and stand in the log in their order all the same.
        await DataFolderFixture.AppendAsync(timeline, File.ReadLines(Path.Combine(AppContext.BaseDirectory, "scenarios", "ukraine-2024.ndjson")));
        await DataFolderFixture.ImportAsync(timeline, file);
        return await DataFolderFixture.DigestsAsync(timeline);
    }

    private static async Task<string> DigestsAsync(DataFolderFixture folder, EventStoreDbAddress? store)
    {
        await using EmbeddedTimeline timeline = await folder.OpenAsync(store);
        return await DataFolderFixture.DigestsAsync(timeline);
    }
}
