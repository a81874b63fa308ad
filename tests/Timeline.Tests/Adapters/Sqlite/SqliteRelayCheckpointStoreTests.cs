using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;
using Timeline.Tests.Projector;

namespace Timeline.Tests.Adapters.Sqlite;

public sealed class SqliteRelayCheckpointStoreTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("timeline-relay-").FullName;

    [Fact]
    public async Task The_last_checkpoint_saved_is_found_by_the_next_owner_to_the_letter()
    {
        var checkpoint = new RelayCheckpoint("log", new LogPlace(new Ordinal(41), new Position(ulong.MaxValue, 7)), [LogPlace.Start, Routed.PlaceOf(12), Routed.PlaceOf(41)]);
        using (var store = Open())
        {
            Assert.Null(await store.LoadAsync(CancellationToken.None));
            await store.SaveAsync(checkpoint with { Place = Routed.PlaceOf(3) }, CancellationToken.None);
            await store.SaveAsync(checkpoint, CancellationToken.None);
        }

        using var next = Open();
        var found = await next.LoadAsync(CancellationToken.None);
        Assert.Equal((checkpoint.LogId, checkpoint.Place), (found!.LogId, found.Place));
        Assert.Equal(checkpoint.LastPerPartition, found.LastPerPartition);
    }

    [Fact]
    public async Task Two_Relays_at_once_save_into_one_file()
    {
        using var one = Open();
        using var other = Open();
        await one.SaveAsync(new RelayCheckpoint("log", Routed.PlaceOf(1), [Routed.PlaceOf(1)]), CancellationToken.None);
        await other.SaveAsync(new RelayCheckpoint("log", Routed.PlaceOf(2), [Routed.PlaceOf(2)]), CancellationToken.None);

        Assert.Equal(2, (await one.LoadAsync(CancellationToken.None))!.Place.Ordinal.Value);
    }

    [Fact]
    public async Task A_checkpoint_of_another_log_is_refused()
    {
        using var store = Open();

        await Assert.ThrowsAsync<ArgumentException>(() => store.SaveAsync(new RelayCheckpoint("other", LogPlace.Start, []), CancellationToken.None));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private SqliteRelayCheckpointStore Open() => new(Path.Combine(folder, "relay.db"), "log");
}
