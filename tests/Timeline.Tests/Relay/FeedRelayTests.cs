using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Relay;
using Timeline.Tests.Projector;

namespace Timeline.Tests.Relay;

public sealed class FeedRelayTests
{
    private readonly MemoryLog log = new();
    private readonly MemoryCheckpoint checkpoint = new();

    [Fact]
    public async Task What_was_not_confirmed_is_published_again_and_the_checkpoint_waits_for_the_confirm()
    {
        log.Append(Enumerable.Range(0, 10).Select(i => Routed.At(i, 0)));
        var broker = new Broker { Refuse = 3 };
        using var stop = new CancellationTokenSource();
        var relay = Relay(broker);
        var running = relay.RunAsync(stop.Token);
        await broker.SeenAsync(9);
        await stop.CancelAsync();
        await running;

        Assert.Equal(0, broker.Refuse);
        Assert.Equal(9, checkpoint.Saved!.Place.Ordinal.Value);
        Assert.Equal("The broker is away.", relay.Status.LastError);
        Assert.Equal(0, relay.Status.Failures);
        Assert.Equal(10, relay.Status.Events);
    }

    [Fact]
    public async Task A_restart_publishes_only_what_comes_after_the_checkpoint_with_its_previous_place()
    {
        log.Append(Enumerable.Range(0, 10).Select(i => Routed.At(i, 0)));
        await RunUntilAsync(9);
        log.Append(Routed.At(10, 0));
        var broker = await RunUntilAsync(10);

        var message = Assert.Single(broker.Messages, m => m.Events.Count > 0);
        Assert.Equal((9, 10), (message.Previous.Ordinal.Value, message.Events.Single().Ordinal.Value));
    }

    [Fact]
    public async Task A_heartbeat_comes_every_second_while_the_log_is_silent()
    {
        log.Append(Routed.At(0, 0));
        var broker = await RunUntilAsync(0, relay => relay with { Heartbeat = TimeSpan.FromMilliseconds(10) }, heartbeats: 5);

        Assert.All(broker.Messages.Where(m => m.Events.Count == 0), m => Assert.Equal(m.Previous, m.Last));
    }

    [Fact]
    public async Task An_older_copy_of_the_log_is_refused()
    {
        checkpoint.Saved = new RelayCheckpoint("memory", Routed.PlaceOf(5), [Routed.PlaceOf(5)]);
        log.Append(Routed.At(0, 0));

        var refused = await Assert.ThrowsAsync<FeedRefusedException>(() => Relay(new Broker()).RunAsync(CancellationToken.None));

        Assert.Contains("published up to ordinal 5, but the log ends at 0", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(65, 1000)]
    [InlineData(16, 5)]
    public void Options_out_of_their_range_are_refused_at_the_start(int partitions, int heartbeatMilliseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeedRelay(
            new FeedRelayOptions { Generation = "live", Partitions = partitions, Heartbeat = TimeSpan.FromMilliseconds(heartbeatMilliseconds) },
            log,
            new Broker(),
            checkpoint,
            TimeProvider.System));

    private FeedRelay Relay(Broker broker, Func<FeedRelayOptions, FeedRelayOptions>? with = null)
    {
        var options = new FeedRelayOptions { Partitions = 1, Generation = "live" };
        return new FeedRelay(with?.Invoke(options) ?? options, log, broker, checkpoint, TimeProvider.System);
    }

    private async Task<Broker> RunUntilAsync(long ordinal, Func<FeedRelayOptions, FeedRelayOptions>? with = null, int heartbeats = 0)
    {
        var broker = new Broker { AwaitHeartbeats = heartbeats };
        using var stop = new CancellationTokenSource();
        var running = Relay(broker, with).RunAsync(stop.Token);
        await broker.SeenAsync(ordinal);
        await stop.CancelAsync();
        await running;
        return broker;
    }

    private sealed class Broker : IFeedPublisher
    {
        private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long until = long.MaxValue;

        public List<FeedMessage> Messages { get; } = [];

        public int Refuse { get; set; }

        public int AwaitHeartbeats { get; set; }

        public Task PublishAsync(IReadOnlyList<FeedMessage> messages, CancellationToken ct)
        {
            lock (Messages)
            {
                if (Refuse > 0 && messages.Any(m => m.Events.Count > 0))
                {
                    Refuse--;
                    throw new IOException("The broker is away.");
                }

                Messages.AddRange(messages);
                Look();
            }

            return Task.CompletedTask;
        }

        public async Task SeenAsync(long ordinal)
        {
            lock (Messages)
            {
                until = ordinal;
                Look();
            }

            await seen.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }

        private void Look()
        {
            if (Messages.Any(m => m.Through.Ordinal.Value >= until) && Messages.Count(m => m.Events.Count == 0) >= AwaitHeartbeats)
            {
                seen.TrySetResult();
            }
        }
    }
}
