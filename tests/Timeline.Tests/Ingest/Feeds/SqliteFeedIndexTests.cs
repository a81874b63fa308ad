using Microsoft.Data.Sqlite;
using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;
using Timeline.Ingest.Feeds;
using static Timeline.Tests.Ingest.Feeds.GdeltRows;

namespace Timeline.Tests.Ingest.Feeds;

public sealed class SqliteFeedIndexTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("feed-index-").FullName;
    private readonly MemoryEventLog log = new();
    private readonly SetClock clock = new(new DateTimeOffset(2024, 12, 1, 0, 0, 0, TimeSpan.Zero));

    private string At => Path.Combine(folder, "feeds.sqlite");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_deleted_index_is_rebuilt_equal_from_the_log()
    {
        await Import(log, Text(Mixed(3_000, seed: 20)));
        await Import(log, Text(Mixed(500, seed: 21)));
        var before = Dump();
        System.IO.File.Delete(At);

        await Import(log, Text(Mixed(500, seed: 21)));

        Assert.True(before.Count > 1_000);
        Assert.Equal(before, Dump());
    }

    [Fact]
    public async Task A_damaged_index_is_thrown_away_and_learnt_again()
    {
        await Import(log, Text(Mixed(300, seed: 20)));
        var before = Dump();
        System.IO.File.WriteAllText(At, "this was an index once, and is none any more");

        await Import(log, Text(Mixed(300, seed: 20)));

        Assert.Equal(before, Dump());
    }

    [Fact]
    public async Task An_index_of_another_log_is_forgotten()
    {
        await Import(log, Text(V1(1), V1(2)));
        var other = new MemoryEventLog { LogId = "another-log" };

        await Import(other, Text(V1(2), V1(1)));

        Assert.Equal(["CodedEventObserved", "RowRepeated"], other.All.Select(e => e.Type));
    }

    [Fact]
    public async Task An_index_that_contradicts_the_log_is_made_anew()
    {
        await Import(log, Text(V1(1), V1(2)));
        Execute("UPDATE file SET linked = linked + 1");

        var outcome = await Import(log, Text(V1(1), V1(2)));

        Assert.Equal((2L, 1L, 1L), (outcome.Rows, outcome.Events, outcome.Linked));
    }

    [Fact]
    public void What_is_not_committed_is_forgotten()
    {
        using var index = new SqliteFeedIndex(At);
        index.Open("log");
        var place = new LogPlace(new Ordinal(7), new Position(ulong.MaxValue, 9));
        index.Commit(place);

        var at = new RowPlace(index.FileOf(new StreamName("feed-x-1")), 0);
        Assert.Equal(RowFate.Observed, index.Decide("x", at, new RowKey(-5, long.MinValue, 20240101, long.MaxValue), linksRepeats: true).Fate);
        index.Rollback();

        Assert.Equal(place, index.Open("log"));
        Assert.Equal(0, index.FileOf(new StreamName("feed-x-2")));
        Assert.Equal(RowFate.Observed, index.Decide("x", at, new RowKey(-5, long.MinValue, 20240101, long.MaxValue), linksRepeats: true).Fate);
        Assert.Equal(
            new RowVerdict(RowFate.Repeated, at),
            index.Decide("x", at with { Revision = 1 }, new RowKey(6, 1, 20240101, long.MaxValue), linksRepeats: true));
        Assert.Equal(RowFate.Observed, index.Decide("x", at with { Revision = 2 }, new RowKey(7, 1, 20240101, long.MaxValue), linksRepeats: false).Fate);
        Assert.Equal(RowFate.Observed, index.Decide("y", at with { Revision = 3 }, new RowKey(7, 1, 20240101, long.MaxValue), linksRepeats: true).Fate);
    }

    [Fact]
    public void Rows_last_seen_in_a_file_of_which_a_later_one_repeats_some_are_missing_there_until_they_are_taken_back()
    {
        using var index = new SqliteFeedIndex(At);
        index.Open("log");
        var (first, apart, later) = (index.FileOf(new StreamName("feed-x-1")), index.FileOf(new StreamName("feed-x-2")), index.FileOf(new StreamName("feed-x-3")));
        foreach (var (file, row) in (IEnumerable<(int, long)>)[(first, 1), (first, 2), (first, 3), (apart, 9), (later, 2), (later, 4)])
        {
            index.Decide("x", new RowPlace(file, row), new RowKey(row, row, 0, 0), linksRepeats: false);
            index.See("x", row, file);
        }

        Assert.Equal((2L, "1 3"), Missing(later));
        Assert.Equal((0L, ""), Missing(first));
        Assert.Equal((0L, ""), Missing(apart));
        index.TakeBack(new RowPlace(first, 1));
        index.Commit(new LogPlace(new Ordinal(7), new Position(7, 7)));
        index.Open("log");
        Assert.Equal((1L, "3"), Missing(later));

        (long, string) Missing(int file)
        {
            var missing = index.Missing("x", file, most: 10);
            return (missing.Count, string.Join(' ', missing.First.Select(p => p.Revision)));
        }
    }

    private async Task<Timeline.Contracts.Answers.ImportOutcome> Import(MemoryEventLog to, byte[] bytes)
    {
        using var index = new SqliteFeedIndex(At);
        using var importer = new FeedImporter(to, index, GivenEvents.Methodology, clock);
        return await importer.ImportGdeltAsync(File(bytes), new ImportOptions(), null, default);
    }

    private List<string> Dump()
    {
        using var connection = Connect();
        var dump = new List<string>();
        foreach (var table in (string[])["known", "feed", "file", "in_force", "first", "seen", "overlap"])
        {
            using var select = connection.CreateCommand();
            select.CommandText = $"SELECT * FROM {table} ORDER BY 1, 2";
            using var reader = select.ExecuteReader();
            while (reader.Read())
            {
                var values = new object[reader.FieldCount];
                reader.GetValues(values);
                dump.Add($"{table}: {string.Join(' ', values)}");
            }
        }

        return dump;
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={At};Pooling=False");
        connection.Open();
        return connection;
    }
}
