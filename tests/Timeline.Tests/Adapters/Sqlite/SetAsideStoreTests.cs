using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain.Ports;
using Timeline.Domain.Quarantine;
using Timeline.Tests.Projector;

namespace Timeline.Tests.Adapters.Sqlite;

public sealed class SetAsideStoreTests : IDisposable
{
    private static readonly string FileA = "gdelt-" + new string('a', 64);
    private static readonly string FileB = "ucdp-" + new string('b', 64);
    private static readonly SetAsideSelection Everything = new(null, null, null, null);
    private readonly string folder = Directory.CreateTempSubdirectory("timeline-aside-").FullName;
    private readonly SqliteReadModels models;

    public SetAsideStoreTests() => models = new SqliteReadModels(folder, new GenerationInfo("log", "v1-00", 1, 16, "v1", "00"), (_, _) => null);

    public void Dispose()
    {
        models.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Rows_and_settlements_are_found_by_the_next_owner_and_every_earlier_state_can_be_read_again()
    {
        using (var store = models.OpenSetAside())
        {
            Commit(store, 5, t =>
            {
                t.Add(Row(FileA, 3, 1, "not UTF-8"));
                t.Add(Row(FileA, 7, 2, "50 columns"));
                t.Add(Row(FileA, 9, 3, "longer than 65536 bytes", cut: true));
                t.Add(Row(FileB, 0, 4, "not UTF-8"));
            });
            Commit(store, 6, t => t.Settle(new Settlement(FileA, null, 10, Repaired: true, new Ordinal(6))));
            Commit(store, 7, t => t.Settle(new Settlement(FileA, [7, 9], 0, Repaired: false, new Ordinal(7))));
        }

        using var next = models.OpenSetAside();
        Assert.Equal(7, next.Checkpoint.Ordinal.Value);
        Assert.Equal(new SetAsideCounts(1, 2, 1, 1), Count(7));
        Assert.Equal(new SetAsideCounts(2, 2, 0, 1), Count(6));
        Assert.Equal(new SetAsideCounts(4, 0, 0, 1), Count(5));
        Assert.Equal(new SetAsideCounts(2, 0, 0, 0), Count(2));
        Assert.Equal(["Repaired 6", "Repaired 6", "Dismissed 7", "Outstanding "], models.SetAside.Rows(Everything, new Ordinal(7), null, 0, 10).Select(r => $"{r.State} {r.Settlement}"));
        Assert.Equal([new SetAsideCause("50 columns", 0, 1, 0), new SetAsideCause("longer than 65536 bytes", 0, 0, 1), new SetAsideCause("not UTF-8", 0, 1, 0)], models.SetAside.Causes(FileA, new Ordinal(7)));
    }

    [Fact]
    public void Rows_come_by_file_and_record_after_one_and_past_some()
    {
        using var store = models.OpenSetAside();
        Commit(store, 9, t =>
        {
            t.Add(Row(FileB, 4, 1, "c"));
            t.Add(Row(FileA, 2, 2, "c", cut: true));
            t.Add(Row(FileB, 11, 3, "c"));
        });

        string[] Ids(SetAsideSelection selection, SetAsideRow? after, int skip, int limit) => [.. models.SetAside.Rows(selection, new Ordinal(9), after, skip, limit).Select(r => r.Id)];
        Assert.Equal([$"{FileB}/4", $"{FileB}/11", $"{FileA}/2"], Ids(Everything, null, 0, 10));
        Assert.Equal([$"{FileB}/11"], Ids(Everything, null, 1, 1));
        Assert.Equal([$"{FileA}/2"], Ids(Everything, Row(FileB, 11, 3, "c"), 0, 10));
        Assert.Equal([$"{FileA}/2"], Ids(Everything with { Cut = true }, null, 0, 10));
        Assert.Equal([$"{FileB}/4", $"{FileB}/11"], Ids(Everything with { Feed = "ucdp" }, null, 0, 10));
        Assert.Equal([$"{FileB}/4", $"{FileA}/2"], models.SetAside.FirstRows(Everything, new Ordinal(9), 10).Select(r => r.Id));
        Assert.Empty(models.SetAside.FirstRows(Everything with { State = SetAsideState.Repaired }, new Ordinal(9), 10));
    }

    [Fact]
    public void What_was_not_committed_is_not_there_and_who_was_overtaken_lets_go()
    {
        using var one = models.OpenSetAside();
        using var other = models.OpenSetAside();
        using (var abandoned = one.Begin())
        {
            abandoned.Add(Row(FileA, 0, 1, "c"));
        }

        Assert.Equal(0, Count(9).Total);
        Commit(other, 2, t => t.Add(Row(FileA, 0, 1, "c")));
        Assert.Throws<CheckpointMovedException>(one.Begin);
        Assert.Equal(1, Count(9).Total);
    }

    private SetAsideCounts Count(long at) => models.SetAside.Count(Everything, new Ordinal(at));

    private static void Commit(SqliteSetAsideStore store, long through, Action<ISetAsideTransaction> fill)
    {
        using var transaction = store.Begin();
        fill(transaction);
        transaction.Commit(Routed.PlaceOf(through));
    }

    private static SetAsideRow Row(string file, long record, long ordinal, string cause, bool cut = false) =>
        new(file, file[..file.LastIndexOf('-')], record, new Ordinal(ordinal), record + 1, cause, cut);
}
