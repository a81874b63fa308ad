using RabbitMQ.Client;
using Timeline.Adapters.RabbitMq;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Projector;
using Timeline.Relay;
using Timeline.Tests.Projector;

namespace Timeline.Tests.Integration.RabbitMq;

/// <summary>A log and read models in memory, with Relays and Projectors that come and go, around queues of this test's own in a real broker.</summary>
internal sealed class FeedOverBroker(string address, string prefix) : IAsyncDisposable
{
    public const int Partitions = FeedInProcess.Partitions;
    public static readonly string[] Projections = ["escalation", "stance"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly List<IAsyncDisposable> running = [];

    public MemoryLog Log { get; } = new();

    public MemoryProjections Models { get; } = new();

    public RabbitMqFeedOptions Options { get; set; } = new()
    {
        Address = RabbitMqAddress.Parse(address),
        Identity = new FeedIdentity("memory", Partitions, "live"),
        Projections = Projections,
        QueuePrefix = prefix,
    };

    public string QueueOf(string projection, int partition) => $"{prefix}.memory.live.{projection}.{partition}";

    public string DeadLetters => $"{prefix}.memory.live.dead-letters";

    public string Exchange => $"{prefix}.memory.live";

    public IEnumerable<string> Queues => Projections.SelectMany(_ => Enumerable.Range(0, Partitions), QueueOf);

    public void Append(int count)
    {
        var first = Log.Events.Count;
        Log.Append(Enumerable.Range(first, count).Select(i => Routed.At(i, i)));
    }

    public RunningRelay StartRelay(string? through = null)
    {
        var options = through is null ? Options : Options with { Address = RabbitMqAddress.Parse(through) };
        var relay = new RunningRelay(Log, new RabbitMqPublisher(options, TimeProvider.System));
        running.Add(relay);
        return relay;
    }

    public RunningProjector StartProjector(string? through = null)
    {
        var options = through is null ? Options : Options with { Address = RabbitMqAddress.Parse(through) };
        var projector = new RunningProjector(Log, Models, new RabbitMqSubscriber(options, TimeProvider.System));
        running.Add(projector);
        return projector;
    }

    /// <summary>Waits until the Projector has all that the log holds; then every partition of every projection has folded exactly its events in order.</summary>
    public async Task FoldedAsync(RunningProjector projector)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await projector.Projector.WaitUntilAsync(Log.Events[^1].Ordinal, patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not all is folded: {string.Join("; ", projector.Projector.Status.Select(s => $"{s.Projection}/{s.Partition} at {s.Through.Ordinal}: {s.LastError}"))} {projector.Subscriber.Status} {string.Join("; ", running.OfType<RunningRelay>().Select(r => $"{r.Relay.Status} {r.Publisher.Status}"))}");
        }

        Assert.Null(FeedInProcess.WhatIsWrong(Log.Events, Models));
    }

    /// <summary>Waits until a Relay has all that the log holds confirmed.</summary>
    public async Task PublishedAsync(RunningRelay relay)
    {
        await EventuallyAsync(() => relay.Relay.Status.Published.Ordinal == Log.Events[^1].Ordinal, () => $"Not all is published: {relay.Relay.Status} {relay.Publisher.Status}");
    }

    public static async Task EventuallyAsync(Func<bool> holds, Func<string> otherwise)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!holds())
        {
            Assert.False(patience.IsCancellationRequested, otherwise());
            await timer.WaitForNextTickAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(running))
        {
            await part.DisposeAsync();
        }
    }
}

/// <summary>A Relay with a checkpoint of its own, so that another one begins where it likes.</summary>
internal sealed class RunningRelay : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    public RunningRelay(IEventLog log, RabbitMqPublisher publisher)
    {
        Publisher = publisher;
        var options = new FeedRelayOptions { Partitions = FeedOverBroker.Partitions, Generation = "live", BatchesUnderWay = 4, Heartbeat = TimeSpan.FromMilliseconds(100) };
        Relay = new FeedRelay(options, log, publisher, new MemoryCheckpoint(), TimeProvider.System);
        running = Relay.RunAsync(stop.Token);
    }

    public RabbitMqPublisher Publisher { get; }

    public FeedRelay Relay { get; }

    public async ValueTask DisposeAsync()
    {
        if (!stop.IsCancellationRequested)
        {
            await stop.CancelAsync();
            await running;
            await Publisher.DisposeAsync();
        }
    }
}

internal sealed class RunningProjector : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    public RunningProjector(IEventLog log, MemoryProjections models, RabbitMqSubscriber subscriber)
    {
        Subscriber = subscriber;
        // As a process of its own has it: nothing is read from the log at the start, so what the feed lost shows by the feed alone.
        var options = new FeedProjectorOptions { Projections = FeedOverBroker.Projections, Partitions = FeedOverBroker.Partitions, Generation = "live", SharesPartitions = true };
        Projector = new FeedProjector(options, log, subscriber, models.OpenAsync, TimeProvider.System);
        running = Projector.RunAsync(stop.Token);
    }

    public RabbitMqSubscriber Subscriber { get; }

    public FeedProjector Projector { get; }

    public async ValueTask DisposeAsync()
    {
        if (!stop.IsCancellationRequested)
        {
            await stop.CancelAsync();
            await running;
            await Subscriber.DisposeAsync();
        }
    }
}
