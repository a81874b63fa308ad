using RabbitMQ.Client;

namespace Timeline.Tests.Integration.RabbitMq;

/// <summary>Whatever the broker loses, repeats or never had, every partition folds exactly its events, in order.</summary>
[Collection(BrokerCollection.Name)]
public sealed class FeedHealsTests(RabbitMqServer server)
{
    [Fact]
    public async Task What_is_appended_before_and_while_it_runs_is_folded_once_across_restarts()
    {
        await using var feed = new FeedOverBroker(server.Address, "plain");
        feed.Append(300);
        await using (feed.StartRelay())
        {
            var projector = feed.StartProjector();
            await feed.FoldedAsync(projector);
            feed.Append(50);
            await feed.FoldedAsync(projector);
            await projector.DisposeAsync();
        }

        feed.Append(50);
        feed.StartRelay();
        await feed.FoldedAsync(feed.StartProjector());
    }

    [Fact]
    public async Task What_was_published_before_queues_were_bound_comes_from_the_log()
    {
        await using var feed = new FeedOverBroker(server.Address, "unbound");
        var relay = feed.StartRelay();
        feed.Append(1);
        await feed.PublishedAsync(relay);
        await UnbindAsync(feed);

        feed.Append(200);
        await feed.PublishedAsync(relay);

        var projector = feed.StartProjector();
        await feed.FoldedAsync(projector);
        Assert.True(projector.Projector.LogPasses > 0);
    }

    [Fact]
    public async Task What_is_purged_comes_from_the_log_with_the_next_message()
    {
        await using var feed = new FeedOverBroker(server.Address, "purged");
        var relay = feed.StartRelay();
        feed.Append(200);
        await feed.PublishedAsync(relay);
        uint purged = 0;
        await OnQueuesAsync(feed, async (channel, queue) => purged += await channel.QueuePurgeAsync(queue));

        Assert.True(purged > 0);
        var projector = feed.StartProjector();
        feed.Append(30);
        await feed.FoldedAsync(projector);
        Assert.True(projector.Projector.LogPasses > 0);
    }

    [Fact]
    public async Task A_lost_last_message_shows_by_the_next_heartbeat_alone()
    {
        await using var feed = new FeedOverBroker(server.Address, "tail");
        var projector = feed.StartProjector();
        var relay = feed.StartRelay();
        feed.Append(100);
        await feed.FoldedAsync(projector);

        // Unbound, the queues miss what is published; bound again, they get no events any more, only heartbeats.
        await UnbindAsync(feed);

        feed.Append(20);
        await feed.PublishedAsync(relay);
        await OnQueuesAsync(feed, (channel, queue) => channel.QueueBindAsync(queue, feed.Exchange, queue[^1..]));

        await feed.FoldedAsync(projector);
        Assert.True(projector.Projector.LogPasses > 0);
    }

    [Fact]
    public async Task A_queue_that_has_lost_its_binding_is_bound_again_by_its_reader()
    {
        await using var feed = new FeedOverBroker(server.Address, "silent");
        feed.Options = feed.Options with { Silence = TimeSpan.FromSeconds(1) };
        var projector = feed.StartProjector();
        feed.StartRelay();
        feed.Append(100);
        await feed.FoldedAsync(projector);
        await UnbindAsync(feed);

        feed.Append(100);
        await feed.FoldedAsync(projector);
        Assert.Contains("has brought nothing for 1 s", projector.Subscriber.Status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_stands_by_behind_one_that_is_brought_messages_and_reads_none_asks_again()
    {
        await using var feed = new FeedOverBroker(server.Address, "behind");
        feed.Options = feed.Options with { Silence = TimeSpan.FromSeconds(1) };
        await using var connection = await server.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var relay = feed.StartRelay();
        feed.Append(50);
        await feed.PublishedAsync(relay);
        await channel.BasicQosAsync(0, 4, global: false);
        foreach (var queue in feed.Queues)
        {
            await channel.BasicConsumeAsync(queue, autoAck: false, new AsyncDefaultBasicConsumer(channel));
        }

        var projector = feed.StartProjector();
        await FeedOverBroker.EventuallyAsync(
            () => projector.Subscriber.Status.LastError?.Contains("has brought nothing for 1 s", StringComparison.Ordinal) == true, () => projector.Subscriber.Status.ToString());
        Assert.Empty(projector.Subscriber.Status.Active);

        await channel.CloseAsync();
        await feed.FoldedAsync(projector);
    }

    [Fact]
    public async Task A_queue_deleted_under_its_reader_is_made_again_by_it()
    {
        await using var feed = new FeedOverBroker(server.Address, "deleted");
        var projector = feed.StartProjector();
        feed.StartRelay();
        feed.Append(100);
        await feed.FoldedAsync(projector);
        await OnQueuesAsync(feed, (channel, queue) => channel.QueueDeleteAsync(queue));

        feed.Append(100);
        await feed.FoldedAsync(projector);
    }

    [Fact]
    public async Task Queues_that_overflow_while_no_Projector_runs_drop_their_oldest_and_the_log_has_it()
    {
        await using var feed = new FeedOverBroker(server.Address, "overflow");
        feed.Options = feed.Options with { MaxMessages = 16 };
        await using var connection = await server.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var relay = feed.StartRelay();
        feed.Append(10);
        await FeedOverBroker.EventuallyAsync(() => relay.Publisher.Status.Confirmed > 40 * FeedOverBroker.Partitions, () => relay.Publisher.Status.ToString());
        Assert.InRange((await channel.QueueDeclarePassiveAsync(feed.QueueOf("stance", 0))).MessageCount, 1u, 16u);

        var projector = feed.StartProjector();
        await feed.FoldedAsync(projector);
        Assert.True(projector.Projector.LogPasses > 0);
        feed.Append(10);
        await feed.FoldedAsync(projector);
    }

    [Fact]
    public async Task Two_Relays_at_once_only_repeat()
    {
        await using var feed = new FeedOverBroker(server.Address, "relays");
        feed.Append(200);
        feed.StartRelay();
        var projector = feed.StartProjector();
        await feed.FoldedAsync(projector);
        feed.StartRelay();
        for (var i = 0; i < 10; i++)
        {
            feed.Append(20);
            await feed.FoldedAsync(projector);
        }
    }

    [Fact]
    public async Task A_message_that_nobody_can_read_is_kept_with_its_reason_and_what_it_said_is_healed()
    {
        await using var feed = new FeedOverBroker(server.Address, "unreadable");
        await using var connection = await server.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var projector = feed.StartProjector();
        feed.StartRelay();
        feed.Append(20);
        await feed.FoldedAsync(projector);

        await channel.BasicPublishAsync(feed.Exchange, "1", "TF and then nonsense"u8.ToArray());
        await FeedOverBroker.EventuallyAsync(() => projector.Subscriber.Status.Rejected == 2, () => projector.Subscriber.Status.ToString());
        feed.Append(20);
        await feed.FoldedAsync(projector);

        var kept = await channel.BasicGetAsync(feed.DeadLetters, autoAck: true);
        Assert.NotNull(kept);
        Assert.Equal("TF and then nonsense", System.Text.Encoding.ASCII.GetString(kept.Body.Span));
        Assert.Contains("version 32", System.Text.Encoding.UTF8.GetString((byte[])kept.BasicProperties.Headers!["timeline-reason"]!), StringComparison.Ordinal);
        Assert.NotNull(await channel.BasicGetAsync(feed.DeadLetters, autoAck: true));
        Assert.Null(await channel.BasicGetAsync(feed.DeadLetters, autoAck: true));
        Assert.Contains("can't be read", projector.Subscriber.Status.LastError, StringComparison.Ordinal);
    }

    private Task UnbindAsync(FeedOverBroker feed) => OnQueuesAsync(feed, (channel, queue) => channel.QueueUnbindAsync(queue, feed.Exchange, queue[^1..]));

    private async Task OnQueuesAsync(FeedOverBroker feed, Func<IChannel, string, Task> act)
    {
        await using var connection = await server.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var queue in feed.Queues)
        {
            await act(channel, queue);
        }
    }
}
