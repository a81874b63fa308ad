using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Adapters.Sqlite;

public sealed class SqliteReadModelsTests : IDisposable
{
    private const string Projection = "escalation";
    private const string Subject = "UKR";
    private const int Partitions = 4;
    private static readonly int FirstDay = new DateOnly(2024, 1, 10).DayNumber;
    private readonly string folder = Directory.CreateTempSubdirectory("timeline-models-").FullName;
    private SqliteReadModels models;

    public SqliteReadModelsTests() => models = Models(long.MaxValue);

    public void Dispose()
    {
        models.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Questions_during_commits_see_one_commit_each_and_never_an_earlier_one_than_before()
    {
        const int Commits = 150;
        using var store = models.OpenStore(Projection, PartitionOf(Subject));
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < Commits; i++)
            {
                // One entry to each of three months and one without a day; every third month's entry can't be packed.
                Commit(store, i, [.. Enumerable.Range(0, 3).Select(m => Entry(i, FirstDay + (31 * m), machine: m != 2)), Entry(i, null, machine: true)]);
            }
        });
        var asking = Enumerable.Range(0, 3).Select(n => Task.Run(() =>
        {
            for (var before = 0; before < Commits;)
            {
                var ledger = models.ReadPacked(Projection, Subject, FirstDay, FirstDay + 70, allUnpacked: n == 0);
                var counts = CountsOf(ledger);
                Assert.Single(counts.Values.Distinct());
                Assert.True(counts.Values.First() >= before, $"{counts.Values.First()} after {before}");
                before = counts.Values.First();
            }
        }));
        await Task.WhenAll(asking.Append(writing));
    }

    [Fact]
    public void What_is_kept_decoded_is_what_a_fresh_reader_finds_and_stays_within_its_bound()
    {
        const long Bound = 20_000;
        models.Dispose();
        models = Models(Bound);
        using var store = models.OpenStore(Projection, PartitionOf(Subject));
        for (var i = 0; i < 40; i++)
        {
            Commit(store, i, [.. Enumerable.Range(0, 30).Select(n => Entry(i, FirstDay + (n * 20 % 360), machine: n % 7 != 0))]);
            var known = models.ReadPacked(Projection, Subject, FirstDay, FirstDay + 400);
            using var fresh = Models(long.MaxValue);
            Assert.Equal(Lines(fresh.ReadPacked(Projection, Subject, FirstDay, FirstDay + 400)), Lines(known));
            Assert.InRange(models.DecodedBytes, 1, Bound);
        }
    }

    [Fact]
    public void Months_not_asked_for_stay_out_but_for_what_cannot_be_packed_where_that_is_asked_for()
    {
        using var store = models.OpenStore(Projection, PartitionOf(Subject));
        Commit(store, 3, [Entry(1, FirstDay, true), Entry(1, FirstDay, false), Entry(2, FirstDay + 90, true), Entry(3, FirstDay + 90, false), Entry(2, null, false)]);
        var late = models.ReadPacked(Projection, Subject, FirstDay + 90, FirstDay + 90);
        Assert.Equal((1, 2), (late.Months.Sum(m => m.Entries.Length), late.Unpacked.Count));
        var all = models.ReadPacked(Projection, Subject, FirstDay + 90, FirstDay + 90, allUnpacked: true);
        Assert.Equal((1, 3), (all.Months.Sum(m => m.Entries.Length), all.Unpacked.Count));
        Assert.Equal(5, models.ReadAll(Projection, Subject).Entries.Count);
        Assert.Equal(new Ordinal(1), models.FirstOf(Projection, Subject));
        Assert.Null(models.FirstOf(Projection, "nobody"));
    }

    [Fact]
    public void Reading_what_is_not_there_makes_no_folder()
    {
        Assert.Empty(models.ReadPacked(Projection, Subject, FirstDay, FirstDay).Months);
        Assert.Empty(models.ReadAll(Projection, Subject).Entries);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private SqliteReadModels Models(long mostDecodedBytes) =>
        new(folder, new GenerationInfo("log", "v1-00", 1, Partitions, "v1", "00"), (_, _) => null, mostDecodedBytes);

    private static int PartitionOf(string subject) => Routing.PartitionOf(subject, Partitions);

    private static Dictionary<int, int> CountsOf(PackedLedger ledger)
    {
        var counts = new[] { 0 }.Concat(Enumerable.Range(0, 3).Select(m => SegmentCodec.MonthOf(FirstDay + (31 * m)))).ToDictionary(m => m, _ => 0);
        foreach (var month in ledger.Months)
        {
            counts[month.Month] += month.Entries.Length;
        }

        foreach (var entry in ledger.Unpacked)
        {
            counts[SegmentCodec.MonthOf(entry.Contribution.Day)]++;
        }

        return counts;
    }

    private static IEnumerable<string> Lines(PackedLedger ledger) =>
        ledger.Months.SelectMany(m => m.Entries.ToArray().Select(e => $"{m.Month} {e.Ordinal} {e.Contribution.ToContribution(Subject, ledger.Name)}"))
            .Concat(ledger.Unpacked.Select(e => $"{e}")).Order(StringComparer.Ordinal);

    private static LedgerEntry Entry(int ordinal, int? day, bool machine) => new(new Ordinal(ordinal), FirstDay, 1, new Contribution
    {
        Subject = Subject, Day = day, From = day ?? 0, To = day ?? 0, Event = new Ordinal(ordinal), Side = Side.By, With = ["RUS" + (ordinal % 5)], Machine = machine, Hostility = 4, G = -100, Weight = 300,
    });

    private static void Commit(SqlitePartitionStore store, int ordinal, IReadOnlyList<LedgerEntry> entries)
    {
        using var transaction = store.Begin();
        transaction.Append(entries);
        transaction.Commit(new LogPlace(new Ordinal(ordinal), new Position((ulong)ordinal + 1, 0)));
    }
}
