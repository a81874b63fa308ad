using EventStore.Client;
using Timeline.Adapters.EventStoreDb;
using Timeline.Adapters.Sqlite;
using Timeline.Benchmarks.Baselines;
using Timeline.Benchmarks.Report;
using Timeline.Domain.Ports;
using EventPosition = EventStore.Client.Position;

namespace Timeline.Benchmarks.Stages;

/// <summary>Reads $all from its start to its end, filtered as the adapter does, then follows it from its start until it has caught up.</summary>
internal static class StoreReadStage
{
    private const string Read = "read", Follow = "follow";
    private const string Index = "esdb-index.db";

    // As the Projector reads.
    private const int PageEvents = 1000;

    public static async Task<IReadOnlyList<Figure>> BareAsync(StageFolder folder, CancellationToken ct)
    {
        using var bare = BareStore.At(StoreLoad.Address);
        if (bare is null)
        {
            return [];
        }

        var (stored, _) = await StoreLoad.StoredAsync(folder, ct);
        var figures = new List<Figure>();
        foreach (var (what, follow) in ((string, bool)[])[(Read, false), (Follow, true)])
        {
            figures.Add((await Work.MeasureAsync(what, Names.Bare, null, async () => All(await bare.ReadAsync(follow, ct), stored)))[0]);
        }

        return figures;
    }

    public static async Task<IReadOnlyList<Figure>> ClientAsync(StageFolder folder, CancellationToken ct)
    {
        var stored = await StoreLoad.StoredAsync(folder, ct);
        var address = StoreLoad.Address;
        await using var client = StoreLoad.Client(address);
        return
        [
            .. await Work.MeasureAsync(Read, Names.Client, Names.Bare, async () => (await ReadOnceAsync(client, address, ct)).All(stored)),
            .. await Work.MeasureAsync(Follow, Names.Client, Names.Bare, async () => (await FollowOnceAsync(client, address, ct)).All(stored)),
        ];
    }

    public static async Task<Tally> ReadOnceAsync(EventStoreClient client, EventStoreDbAddress address, CancellationToken ct)
    {
        var tally = default(Tally);
        await foreach (var e in client.ReadAllAsync(Direction.Forwards, EventPosition.Start, Filter(address), cancellationToken: ct))
        {
            tally.Add(e.OriginalEvent.Data, e.OriginalEvent.Metadata);
        }

        return tally;
    }

    /// <summary>The adapter's first read, which makes its index of ordinals.</summary>
    public static async Task<IReadOnlyList<Figure>> NewIndexAsync(StageFolder folder, CancellationToken ct)
    {
        var stored = await StoreLoad.StoredAsync(folder, ct);
        folder.New(Index);
        await using var log = await OpenAsync(folder, ct);
        return await Work.MeasureAsync(Read, "new index", Names.Client, () => ReadAsync(log.ReadAllAsync(LogPlace.Start, PageEvents, ct), stored));
    }

    public static async Task<IReadOnlyList<Figure>> AdapterAsync(StageFolder folder, CancellationToken ct)
    {
        await using var log = await OpenAsync(folder, ct);
        return await LogAsync(folder, log, Names.Adapter, Names.Client, ct);
    }

    /// <summary>The neighbour: the same events in the embedded log.</summary>
    public static async Task<IReadOnlyList<Figure>> SqliteAsync(StageFolder folder, CancellationToken ct)
    {
        await using var log = SqliteEventLog.Open(folder.Log, TimeProvider.System);
        return await LogAsync(folder, log, Names.Sqlite, Names.Adapter, ct);
    }

    private static async Task<Tally> FollowOnceAsync(EventStoreClient client, EventStoreDbAddress address, CancellationToken ct)
    {
        var tally = default(Tally);
        await using var subscription = client.SubscribeToAll(FromAll.Start, filterOptions: new SubscriptionFilterOptions(Filter(address), 1), cancellationToken: ct);
        await foreach (var message in subscription.Messages)
        {
            if (message is StreamMessage.Event { ResolvedEvent.OriginalEvent: var e })
            {
                tally.Add(e.Data, e.Metadata);
            }
            else if (message is StreamMessage.CaughtUp)
            {
                break;
            }
        }

        return tally;
    }

    private static IEventFilter Filter(EventStoreDbAddress address) => new StoredStreams(address.StreamPrefix).Filter;

    private static Task<EventStoreDbEventLog> OpenAsync(StageFolder folder, CancellationToken ct) =>
        EventStoreDbEventLog.OpenAsync(StoreLoad.Address, folder.At(Index), TimeProvider.System, ct);

    private static async Task<IReadOnlyList<Figure>> LogAsync(StageFolder folder, IEventLog log, string by, string beside, CancellationToken ct)
    {
        var stored = await StoreLoad.StoredAsync(folder, ct);
        return
        [
            .. await Work.MeasureAsync(Read, by, beside, () => ReadAsync(log.ReadAllAsync(LogPlace.Start, PageEvents, ct), stored)),
            .. await Work.MeasureAsync(Follow, by, beside, () => ReadAsync(log.FollowAllAsync(LogPlace.Start, PageEvents, ct), stored)),
        ];
    }

    // The embedded log may hold more than was stored: it is left where the same events have been read.
    private static async Task<long> ReadAsync(IAsyncEnumerable<LogPage> pages, (long Events, long Bytes) stored)
    {
        var tally = default(Tally);
        await foreach (var page in pages)
        {
            foreach (var e in page.Events.Take((int)Math.Min(PageEvents, stored.Events - tally.Events)))
            {
                tally.Add(e.Data, e.Metadata);
            }

            if (page.CaughtUp || tally.Events == stored.Events)
            {
                break;
            }
        }

        return tally.All(stored);
    }

    private static long All(long read, long stored) => read == stored ? read : throw new InvalidOperationException($"{read} events were read of {stored}.");

    /// <summary>What was read has to be what was stored, or the figure is none.</summary>
    internal struct Tally
    {
        private long bytes;

        public long Events { get; private set; }

        public void Add(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> metadata)
        {
            Events++;
            bytes += data.Length + metadata.Length;
        }

        public readonly long All((long Events, long Bytes) stored) =>
            bytes == stored.Bytes ? StoreReadStage.All(Events, stored.Events) : throw new InvalidOperationException($"{Events} events of {bytes} bytes were read, not {stored.Events} of {stored.Bytes}.");
    }
}
