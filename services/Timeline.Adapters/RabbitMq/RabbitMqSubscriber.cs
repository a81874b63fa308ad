using System.Collections.Concurrent;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.RabbitMq;

/// <summary>
/// The Projector's side. Of several processes that subscribe to a partition the broker gives its messages to one; a process that holds more partitions than its
/// share ends some of its subscriptions, so that the next in line has them. A connection that is lost ends all; subscribing again opens another.
/// </summary>
public sealed class RabbitMqSubscriber : IFeedSubscriber, IAsyncDisposable
{
    /// <summary>A queue that was let go and came back is kept for so long: the others do not take it.</summary>
    private static readonly TimeSpan KeptWhenBack = TimeSpan.FromSeconds(20);

    private readonly RabbitMqFeedOptions options;
    private readonly TimeProvider time;
    private readonly FeedTopology topology;
    private readonly BrokerConnection broker;
    private readonly RollCall rollCall;
    private readonly DeadLetters deadLetters;
    private readonly FairShare share;
    private readonly SilentSubscriptions silence;
    private readonly DecodedEvents decoded;
    private readonly long started;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<PartitionSubscription, bool> subscriptions = new();
    private readonly ConcurrentDictionary<string, long> letGoAt = new(StringComparer.Ordinal);
    private readonly Lazy<Task> sharing;
    private volatile int processes;
    private long delivered;
    private long redelivered;
    private long rejected;

    /// <summary>Throws <see cref="ArgumentException"/> for options out of their range. Connects when it is first used.</summary>
    public RabbitMqSubscriber(RabbitMqFeedOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        this.options = options;
        this.time = time;
        started = time.GetTimestamp();
        topology = new FeedTopology(options);
        broker = new BrokerConnection(options.Address, "timeline projector");
        rollCall = new RollCall(topology, broker);
        deadLetters = new DeadLetters(topology);
        silence = new SilentSubscriptions(broker, options.Silence);
        share = new FairShare(topology.Queues.Count, KeptWhenBack);
        decoded = new DecodedEvents(options.Identity.LogId);
        sharing = new Lazy<Task>(ShareAsync);
    }

    public RabbitMqSubscriberStatus Status => new(
        broker.IsOpen,
        broker.LastError,
        [.. subscriptions.Keys.Where(static s => s.IsActive).Select(static s => (s.Queue.Projection, s.Queue.Partition)).Order()],
        processes,
        Interlocked.Read(ref delivered),
        Interlocked.Read(ref redelivered),
        Interlocked.Read(ref rejected));

    /// <summary>Connects and declares what the feed needs. Throws <see cref="FeedUnavailableException"/> with what stands in the way.</summary>
    public async Task CheckAsync(CancellationToken ct)
    {
        try
        {
            var connection = await broker.OpenAsync(ct);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
            await topology.DeclareAsync(channel, ct);
        }
        catch (Exception e) when ((BrokerFaults.IsOne(e) || e is FeedUnavailableException) && !ct.IsCancellationRequested)
        {
            throw broker.Note(e, "a channel");
        }
    }

    /// <inheritdoc/>
    /// <remarks>Throws <see cref="FeedUnavailableException"/> with what stands in the way. A queue that was let go for others is waited for a moment, so that they have it.</remarks>
    public async Task<IFeedSubscription> SubscribeAsync(string projection, int partition, CancellationToken ct)
    {
        var queue = topology.QueueOf(projection, partition);
        await GiveWayAsync(queue, ct);
        PartitionSubscription? subscription = null;
        try
        {
            var connection = await broker.OpenAsync(ct);
            var channel = await connection.CreateChannelAsync(cancellationToken: ct);
            subscription = new PartitionSubscription(channel, queue, this);
            await topology.DeclareAsync(channel, queue, ct);
            await channel.BasicQosAsync(0, options.Prefetch, global: false, ct);
            subscriptions[subscription] = true;
            await StuckQueue.ConsumeAsync(broker, channel, queue.Name, autoAck: false, subscription, ct);
            _ = sharing.Value;
            return subscription;
        }
        catch (Exception e)
        {
            if (subscription is not null)
            {
                await subscription.DisposeAsync();
            }

            if ((BrokerFaults.IsOne(e) || e is FeedUnavailableException) && !ct.IsCancellationRequested)
            {
                throw broker.Note(e, $"a subscription to '{queue.Name}'");
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (sharing.IsValueCreated)
        {
            await sharing.Value;
        }

        foreach (var subscription in subscriptions.Keys)
        {
            subscription.End();
        }

        // With it go all channels.
        await broker.DisposeAsync();
        deadLetters.Dispose();
        stop.Dispose();
    }

    internal long Now => time.GetTimestamp();

    internal TimeSpan Since(long then) => time.GetElapsedTime(then);

    internal FeedMessage Decoded(CarriedMessage message) => decoded.Of(message);

    internal void Received(bool again)
    {
        Interlocked.Increment(ref delivered);
        if (again)
        {
            Interlocked.Increment(ref redelivered);
        }
    }

    internal async Task RejectAsync(PartitionQueue from, byte[] body, string reason, CancellationToken ct)
    {
        await deadLetters.KeepAsync(await broker.OpenAsync(ct), from, body, reason, ct);
        Interlocked.Increment(ref rejected);
        broker.Note(new FeedUnavailableException($"A message in '{from.Name}' can't be read: {reason} It is kept in '{topology.DeadLetters}'; the log heals what it said."), "");
    }

    internal void Forget(PartitionSubscription subscription) => subscriptions.TryRemove(subscription, out _);

    private async Task GiveWayAsync(PartitionQueue queue, CancellationToken ct)
    {
        if (letGoAt.TryRemove(queue.Name, out var at) && options.ShareInterval - time.GetElapsedTime(at) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, ct);
        }
    }

    private async Task ShareAsync()
    {
        using var timer = new PeriodicTimer(options.ShareInterval, time);
        try
        {
            do
            {
                await ShareOnceAsync();
            }
            while (await timer.WaitForNextTickAsync(stop.Token));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task ShareOnceAsync()
    {
        try
        {
            if (!broker.IsOpen)
            {
                return;
            }

            await silence.EndAsync(subscriptions.Keys, stop.Token);
            processes = await rollCall.CountAsync(stop.Token);
            var active = subscriptions.Keys.Where(static s => s.IsActive).DistinctBy(static s => s.Queue).ToDictionary(static s => s.Queue.Name, StringComparer.Ordinal);
            foreach (var name in share.LetGo(active.Keys, processes, time.GetElapsedTime(started)))
            {
                letGoAt[name] = time.GetTimestamp();
                active[name].End();
            }
        }
        catch (Exception e) when ((BrokerFaults.IsOne(e) || e is FeedUnavailableException) && !stop.IsCancellationRequested)
        {
            broker.Note(e, "the roll call of its readers");
        }
    }
}

/// <summary>
/// Where the subscriber stands. <see cref="Active"/>: the partitions whose messages this process is given, of <see cref="Processes"/> that share them.
/// <see cref="Redelivered"/>: maybe seen before; <see cref="Rejected"/>: unreadable, and kept among the dead letters; both since it started, as
/// <see cref="Delivered"/>. <see cref="LastError"/> stays for the operator to read.
/// </summary>
public sealed record RabbitMqSubscriberStatus(
    bool Connected, string? LastError, IReadOnlyList<(string Projection, int Partition)> Active, int Processes, long Delivered, long Redelivered, long Rejected);
