using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain.Ports;
using Timeline.Domain.Quarantine;

namespace Timeline.Tests.Adapters;

/// <summary>Query looks at files that a Projector in another process has just begun to make.</summary>
public sealed class HalfMadeReadModelTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("timeline-half-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_file_without_its_tables_answers_like_one_that_is_not_there_and_is_read_once_it_has_them()
    {
        var info = new GenerationInfo("log", "v1-0", Epoch: 1, Partitions: 16, "v1", "0");
        using var models = new SqliteReadModels(folder, info, static (_, _) => null);
        foreach (var (projection, partition) in Projections.Places().Where(static p => p.Partition == 0))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(models.PathOf(projection, partition))!);
            File.WriteAllBytes(models.PathOf(projection, partition), []);
        }

        Assert.Equal((LogPlace.Start, 0L), (models.Through("escalation", 0), models.Entries("stance", 0)));
        Assert.Empty(models.Subjects("escalation", 0));
        Assert.Equal(0, models.SetAside.Count(new SetAsideSelection(null, null, null, null), new Ordinal(9)).Total);

        using var store = models.OpenStore("escalation", 0);
        using (var transaction = store.Begin())
        {
            transaction.Commit(new LogPlace(new Ordinal(4), default));
        }

        using var setAside = models.OpenSetAside();
        Assert.Equal((new Ordinal(4), Ordinal.None), (models.Through("escalation", 0).Ordinal, models.Through("setaside", 0).Ordinal));
    }

    [Fact]
    public void Who_reads_the_board_makes_no_file_and_sees_what_is_told_when_it_is_there()
    {
        using var readings = new SqliteProgressReadings(folder, "v1-0");
        Assert.Equal((0L, 0, 0), (readings.Version, readings.Read().Count, readings.Owners().Count));
        Assert.Empty(Directory.GetFileSystemEntries(folder));

        var now = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
        var told = new PartitionProgress("escalation", 3, "me", new LogPlace(new Ordinal(7), new Position(8, 9)), now, 5, 1, 0, 0, null);
        using (var board = new SqliteProgressBoard(folder, "v1-0"))
        {
            board.Tell("me", now, [told]);

            // An owner that was superseded and does not know it takes nothing back.
            board.Tell("late", now, [told with { Owner = "late", Through = new LogPlace(new Ordinal(2), new Position(3, 3)) }]);
        }

        Assert.Equal([told with { Owner = "late" }], readings.Read());
        Assert.Equal(["late", "me"], readings.Owners().Keys.Order());
    }
}
