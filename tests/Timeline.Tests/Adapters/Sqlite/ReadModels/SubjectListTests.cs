using Microsoft.Data.Sqlite;
using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Adapters.Sqlite.ReadModels;

public sealed class SubjectListTests : IDisposable
{
    private const string Projection = "escalation";
    private static readonly int Partition = Routing.PartitionOf("RUS", 1);
    private readonly string folder = Directory.CreateTempSubdirectory("read-models-").FullName;
    private readonly SqliteReadModels models;

    public SubjectListTests() => models = new SqliteReadModels(folder, new GenerationInfo("log", "g1", 1, 1, "v1", "00"), (_, _) => null);

    public void Dispose()
    {
        models.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Whoever_comes_later_is_not_listed_for_an_earlier_ordinal()
    {
        using var store = models.OpenStore(Projection, Partition);
        Commit(store, 3, Entry("RUS", 3));
        Commit(store, 9, Entry("FRA", 8), Entry("RUS", 9));
        Assert.Equal([], models.Subjects(Projection, Partition, new Ordinal(2)));
        Assert.Equal(["RUS"], models.Subjects(Projection, Partition, new Ordinal(7)));
        Assert.Equal(["FRA", "RUS"], models.Subjects(Projection, Partition, new Ordinal(9)));
    }

    [Fact]
    public void What_was_rolled_back_is_listed_once_it_is_committed()
    {
        using var store = models.OpenStore(Projection, Partition);
        using (var transaction = store.Begin())
        {
            transaction.Append([Entry("RUS", 3)]);
        }

        Assert.Equal([], models.Subjects(Projection, Partition, new Ordinal(9)));
        Commit(store, 3, Entry("RUS", 3));
        Assert.Equal(["RUS"], models.Subjects(Projection, Partition, new Ordinal(9)));
    }

    private static void Commit(SqlitePartitionStore store, long through, params LedgerEntry[] entries)
    {
        using var transaction = store.Begin();
        transaction.Append(entries);
        transaction.Commit(new LogPlace(new Ordinal(through), new Position((ulong)through, 0)));
    }

    private static LedgerEntry Entry(string subject, long ordinal) =>
        new(new Ordinal(ordinal), 0, 1, new Contribution { Subject = subject, Day = 739_000, From = 739_000, To = 739_000, Event = new Ordinal(ordinal) });
}
