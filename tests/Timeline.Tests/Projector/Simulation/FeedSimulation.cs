using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Projector;
using Timeline.Relay;

namespace Timeline.Tests.Projector.Simulation;

/// <summary>
/// The real Relay and the real Projector around a lossy feed, in a world of one seed: while events come in, one or two of each run at a time, die, are stopped and come
/// back; then the faults end, and everything must come right by itself.
/// </summary>
internal sealed class FeedSimulation
{
    private const int StepsToSettle = 40_000;
    private readonly World world;
    private readonly MemoryLog log;
    private readonly LossyFeed feed;
    private readonly string[] projections;
    private readonly int partitions;
    private readonly RecordingStore[] stores;
    private readonly SavedCheckpoint[] relayCheckpoints;
    private readonly List<Running> running = [];

    public FeedSimulation(int seed)
    {
        world = new World(seed);
        partitions = world.Random.Next(1, 6);
        projections = world.Random.Next(2) == 0 ? ["escalation"] : ["escalation", "stance"];
        log = new MemoryLog(world.WaitAsync);
        feed = new LossyFeed(world, projections, partitions);
        stores = [.. projections.SelectMany(name => Enumerable.Range(0, partitions).Select(p => new RecordingStore(world, log, name, p, partitions)))];

        // Two Relays share a checkpoint, or each has its own.
        var checkpoint = new SavedCheckpoint(world, Unconfirmed);
        relayCheckpoints = [checkpoint, world.Random.Next(2) == 0 ? checkpoint : new SavedCheckpoint(world, Unconfirmed)];
    }

    public ulong Trace => world.Trace;

    public int Crashes { get; private set; }

    public int TakenOver => stores.Sum(s => s.TakenOver);

    /// <summary>Null where every partition has folded exactly its events, once, in order.</summary>
    public string? Run()
    {
        var toAppend = world.Random.Next(10, 80);
        var stormSteps = world.Random.Next(200, 2500);
        for (var i = 0; i < stormSteps && Violation() is null; i++)
        {
            if (world.Random.Next(stormSteps) < toAppend)
            {
                AppendOne();
            }

            if (world.Random.Next(100) == 0)
            {
                Disturb();
            }

            world.Step();
        }

        world.Faults = false;
        foreach (var process in running.Where(r => r.Process.IsDead || r.Stop.IsCancellationRequested).ToArray())
        {
            running.Remove(process);
        }

        StartRelay();
        StartProjector();
        var settled = false;
        for (var i = 0; i < StepsToSettle && !settled && Violation() is null; i++)
        {
            world.Step();
            settled = i % 16 == 0 && IsSettled();
        }

        return Violation() ?? (settled ? null : "After the last fault it did not come right: " + string.Join("; ", running.Select(r => r.Describe())));
    }

    private long[] Unconfirmed(LogPlace upTo) => [.. stores.SelectMany(s => s.Unconfirmed(feed, upTo))];

    private string? Violation() => world.Strayed ?? stores.Select(static s => s.Violation).Concat(relayCheckpoints.Select(static c => c.Violation)).FirstOrDefault(static v => v is not null)
        ?? running.Select(static r => r.Process.Main?.Exception?.InnerException?.ToString()).FirstOrDefault(static e => e is not null);

    private bool IsSettled() =>
        running[^1].Visible?.Invoke().Value == log.Events.Count - 1 && stores.All(static s => s.HasFoldedEverything);

    private void AppendOne()
    {
        for (var n = world.Random.Next(4) == 0 ? world.Random.Next(1, 20) : 1; n > 0; n--)
        {
            var e = Routed.At(log.Events.Count, world.Random.Next(Routed.Kinds));
            var decoded = FeedEvent.Decode(e);
            Array.ForEach(stores, s => s.Expect(decoded));
            log.Append(e);
        }
    }

    // Starts, kills or stops something. A stopped process may still be at work when its successor starts; so may a killed one's messages.
    private void Disturb()
    {
        switch (world.Random.Next(4))
        {
            case 0 when running.Count(r => r.IsAlive && r.Visible is null) < 2:
                StartRelay();
                break;
            case 1 when running.Count(r => r.IsAlive && r.Visible is not null) < 2:
                StartProjector();
                break;
            case 2 when running.Where(static r => r.IsAlive).ToArray() is { Length: > 0 } alive:
                alive[world.Random.Next(alive.Length)].Process.Kill();
                Crashes++;
                break;
            case 3 when running.Where(static r => r.IsAlive).ToArray() is { Length: > 0 } alive:
                alive[world.Random.Next(alive.Length)].Stop.Cancel();
                break;
        }
    }

    private void StartRelay()
    {
        var options = new FeedRelayOptions { Partitions = partitions, Generation = "live", PageEvents = world.Random.Next(1, 12) };
        var relay = new FeedRelay(options, log, feed, relayCheckpoints[world.Random.Next(2)], world.Time);
        var stop = new CancellationTokenSource();
        running.Add(new Running(world.Start(() => relay.RunAsync(stop.Token)), stop, null, () => $"{relay.Status}"));
    }

    private void StartProjector()
    {
        var options = new FeedProjectorOptions
        {
            Projections = projections,
            Partitions = partitions,
            Generation = "live",
            EventsPerCommit = world.Random.Next(1, 20),
            PageEvents = world.Random.Next(1, 12),
            PagesAhead = world.Random.Next(1, 8),
            HealedPerCommit = world.Random.Next(1, 60),
        };
        var projector = new FeedProjector(options, log, feed, (name, p, _) => stores[Array.IndexOf(projections, name) * partitions + p].OpenAsync(), world.Time);
        var stop = new CancellationTokenSource();
        running.Add(new Running(
            world.Start(() => RunAgainAsync(projector, stop.Token)), stop, () => projector.Visible, () => string.Join(", ", projector.Status)));
    }

    // The one thing that ends a Projector at its start is a log that does not answer; whoever runs it starts it again.
    private static async Task RunAgainAsync(FeedProjector projector, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await projector.RunAsync(ct);
            }
            catch (IOException)
            {
            }
        }
    }

    private sealed record Running(World.Process Process, CancellationTokenSource Stop, Func<Ordinal>? Visible, Func<string> Describe)
    {
        public bool IsAlive => !Process.IsDead && !Stop.IsCancellationRequested;
    }

    private sealed class SavedCheckpoint(World world, Func<LogPlace, long[]> unconfirmed) : IRelayCheckpointStore
    {
        private RelayCheckpoint? saved;

        public string? Violation { get; private set; }

        public async Task<RelayCheckpoint?> LoadAsync(CancellationToken ct)
        {
            await world.WaitAsync();
            return saved;
        }

        public async Task SaveAsync(RelayCheckpoint checkpoint, CancellationToken ct)
        {
            await world.WaitAsync();
            saved = checkpoint;
            if (unconfirmed(checkpoint.Place) is { Length: > 0 } early)
            {
                Violation ??= $"The Relay saved {checkpoint.Place.Ordinal} before these were confirmed: {string.Join(' ', early)}";
            }

            await world.WaitAsync();
        }
    }
}
