using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Projector;
using Timeline.Relay;

namespace Timeline.Tests.Projector.Simulation;

/// <summary>The real Relay and Projector as processes of a <see cref="World"/>, around a log, a feed and stores that outlive them.</summary>
internal sealed class SimulatedServices
{
    private readonly World world;
    private readonly bool singleActive;
    private readonly List<Running> running = [];

    public SimulatedServices(World world, string[] projections, int partitions, bool singleActive)
    {
        this.world = world;
        this.singleActive = singleActive;
        Projections = projections;
        Partitions = partitions;
        Log = new MemoryLog(world.WaitAsync);
        Feed = new LossyFeed(world, projections, partitions, singleActive);
        Stores = [.. projections.SelectMany(name => Enumerable.Range(0, partitions).Select(p => new RecordingStore(world, Log, name, p, partitions)))];
    }

    public string[] Projections { get; }

    public int Partitions { get; }

    public MemoryLog Log { get; }

    public LossyFeed Feed { get; }

    public RecordingStore[] Stores { get; }

    public List<SavedCheckpoint> Checkpoints { get; } = [];

    public IReadOnlyList<Running> Processes => running;

    /// <summary>The first thing that must never happen and did.</summary>
    public string? Violation =>
        world.Strayed ?? Stores.Select(static s => s.Violation).Concat(Checkpoints.Select(static c => c.Violation)).FirstOrDefault(static v => v is not null)
        ?? running.Select(static r => r.Process.Main?.Exception?.InnerException?.ToString()).FirstOrDefault(static e => e is not null);

    public SavedCheckpoint NewCheckpoint()
    {
        Checkpoints.Add(new SavedCheckpoint(world, upTo => [.. Stores.SelectMany(s => s.Unconfirmed(Feed, upTo))]));
        return Checkpoints[^1];
    }

    public void Append(int kind)
    {
        var logged = Routed.At(Log.Events.Count, kind);
        var decoded = FeedEvent.Decode(logged);
        Array.ForEach(Stores, s => s.Expect(decoded));
        Log.Append(logged);
    }

    public Running StartRelay(IRelayCheckpointStore checkpoint)
    {
        var options = new FeedRelayOptions { Partitions = Partitions, Generation = "live", PageEvents = world.Random.Next(1, 12), Announce = TimeSpan.FromMilliseconds(world.Random.Next(3) * 10), BatchesUnderWay = world.Random.Next(1, 5) };
        var relay = new FeedRelay(options, Log, Feed, checkpoint, world.Time);
        var stop = new CancellationTokenSource();
        return Add(new Running(world.Start(() => relay.RunAsync(stop.Token)), stop, null, () => $"{relay.Status}"));
    }

    public Running StartProjector()
    {
        var options = new FeedProjectorOptions
        {
            Projections = Projections,
            Partitions = Partitions,
            Generation = "live",
            EventsPerCommit = world.Random.Next(1, 20),
            GatherFrom = world.Random.Next(1, 20),
            GatherFor = TimeSpan.FromMilliseconds(world.Random.Next(3) * 10),
            PageEvents = world.Random.Next(1, 12),
            PagesAhead = world.Random.Next(1, 8),
            HealedPerCommit = world.Random.Next(1, 60),
            SharesPartitions = singleActive,
        };
        var projector = new FeedProjector(options, Log, Feed, (name, p, _) => Stores[Array.IndexOf(Projections, name) * Partitions + p].OpenAsync(), world.Time);
        var stop = new CancellationTokenSource();
        return Add(new Running(
            world.Start(() => RunAgainAsync(projector, stop.Token)), stop, () => projector.Visible, () => string.Join(", ", projector.Status)));
    }

    /// <summary>Those that are dead, or were told to stop, count no more.</summary>
    public void ForgetStopped() => running.RemoveAll(static r => !r.IsAlive);

    /// <summary>Every store holds everything, and the projector knows, unless another may have folded it.</summary>
    public bool IsSettled(Running projector) => Stores.All(static s => s.HasFoldedEverything)
        && (projector.Visible!().Value == Log.Events.Count - 1 || running.Any(r => r != projector && r.Visible is not null));

    /// <summary>Steps until everything is settled; null, or what it stood at after too many steps.</summary>
    public string? Settle(Running projector, int mostSteps)
    {
        for (var i = 0; i < mostSteps; i++)
        {
            world.Step();
            if (Violation is { } violation)
            {
                return violation;
            }

            if (i % 16 == 0 && IsSettled(projector))
            {
                return null;
            }
        }

        return "After the last fault it did not come right: " + string.Join("; ", running.Select(static r => r.Describe()));
    }

    private Running Add(Running process)
    {
        running.Add(process);
        return process;
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
}

/// <summary>A service that was started. <see cref="Visible"/> is null for a Relay.</summary>
internal sealed record Running(World.Process Process, CancellationTokenSource Stop, Func<Ordinal>? Visible, Func<string> Describe)
{
    public bool IsAlive => !Process.IsDead && !Stop.IsCancellationRequested;
}

/// <summary>A Relay's checkpoint, which must never be ahead of what the feed has confirmed.</summary>
internal sealed class SavedCheckpoint(World world, Func<LogPlace, long[]> unconfirmed) : IRelayCheckpointStore
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
