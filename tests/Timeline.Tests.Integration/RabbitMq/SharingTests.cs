using System.Collections.Concurrent;
using System.Diagnostics;
using Timeline.Adapters.RabbitMq;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Integration.RabbitMq;

/// <summary>Several subscribers of the same partitions: one is active in each, the shares are even, and whoever is left takes over.</summary>
[Collection(BrokerCollection.Name)]
public sealed class SharingTests(RabbitMqServer server)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task One_subscription_is_active_and_the_next_in_line_when_it_is_let_go()
    {
        await using var feed = new FeedOverBroker(server.Address, "standby");
        await using var first = new RabbitMqSubscriber(feed.Options, TimeProvider.System);
        await using var second = new RabbitMqSubscriber(feed.Options, TimeProvider.System);
        await using var publisher = new RabbitMqPublisher(feed.Options, TimeProvider.System);
        await publisher.CheckAsync(default);
        var active = await first.SubscribeAsync("stance", 1, default);
        await using var standby = await second.SubscribeAsync("stance", 1, default);
        var waiting = standby.ActiveAsync(default);

        await publisher.PublishAsync([Heartbeat(7)], default);
        Assert.True(await active.ActiveAsync(default));
        Assert.True(await active.WaitAsync(default));
        Assert.True(active.TryTake(out var delivery));
        Assert.False(waiting.IsCompleted);
        Assert.Equal([("stance", 1)], first.Status.Active);
        Assert.Empty(second.Status.Active);

        // What it did not acknowledge comes again, to the next.
        await active.DisposeAsync();
        Assert.False(await active.WaitAsync(default));
        Assert.True(await waiting);
        Assert.True(standby.TryTake(out var again));
        Assert.Equal(delivery.Message.Through, again.Message.Through);
        Assert.Equal(1, second.Status.Redelivered);
        await standby.AcknowledgeAsync(again, default);
    }

    [Fact]
    public async Task A_message_carries_the_trace_under_which_it_was_published()
    {
        await using var feed = new FeedOverBroker(server.Address, "trace");
        await using var subscriber = new RabbitMqSubscriber(feed.Options, TimeProvider.System);
        await using var publisher = new RabbitMqPublisher(feed.Options, TimeProvider.System);
        await publisher.CheckAsync(default);
        await using var subscription = await subscriber.SubscribeAsync("stance", 1, default);
        using (var activity = new Activity("relay").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            await publisher.PublishAsync([Heartbeat(7)], default);
            Assert.True(await subscription.WaitAsync(default));
            Assert.True(subscription.TryTake(out var delivery));
            Assert.Equal(activity.Id, delivery.TraceParent);
        }
    }

    [Fact]
    public async Task A_queue_that_is_read_and_fills_makes_publishing_wait()
    {
        await using var feed = new FeedOverBroker(server.Address, "slow");
        feed.Options = feed.Options with { MaxMessages = 64, Prefetch = 1, Patience = TimeSpan.FromMinutes(1) };
        await using var subscriber = new RabbitMqSubscriber(feed.Options, TimeProvider.System);
        await using var publisher = new RabbitMqPublisher(feed.Options, TimeProvider.System);
        await publisher.CheckAsync(default);
        await using var subscription = await subscriber.SubscribeAsync("stance", 1, default);
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
            {
                await publisher.PublishAsync([Heartbeat(i)], default);
            }
        });

        await FeedOverBroker.EventuallyAsync(() => publisher.Status.Waits > 0, () => publisher.Status.ToString());
        for (var i = 0; i < 300; i++)
        {
            Assert.True(await subscription.WaitAsync(default));
            Assert.True(subscription.TryTake(out var delivery));
            Assert.Equal(i, delivery.Message.Through.Ordinal.Value);
            await subscription.AcknowledgeAsync(delivery, default);
        }

        await publishing;
    }

    [Fact]
    public async Task Three_processes_come_to_even_shares_and_those_left_take_over_when_one_dies()
    {
        var options = new RabbitMqFeedOptions
        {
            Address = RabbitMqAddress.Parse(server.Address),
            Identity = new FeedIdentity("memory", 16, "live"),
            Projections = ["escalation", "stance"],
            SinglePartition = ["setaside"],
            QueuePrefix = "shares",
        };
        await using var publisher = new RabbitMqPublisher(options, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        await publisher.CheckAsync(default);
        var beating = BeatAsync(publisher, stop.Token);
        var readers = new List<Reader>();
        for (var i = 0; i < 3; i++)
        {
            readers.Add(new Reader(options));
            await FeedOverBroker.EventuallyAsync(() => readers.Sum(r => r.Active) == 33, () => Told(readers));
        }

        var watch = Stopwatch.StartNew();
        await FeedOverBroker.EventuallyAsync(() => readers.All(r => r.Active == 11), () => Told(readers));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Soon);

        await readers[1].DisposeAsync();
        readers.RemoveAt(1);
        watch.Restart();
        await FeedOverBroker.EventuallyAsync(() => readers.Sum(r => r.Active) == 33, () => Told(readers));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await FeedOverBroker.EventuallyAsync(() => readers.All(r => r.Active is 16 or 17), () => Told(readers));

        foreach (var reader in readers)
        {
            await reader.DisposeAsync();
        }

        await stop.CancelAsync();
        await beating;
    }

    private static string Told(List<Reader> readers) => $"Active: {string.Join(", ", readers.Select(r => $"{r.Active} of {r.Subscriber.Status.Processes} processes {r.Subscriber.Status.LastError}"))}";

    private static FeedMessage Heartbeat(long through, int partition = 1, int partitions = FeedOverBroker.Partitions) =>
        new("memory", partitions, "live", partition, LogPlace.Start, LogPlace.Start, new LogPlace(new Ordinal(through), default), []);

    private static async Task BeatAsync(RabbitMqPublisher publisher, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            do
            {
                try
                {
                    await publisher.PublishAsync([.. Enumerable.Range(0, 16).Select(p => Heartbeat(1, p, 16))], ct);
                }
                catch (FeedUnavailableException)
                {
                    // As the Relay does: the next beat tries again.
                }
            }
            while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    /// <summary>A process that subscribes to everything, as a Projector does.</summary>
    private sealed class Reader : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task running;

        public Reader(RabbitMqFeedOptions options)
        {
            Subscriber = new RabbitMqSubscriber(options, TimeProvider.System);
            var places = options.Projections.SelectMany(p => Enumerable.Range(0, 16).Select(i => (p, i))).Concat(options.SinglePartition.Select(p => (p, 0)));
            running = Task.WhenAll(places.Select(p => ReadAsync(p.Item1, p.Item2)));
        }

        public RabbitMqSubscriber Subscriber { get; }

        public int Active => Subscriber.Status.Active.Count;

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running;
            await Subscriber.DisposeAsync();
            stop.Dispose();
        }

        private async Task ReadAsync(string projection, int partition)
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await using var subscription = await Subscriber.SubscribeAsync(projection, partition, stop.Token);
                    while (await subscription.WaitAsync(stop.Token))
                    {
                        while (subscription.TryTake(out var delivery))
                        {
                            await subscription.AcknowledgeAsync(delivery, stop.Token);
                        }
                    }
                }
                catch (Exception e) when (e is FeedUnavailableException || stop.IsCancellationRequested)
                {
                    // Tried again: the subscriber's status tells.
                }
            }
        }
    }
}
