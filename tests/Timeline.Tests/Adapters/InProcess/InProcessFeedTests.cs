using Timeline.Adapters.InProcess;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Tests.Projector;

namespace Timeline.Tests.Adapters.InProcess;

public sealed class InProcessFeedTests
{
    private readonly InProcessFeed feed = new(["escalation", "stance"], 2);

    [Fact]
    public async Task A_message_reaches_the_queue_of_its_partition_in_every_projection()
    {
        await feed.PublishAsync([Heartbeat(1, 5)], CancellationToken.None);

        foreach (var projection in new[] { "escalation", "stance" })
        {
            await using var subscription = await feed.SubscribeAsync(projection, 1, CancellationToken.None);
            Assert.True(await subscription.WaitAsync(CancellationToken.None));
            Assert.True(subscription.TryTake(out var delivery));
            Assert.Equal(5, delivery.Message.Through.Ordinal.Value);
            Assert.False(subscription.TryTake(out _));
        }

        await using var other = await feed.SubscribeAsync("stance", 0, CancellationToken.None);
        Assert.False(other.TryTake(out _));
    }

    [Fact]
    public async Task Publishing_waits_while_a_queue_that_somebody_reads_is_full()
    {
        await using var subscription = await feed.SubscribeAsync("escalation", 0, CancellationToken.None);
        var publishing = feed.PublishAsync([.. Enumerable.Range(0, 300).Select(i => Heartbeat(0, i))], CancellationToken.None);
        Assert.False(publishing.IsCompleted);

        for (var i = 0; i < 300; i++)
        {
            Assert.True(await subscription.WaitAsync(CancellationToken.None));
            Assert.True(subscription.TryTake(out var delivery));
            Assert.Equal(i, delivery.Message.Through.Ordinal.Value);
        }

        await publishing;
    }

    [Fact]
    public async Task A_full_queue_is_full_of_events_as_well_as_of_messages()
    {
        await using var subscription = await feed.SubscribeAsync("escalation", 0, CancellationToken.None);
        var events = Enumerable.Range(0, 512).Select(i => FeedEvent.Decode(Routed.At(i, 0))).ToArray();
        var message = Heartbeat(0, 511) with { Events = events };

        Assert.True(feed.PublishAsync([.. Enumerable.Repeat(message, 8)], CancellationToken.None).IsCompleted);
        var publishing = feed.PublishAsync([message], CancellationToken.None);
        Assert.False(publishing.IsCompleted);
        Assert.True(subscription.TryTake(out _));
        await publishing;
    }

    [Fact]
    public async Task A_queue_that_nobody_reads_drops_its_oldest_and_never_holds_up_the_others()
    {
        await feed.PublishAsync([.. Enumerable.Range(0, 300).Select(i => Heartbeat(0, i))], CancellationToken.None);

        await using var subscription = await feed.SubscribeAsync("escalation", 0, CancellationToken.None);
        Assert.True(subscription.TryTake(out var oldest));
        Assert.Equal(300 - 256, oldest.Message.Through.Ordinal.Value);
    }

    [Fact]
    public async Task Letting_go_frees_whoever_waits_to_publish()
    {
        var subscription = await feed.SubscribeAsync("escalation", 0, CancellationToken.None);
        var publishing = feed.PublishAsync([.. Enumerable.Range(0, 300).Select(i => Heartbeat(0, i))], CancellationToken.None);

        await subscription.DisposeAsync();

        await publishing;
    }

    [Fact]
    public async Task Publishing_that_waits_can_be_cancelled()
    {
        await using var subscription = await feed.SubscribeAsync("escalation", 0, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var publishing = feed.PublishAsync([.. Enumerable.Range(0, 300).Select(i => Heartbeat(0, i))], stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing);
    }

    [Fact]
    public async Task A_second_reader_takes_over_and_the_first_is_told()
    {
        await using var first = await feed.SubscribeAsync("escalation", 0, CancellationToken.None);
        Assert.True(await first.ActiveAsync(CancellationToken.None));
        var waiting = first.WaitAsync(CancellationToken.None);

        await using var second = await feed.SubscribeAsync("escalation", 0, CancellationToken.None);
        await feed.PublishAsync([Heartbeat(0, 1)], CancellationToken.None);

        Assert.False(await waiting);
        Assert.False(await first.ActiveAsync(CancellationToken.None));
        Assert.True(await second.ActiveAsync(CancellationToken.None));
        Assert.False(first.TryTake(out _));
        Assert.True(second.TryTake(out _));
    }

    [Fact]
    public async Task An_unknown_projection_is_refused_by_name() =>
        Assert.Contains("'deaths'", (await Assert.ThrowsAsync<ArgumentException>(() => feed.SubscribeAsync("deaths", 0, CancellationToken.None))).Message, StringComparison.Ordinal);

    private static FeedMessage Heartbeat(int partition, long through) =>
        new("log", 2, "live", partition, LogPlace.Start, LogPlace.Start, Routed.PlaceOf(through), []);
}
