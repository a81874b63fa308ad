using RabbitMQ.Client;
using Timeline.Adapters.RabbitMq;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Integration.RabbitMq;

/// <summary>A broker that dies, a connection that is cut, and a broker that refuses: what happens, and what is said.</summary>
[Collection(BrokerCollection.Name)]
public sealed class BrokerFaultTests(RabbitMqServer server)
{
    [Fact]
    public async Task A_broker_that_is_killed_and_started_again_is_caught_up_with_unaided()
    {
        await using var feed = new FeedOverBroker(server.Address, "killed");
        feed.Append(200);
        var projector = feed.StartProjector();
        var relay = feed.StartRelay();
        await feed.FoldedAsync(projector);
        await feed.PublishedAsync(relay);
        await FeedOverBroker.EventuallyAsync(() => projector.Subscriber.Status.Processes == 1, () => projector.Subscriber.Status.ToString());

        await server.KillAsync();
        feed.Append(100);
        await FeedOverBroker.EventuallyAsync(() => relay.Relay.Status.LastError?.Contains("No broker answers", StringComparison.Ordinal) == true, () => relay.Relay.Status.ToString());
        Assert.False(relay.Publisher.Status.Connected);
        await server.StartAgainAsync();

        await feed.FoldedAsync(projector);
        feed.Append(100);
        await feed.FoldedAsync(projector);
        await feed.PublishedAsync(relay);
        Assert.True(relay.Publisher.Status.Connected && projector.Subscriber.Status.Connected);
    }

    [Fact]
    public async Task A_queue_that_the_broker_knows_and_does_not_run_is_made_anew_and_healed_from_the_log()
    {
        await using var feed = new FeedOverBroker(server.Address, "stuck");
        feed.Append(100);
        var relay = feed.StartRelay();
        await feed.PublishedAsync(relay);
        // What a kill at the moment of its making leaves behind.
        await server.ControlAsync("eval", $"ok = ra:force_delete_server(quorum_queues, {{'%2F_{feed.QueueOf("stance", 2)}', node()}}).");

        feed.Append(100);
        var projector = feed.StartProjector();
        await FeedOverBroker.EventuallyAsync(
            () => projector.Subscriber.Status.LastError?.Contains($"'{feed.QueueOf("stance", 2)}'", StringComparison.Ordinal) == true
                && projector.Subscriber.Status.LastError.Contains("so it was deleted", StringComparison.Ordinal),
            () => projector.Subscriber.Status.ToString());

        await feed.FoldedAsync(projector);
        await feed.PublishedAsync(relay);
        feed.Append(100);
        await feed.FoldedAsync(projector);
    }

    [Fact]
    public async Task Connections_cut_at_any_moment_are_opened_again_and_nothing_is_lost()
    {
        await using var feed = new FeedOverBroker(server.Address, "cut");
        await using var proxy = new TcpProxy(server.Port);
        var through = $"amqp://127.0.0.1:{proxy.Port}";
        var projector = feed.StartProjector(through);
        feed.StartRelay(through);
        for (var i = 0; i < 8; i++)
        {
            feed.Append(100);
            await FeedOverBroker.EventuallyAsync(() => proxy.Connections > 0, () => "Nobody connects.");
            proxy.Cut();
            feed.Append(100);
        }

        await feed.FoldedAsync(projector);
    }

    [Fact]
    public async Task Calls_that_overlap_never_overtake_one_that_was_cut_off()
    {
        await using var feed = new FeedOverBroker(server.Address, "order");
        await using var proxy = new TcpProxy(server.Port);
        await using var publisher = new RabbitMqPublisher(feed.Options with { Address = RabbitMqAddress.Parse($"amqp://127.0.0.1:{proxy.Port}"), MaxMessages = 100_000 }, TimeProvider.System);
        await publisher.CheckAsync(default);
        await using var connection = await server.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var seen = await channel.QueueDeclareAsync();
        await channel.QueueBindAsync(seen, feed.Exchange, "0");
        var (rounds, calls, messages) = (80, 6, 5);
        var cutOff = 0;
        for (var round = 0; round < rounds; round++)
        {
            await publisher.CheckAsync(default);
            var under = new List<Task>();
            for (var call = round * calls; call < (round + 1) * calls && !under.Any(static before => before.IsFaulted); call++)
            {
                under.Add(publisher.PublishAsync(Enumerable.Range(call * messages, messages).Select(Numbered).ToArray(), default));
            }

            if (round % 2 == 1 && round % calls < under.Count)
            {
                await ((Task)under[round % calls]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }

            proxy.Cut();
            await ((Task)Task.WhenAll(under)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cutOff += under.Count(static call => call.IsFaulted);
        }

        Assert.True(cutOff > 0);
        var arrived = new List<long>();
        while (await channel.BasicGetAsync(seen, autoAck: true) is { } message)
        {
            arrived.Add(FeedMessageCodec.Read(message.Body).Head.Through.Ordinal.Value);
        }

        foreach (var round in arrived.GroupBy(number => number / (calls * messages)))
        {
            Assert.Equal(Enumerable.Range(0, round.Count()).Select(i => (round.Key * calls * messages) + i), round);
        }

        static FeedMessage Numbered(int number) =>
            new("memory", FeedOverBroker.Partitions, "live", 0, LogPlace.Start, LogPlace.Start, new LogPlace(new Ordinal(number), new Position((ulong)number, 0)), []);
    }

    [Fact]
    public Task Wrong_credentials_are_named_without_the_password() => RefusedAsync(
        $"amqp://guest:wrong@127.0.0.1:{server.Port}", "refuses user 'guest': wrong user or password", "rabbitmqctl change_password guest");

    [Fact]
    public Task A_virtual_host_that_is_not_there_is_named_with_the_line_that_makes_it() => RefusedAsync(
        server.Address + "nowhere", "has no virtual host 'nowhere'", "rabbitmqctl add_vhost nowhere");

    [Fact]
    public async Task A_broker_that_is_not_there_is_named()
    {
        int port;
        await using (var proxy = new TcpProxy(1))
        {
            port = proxy.Port;
        }

        await RefusedAsync($"amqp://127.0.0.1:{port}", $"No broker answers at amqp://127.0.0.1:{port}", "mend TIMELINE_BROKER");
    }

    [Fact]
    public async Task A_queue_that_was_made_otherwise_is_named_with_what_to_do()
    {
        await using var feed = new FeedOverBroker(server.Address, "otherwise");
        await using var connection = await server.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(feed.QueueOf("stance", 2), durable: true, exclusive: false, autoDelete: false);

        await RefusedAsync(server.Address, $"the queue '{feed.QueueOf("stance", 2)}' stands there already, made otherwise", "rabbitmqctl delete_queue", "otherwise");
    }

    [Fact]
    public async Task A_user_without_rights_is_told_the_line_that_gives_them()
    {
        await server.ControlAsync("add_user", "nobody", "secret");
        await server.ControlAsync("set_permissions", "-p", "/", "nobody", "^$", "^$", "^$");

        await RefusedAsync($"amqp://nobody:secret@127.0.0.1:{server.Port}", "does not let user 'nobody' use the exchange 'refused.memory.live'", "rabbitmqctl set_permissions -p / nobody");
    }

    [Fact]
    public async Task A_broker_without_quorum_queues_is_told_so()
    {
        var old = new RabbitMqServer { Environment = { ["RABBITMQ_FEATURE_FLAGS"] = "" } };
        await old.InitializeAsync();
        try
        {
            await RefusedAsync(old.Address, "has no quorum queues", "rabbitmqctl enable_feature_flag all");
        }
        finally
        {
            await old.DisposeAsync();
        }
    }

    private static async Task RefusedAsync(string address, string what, string todo, string prefix = "refused")
    {
        await using var feed = new FeedOverBroker(address, prefix);
        await using var publisher = new RabbitMqPublisher(feed.Options, TimeProvider.System);
        await using var subscriber = new RabbitMqSubscriber(feed.Options, TimeProvider.System);
        var message = new FeedMessage("memory", FeedOverBroker.Partitions, "live", 0, LogPlace.Start, LogPlace.Start, LogPlace.Start, []);
        foreach (var attempt in (Func<Task>[])[
            () => publisher.PublishAsync([message], default),
            () => subscriber.SubscribeAsync("stance", 2, default),
            () => publisher.CheckAsync(default),
            () => subscriber.CheckAsync(default)])
        {
            var refused = await Assert.ThrowsAsync<FeedUnavailableException>(attempt);
            Assert.Contains(what, refused.Message, StringComparison.Ordinal);
            Assert.Contains(todo, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(":wrong@", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
        }

        Assert.Contains(what, publisher.Status.LastError, StringComparison.Ordinal);
        Assert.Contains(what, subscriber.Status.LastError, StringComparison.Ordinal);
    }
}
