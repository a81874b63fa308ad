using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Projector;

namespace Timeline.Tests.Projector;

public sealed class PartitionProjectionTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("timeline-partition-").FullName;
    private readonly MethodologyVersion methodology = MethodologyVersion.BuiltIn();

    [Fact]
    public async Task A_quiet_partition_is_saved_seldom_but_never_falls_far_behind()
    {
        using var quiet = Open();
        await quiet.CommitAsync(Routed.PlaceOf(0), CancellationToken.None);
        await quiet.CommitAsync(Routed.PlaceOf(PartitionProjection.MostPutOff - 1), CancellationToken.None);
        Assert.Equal(PartitionProjection.MostPutOff - 1, quiet.Checkpoint.Ordinal.Value);
        Assert.Equal(Routed.PlaceOf(0), Stored());

        await quiet.CommitAsync(Routed.PlaceOf(PartitionProjection.MostPutOff), CancellationToken.None);
        Assert.Equal(Routed.PlaceOf(PartitionProjection.MostPutOff), Stored());
    }

    [Fact]
    public async Task Of_two_owners_the_one_that_comes_second_writes_nothing()
    {
        using var first = Open();
        using var second = Open();
        var e = FeedEvent.Decode(Routed.At(0, 0));
        await first.FoldAsync([e], CancellationToken.None);
        await first.CommitAsync(Routed.PlaceOf(0), CancellationToken.None);

        await Assert.ThrowsAsync<CheckpointMovedException>(() => second.FoldAsync([e], CancellationToken.None));

        Assert.Equal(Routed.PlaceOf(0), Stored());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private LogPlace Stored()
    {
        using var stored = Store();
        return stored.Checkpoint;
    }

    private PartitionProjection Open() =>
        new(0, 1, new FactReader(methodology, new EscalationContributor()), Store(), new LogFactSource(new MemoryLog()));

    private SqlitePartitionStore Store() =>
        new(Path.Combine(folder, "partition.db"), EscalationContributor.Name, 0, new GenerationInfo("memory", "live", 1, 1, methodology.Name, methodology.Hash));
}
