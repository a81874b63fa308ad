using System.Globalization;
using EventStore.Client;
using Timeline.Adapters.EventStoreDb;
using Timeline.Adapters.Sqlite;
using Timeline.Benchmarks.Baselines;
using Timeline.Benchmarks.Report;
using Timeline.Domain.Ports;

namespace Timeline.Benchmarks.Stages;

/// <summary>
/// Appends the same events twice: to one stream in batches, each after the answer to the one before it, as an import does; then each to a stream of its own, several
/// hundred of them on their way at a time.
/// </summary>
internal static class StoreAppendStage
{
    public const int InFlight = 400;

    private const string Batches = "batches", Singles = "singles";
    private const string FeedStream = "feed-bench";

    public static async Task<IReadOnlyList<Figure>> BareAsync(StageFolder folder, bool quick, CancellationToken ct)
    {
        var events = await StoreLoad.EventsAsync(folder, quick, ct);
        using var bare = BareStore.At(StoreServer.Within(StoreLoad.Address, "bare-"));
        if (bare is null)
        {
            return [];
        }

        var batches = events.Chunk(StoreLoad.Batch).Select((batch, i) => bare.Append(FeedStream, (long)i * StoreLoad.Batch, batch)).ToList();
        var figures = new List<Figure> { (await MeasureAsync(Batches, batches, 1))[0] };
        await bare.CheckAsync(FeedStream, events.Length - 1, ct);
        var singles = events.Select((e, i) => bare.Append(Stream(i), 0, [e])).ToList();
        figures.Add((await MeasureAsync(Singles, singles, InFlight))[0]);
        await bare.CheckAsync(Stream(events.Length - 1), 0, ct);
        return figures;

        Task<IReadOnlyList<Figure>> MeasureAsync(string what, List<byte[]> appends, int inFlight) => Work.MeasureAsync(what, Names.Bare, null, async () =>
        {
            await bare.AppendAsync(appends, inFlight, ct);
            return events.Length;
        });
    }

    public static async Task<IReadOnlyList<Figure>> ClientAsync(StageFolder folder, bool quick, CancellationToken ct)
    {
        var events = await StoreLoad.EventsAsync(folder, quick, ct);
        var address = StoreServer.Within(StoreLoad.Address, "client-");
        await using var client = StoreLoad.Client(address);
        return await BothAsync(events, Names.Client, Names.Bare, (stream, first, batch) => AppendAsync(client, address, stream, first, batch, ct));
    }

    public static async Task<IReadOnlyList<Figure>> AdapterAsync(StageFolder folder, bool quick, CancellationToken ct)
    {
        var events = await StoreLoad.EventsAsync(folder, quick, ct);
        var address = StoreServer.Within(StoreLoad.Address, "adapter-");
        await using var log = await EventStoreDbEventLog.OpenAsync(address, folder.New("esdb-append-index.db"), TimeProvider.System, ct);
        return await LogAsync(log, events, Names.Adapter, Names.Client, ct);
    }

    /// <summary>The neighbour: the same appends to the embedded log.</summary>
    public static async Task<IReadOnlyList<Figure>> SqliteAsync(StageFolder folder, bool quick, CancellationToken ct)
    {
        var events = await StoreLoad.EventsAsync(folder, quick, ct);
        await using var log = SqliteEventLog.Open(folder.New("esdb-neighbour.db"), TimeProvider.System);
        return await LogAsync(log, events, Names.Sqlite, Names.Adapter, ct);
    }

    /// <summary>All events to one stream.</summary>
    public static async Task InBatchesAsync(NewEvent[] events, Func<string, long, ArraySegment<NewEvent>, Task> append)
    {
        for (var i = 0; i < events.Length; i += StoreLoad.Batch)
        {
            await append(FeedStream, i, new ArraySegment<NewEvent>(events, i, Math.Min(StoreLoad.Batch, events.Length - i)));
        }
    }

    /// <summary>One append of the client's; throws where the stream is not as expected.</summary>
    public static Task AppendAsync(EventStoreClient client, EventStoreDbAddress address, string stream, long first, ArraySegment<NewEvent> events, CancellationToken ct)
    {
        var name = address.StreamPrefix + stream;
        var data = events.Select(static e => new EventData(Uuid.NewUuid(), e.Type, e.Data, e.Metadata));
        return first == 0
            ? client.AppendToStreamAsync(name, StreamState.NoStream, data, cancellationToken: ct)
            : client.AppendToStreamAsync(name, StreamRevision.FromInt64(first - 1), data, cancellationToken: ct);
    }

    private static Task<IReadOnlyList<Figure>> LogAsync(IEventLog log, NewEvent[] events, string by, string beside, CancellationToken ct) =>
        BothAsync(events, by, beside, async (stream, first, batch) =>
        {
            if (await log.AppendAsync(new StreamName(stream), new ExpectedRevision(first - 1), batch, ct) is not AppendResult.Appended)
            {
                throw new InvalidOperationException($"The append to '{stream}' was not recorded as a new one.");
            }
        });

    private static async Task<IReadOnlyList<Figure>> BothAsync(NewEvent[] events, string by, string beside, Func<string, long, ArraySegment<NewEvent>, Task> append)
    {
        return
        [
            .. await Work.MeasureAsync(Batches, by, beside, async () =>
            {
                await InBatchesAsync(events, append);
                return events.Length;
            }),
            .. await Work.MeasureAsync(Singles, by, beside, async () =>
            {
                await SinglesAsync(events, append);
                return events.Length;
            }),
        ];
    }

    private static Task SinglesAsync(NewEvent[] events, Func<string, long, ArraySegment<NewEvent>, Task> append)
    {
        var last = -1;
        return Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            while (Interlocked.Increment(ref last) is var i && i < events.Length)
            {
                await append(Stream(i), 0, new ArraySegment<NewEvent>(events, i, 1));
            }
        }));
    }

    private static string Stream(int i) => string.Create(CultureInfo.InvariantCulture, $"event-bench-{i}");
}
