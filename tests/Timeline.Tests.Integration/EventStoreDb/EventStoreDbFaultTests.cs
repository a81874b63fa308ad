using System.Diagnostics;
using Timeline.Domain.Ports;
using Timeline.Tests.Adapters;
using Timeline.Tests.EventStoreDb.Hosting;
using static Timeline.Tests.Adapters.LogSamples;

namespace Timeline.Tests.Integration.EventStoreDb;

/// <summary>What the adapter makes of a store that fails: nothing lost, nothing twice, and it goes on by itself.</summary>
public sealed class EventStoreDbFaultTests : IAsyncLifetime
{
    private OwnStore store = null!;

    public async Task InitializeAsync() => store = await OwnStore.StartAsync();

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Theory]
    [InlineData("broken")]
    [InlineData("swallowed")]
    public async Task An_append_whose_answer_is_lost_is_given_again_and_counted_once(string answer)
    {
        var log = await store.OpenAsync();
        await log.MustAppendAsync("feed-f-1", -1, Events(0, 3), store.Ct);
        if (answer == "broken")
        {
            store.Server.Faults.BreakAnswers(1);
        }
        else
        {
            store.Server.Faults.SwallowAnswers(1);
        }

        var appended = await log.MustAppendAsync("feed-f-1", 2, Events(3, 2), store.Ct);

        Assert.Equal(new Ordinal(4), appended.Last.Ordinal);
        Assert.Equal(new Revision(4), appended.LastRevision);
        Assert.Equal(5, (await log.AllAsync(store.Ct)).Count);
    }

    [Fact]
    public async Task What_somebody_else_gave_at_the_same_moment_is_told_from_what_was_added_now()
    {
        var (one, other) = (await store.OpenAsync(), await store.OpenAsync());
        for (var round = 0; round < 20; round++)
        {
            var stream = new StreamName("event-" + round);
            var results = await Task.WhenAll(
                one.AppendAsync(stream, ExpectedRevision.NoStream, [Event(0, recordedAt: Start)], store.Ct),
                other.AppendAsync(stream, ExpectedRevision.NoStream, [Event(0, recordedAt: Start.AddTicks(1))], store.Ct));

            Assert.Single(results.OfType<AppendResult.Appended>());
            Assert.Single(results.OfType<AppendResult.AlreadyThere>());
        }

        Assert.Equal(20, (await one.AllAsync(store.Ct)).Count);
    }

    [Fact]
    public async Task A_store_that_is_away_for_a_while_makes_an_append_late_and_no_more()
    {
        var log = await store.OpenAsync();
        store.Server.Faults.Unavailable(5);

        await log.MustAppendAsync("event-a", -1, Events(0, 1), store.Ct);
        store.Server.Faults.NotReady(3);
        await log.MustAppendAsync("event-b", -1, Events(1, 1), store.Ct);

        Assert.Equal(2, (await log.AllAsync(store.Ct)).Count);
    }

    [Fact]
    public async Task A_store_that_stays_away_is_unavailable_in_time_and_the_same_append_is_taken_later()
    {
        var log = await store.OpenAsync(OwnStore.Quick with { Patience = TimeSpan.FromSeconds(1), AttemptTimeout = TimeSpan.FromMilliseconds(200) });
        store.Server.Faults.Stall();

        var failure = await Assert.ThrowsAsync<LogUnavailableException>(() => log.MustAppendAsync("event-a", -1, Events(0, 1), store.Ct));

        Assert.Contains(store.Address.Shown, failure.Message, StringComparison.Ordinal);

        // It is known to be away now: who asks next is told after one attempt.
        var since = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<LogUnavailableException>(() => log.MustAppendAsync("event-b", -1, Events(0, 1), store.Ct));
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(1), "The whole patience was spent again.");
        store.Server.Faults.Resume();
        Assert.IsNotType<AppendResult.WrongRevision>(await log.AppendAsync(new StreamName("event-a"), ExpectedRevision.NoStream, Events(0, 1), store.Ct));
        Assert.Single(await log.AllAsync(store.Ct), e => e.Stream.Value == "event-a");
    }

    [Fact]
    public async Task A_read_that_breaks_off_goes_on_where_it_was()
    {
        var log = await store.OpenAsync();
        await log.MustAppendAsync("feed-f-1", -1, Events(0, 300), store.Ct);
        store.Server.Faults.DropReadsAfter(100);

        var all = await log.AllAsync(store.Ct, pageSize: 7);

        Assert.Equal(Enumerable.Range(0, 300), all.Select(e => (int)e.Ordinal.Value));
    }

    [Fact]
    public async Task A_follower_that_is_dropped_goes_on_after_the_last_event_it_handed_on()
    {
        var log = await store.OpenAsync();
        await log.MustAppendAsync("feed-f-1", -1, Events(0, 200), store.Ct);
        var seen = new List<int>();
        var revision = 199;
        await foreach (var page in log.FollowAllAsync(LogPlace.Start, 50, store.Ct))
        {
            seen.AddRange(page.Events.Select(e => (int)e.Ordinal.Value));
            if (seen.Count >= 600)
            {
                break;
            }

            if (page.CaughtUp && seen.Count == revision + 1)
            {
                // Live: the subscription drops, and what comes next is found by the next one.
                store.Server.Faults.DropReadsAfter(0);
                await log.MustAppendAsync("feed-f-1", revision, Events(revision + 1, 100), store.Ct);
                revision += 100;
            }
        }

        Assert.Equal(Enumerable.Range(0, 600), seen);

        // Once to the follower, at most once to whoever looked up the appends' ordinals: a follow that began again from its start would have taken 1,400 more.
        Assert.InRange(store.Server.Faults.EventsSent, 600, 1_300);
    }

    [Fact]
    public async Task An_append_goes_to_the_node_that_leads_now()
    {
        await using var cluster = await EventStoreDbCluster.StartAsync(3);
        var address = Timeline.Adapters.EventStoreDb.EventStoreDbAddress.Parse(cluster.ConnectionString);
        var log = await store.OpenAsync(address: address);
        await log.MustAppendAsync("event-a", -1, Events(0, 1), store.Ct);

        cluster.Leader = 1;
        await log.MustAppendAsync("event-b", -1, Events(1, 1), store.Ct);
        cluster.Leader = 2;
        await cluster.StopAsync(1);
        await log.MustAppendAsync("event-c", -1, Events(2, 1), store.Ct);

        Assert.Equal(["event-a", "event-b", "event-c"], (await log.AllAsync(store.Ct)).Select(e => e.Stream.Value));
        await store.CloseAsync(log);
    }

    [Fact]
    public async Task Events_of_another_program_in_Timelines_streams_are_refused_with_the_way_out()
    {
        var log = await store.OpenAsync();
        await using var client = new EventStore.Client.EventStoreClient(EventStore.Client.EventStoreClientSettings.Create(store.Server.ConnectionString));
        await client.AppendToStreamAsync("event-theirs", EventStore.Client.StreamState.NoStream, [new(EventStore.Client.Uuid.NewUuid(), "Theirs", Utf8("{}"))]);

        var refused = await Assert.ThrowsAsync<LogUnusableException>(() => log.AllAsync(store.Ct));

        Assert.Contains("event-theirs", refused.Message, StringComparison.Ordinal);
        Assert.Contains("streamPrefix=", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task System_events_and_others_streams_are_no_part_of_the_log()
    {
        await using var busy = await OwnStore.StartAsync(new EventStoreDbServerOptions { Store = new() { StatisticsEvery = 3 } });
        var log = await busy.OpenAsync();
        await using var client = new EventStore.Client.EventStoreClient(EventStore.Client.EventStoreClientSettings.Create(busy.Server.ConnectionString));
        for (var n = 0; n < 10; n++)
        {
            await client.AppendToStreamAsync("orders-" + n, EventStore.Client.StreamState.NoStream, [new(EventStore.Client.Uuid.NewUuid(), "Ordered", Utf8("{}"))]);
            await log.MustAppendAsync("event-" + n, -1, Events(n, 1), busy.Ct);
        }

        Assert.Equal(Enumerable.Range(0, 10), (await log.AllAsync(busy.Ct)).Select(e => (int)e.Ordinal.Value));
        Assert.Equal(new Ordinal(9), (await log.HeadAsync(busy.Ct)).Ordinal);
    }

    [Fact]
    public async Task Two_logs_share_a_server_by_their_prefixes()
    {
        var one = await store.OpenAsync(address: Prefixed("one-"));
        var two = await store.OpenAsync(address: Prefixed("two-"));
        await one.MustAppendAsync("event-a", -1, Events(0, 2), store.Ct);
        await two.MustAppendAsync("event-a", -1, Events(7, 1), store.Ct);

        Assert.NotEqual(one.LogId, two.LogId);
        Assert.Equal(2, (await one.AllAsync(store.Ct)).Count);
        Assert.Equal("""{"n":7}""", Text(Assert.Single(await two.AllAsync(store.Ct)).Data));
    }

    [Fact]
    public async Task The_index_is_built_again_where_it_is_missing_damaged_or_anothers()
    {
        var index = store.NewIndex();
        var log = await store.OpenAsync(index: index);
        await log.MustAppendAsync("feed-f-1", -1, Events(0, 20), store.Ct);
        var head = await log.HeadAsync(store.Ct);
        await store.CloseAsync(log);

        foreach (var ruin in (Action[])[() => File.Delete(index), () => File.WriteAllText(index, "no database, and long enough to be taken for one's first page")])
        {
            ruin();
            log = await store.OpenAsync(index: index);
            Assert.Equal(head, await log.HeadAsync(store.Ct));
            Assert.Equal(Start.AddSeconds(7), (await log.ReadAtAsync(new Ordinal(7), store.Ct))!.Time);
            await store.CloseAsync(log);
        }

        var other = await store.OpenAsync(index: index, address: Prefixed("other-"));
        Assert.Equal(LogPlace.Start, await other.HeadAsync(store.Ct));
    }

    [Fact]
    public async Task A_place_of_another_log_is_refused()
    {
        var one = await store.OpenAsync(address: Prefixed("one-"));
        var two = await store.OpenAsync(address: Prefixed("two-"));
        var place = (await one.MustAppendAsync("event-a", -1, Events(0, 1), store.Ct)).Last;
        await two.MustAppendAsync("event-a", -1, Events(0, 1), store.Ct);

        var refused = await Assert.ThrowsAsync<LogUnusableException>(() => two.AllAsync(store.Ct, after: place));

        Assert.Contains(two.LogId, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_opens_a_new_log_at_the_same_moment_opens_the_same_one()
    {
        var logs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.OpenAsync())));

        Assert.Single(logs.Select(l => l.LogId).Distinct());
    }

    [Fact]
    public async Task A_stream_that_is_none_of_Timelines_is_refused_because_it_would_not_be_read_again()
    {
        var log = await store.OpenAsync();

        var refused = await Assert.ThrowsAsync<AppendRefusedException>(() => log.AppendAsync(new StreamName("orders-1"), ExpectedRevision.NoStream, Events(0, 1), store.Ct));

        Assert.Contains("event-", refused.Message, StringComparison.Ordinal);
    }

    private Timeline.Adapters.EventStoreDb.EventStoreDbAddress Prefixed(string prefix) =>
        Timeline.Adapters.EventStoreDb.EventStoreDbAddress.Parse(store.Server.ConnectionString + "&streamPrefix=" + prefix);
}
