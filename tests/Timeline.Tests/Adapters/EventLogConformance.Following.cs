using Timeline.Domain.Ports;
using static Timeline.Tests.Adapters.LogSamples;

namespace Timeline.Tests.Adapters;

// Following, and many at once.
public abstract partial class EventLogConformance
{
    [Fact]
    public async Task Following_gives_what_is_there_says_caught_up_and_then_gives_what_comes()
    {
        await Log.MustAppendAsync("feed-f-1", -1, Events(0, 5), Ct);
        await using var follower = new Follower(Log, LogPlace.Start, pageSize: 2, Ct);

        Assert.Equal([0, 1, 2, 3, 4], await follower.ReadToCaughtUpAsync(events: 5));

        await Log.MustAppendAsync("event-a", -1, Events(5, 1), Ct);
        Assert.Equal([5], await follower.ReadToCaughtUpAsync(events: 1));

        await Log.MustAppendAsync("feed-f-1", 4, Events(6, 2), Ct);
        Assert.Equal([6, 7], await follower.ReadToCaughtUpAsync(events: 2));
    }

    [Fact]
    public async Task Following_an_empty_log_says_caught_up_before_anything_comes()
    {
        await using var follower = new Follower(Log, LogPlace.Start, pageSize: 10, Ct);

        Assert.Empty(await follower.ReadToCaughtUpAsync(events: 0));

        await Log.MustAppendAsync("event-a", -1, Events(0, 1), Ct);
        Assert.Equal([0], await follower.ReadToCaughtUpAsync(events: 1));
    }

    [Fact]
    public async Task Following_from_a_place_gives_only_what_comes_after_it()
    {
        var first = await Log.MustAppendAsync("feed-f-1", -1, Events(0, 3), Ct);
        await Log.MustAppendAsync("feed-f-1", 2, Events(3, 2), Ct);
        await using var follower = new Follower(Log, first.Last, pageSize: 10, Ct);

        Assert.Equal([3, 4], await follower.ReadToCaughtUpAsync(events: 2));
    }

    [Fact]
    public async Task Two_followers_each_get_everything()
    {
        await Log.MustAppendAsync("feed-f-1", -1, Events(0, 2), Ct);
        await using var one = new Follower(Log, LogPlace.Start, pageSize: 10, Ct);
        await using var other = new Follower(Log, LogPlace.Start, pageSize: 1, Ct);

        Assert.Equal([0, 1], await one.ReadToCaughtUpAsync(events: 2));
        Assert.Equal([0, 1], await other.ReadToCaughtUpAsync(events: 2));
        await Log.MustAppendAsync("event-a", -1, Events(2, 1), Ct);
        Assert.Equal([2], await other.ReadToCaughtUpAsync(events: 1));
        Assert.Equal([2], await one.ReadToCaughtUpAsync(events: 1));
    }

    [Fact]
    public async Task What_another_instance_appends_is_followed_by_this_one()
    {
        var other = await OpenAsync();
        await using var follower = new Follower(Log, LogPlace.Start, pageSize: 10, Ct);
        Assert.Empty(await follower.ReadToCaughtUpAsync(events: 0));

        await other.MustAppendAsync("event-a", -1, Events(0, 1), Ct);
        Assert.Equal([0], await follower.ReadToCaughtUpAsync(events: 1));

        await other.MustAppendAsync("event-b", -1, Events(1, 1), Ct);
        Assert.Equal([1], await follower.ReadToCaughtUpAsync(events: 1));
    }

    [Fact]
    public async Task A_follower_under_load_gets_every_event_once_in_order()
    {
        const int Appends = 200;
        await using var follower = new Follower(Log, LogPlace.Start, pageSize: 7, Ct);
        var appending = Task.WhenAll(Enumerable.Range(0, Appends).Select(n => Log.MustAppendAsync("event-" + n, -1, Events(n, 1), Ct)));

        Assert.Equal(Enumerable.Range(0, Appends), (await follower.ReadToCaughtUpAsync(Appends)).Select(o => (int)o));
        await appending;
    }

    [Fact]
    public async Task A_cancelled_follower_ends()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using var follower = new Follower(Log, LogPlace.Start, pageSize: 10, cancel.Token);
        await follower.ReadToCaughtUpAsync(events: 0);

        var waiting = follower.ReadToCaughtUpAsync(events: 1);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Appenders_to_different_streams_all_land_once_with_dense_ordinals()
    {
        var other = await OpenAsync();
        var appends = Enumerable.Range(0, 100).Select(
            n => Task.Run(() => (n % 2 == 0 ? Log : other).MustAppendAsync("event-" + n, -1, [Event(n), Event(1000 + n)], Ct), Ct));
        var places = (await Task.WhenAll(appends)).Select(a => a.Last.Ordinal.Value).ToHashSet();

        var all = await Log.AllAsync(Ct, pageSize: 33);

        Assert.Equal(Enumerable.Range(0, 200), all.Select(e => (int)e.Ordinal.Value));
        Assert.Equal(100, all.Select(e => e.Stream).Distinct().Count());
        Assert.All(all, e => Assert.Equal(e.Revision.Value == 1, places.Contains(e.Ordinal.Value)));
        // An append of two stands together: nobody else's event is between them.
        Assert.All(all.Chunk(2), pair => Assert.Equal(pair[0].Stream, pair[1].Stream));
    }

    [Fact]
    public async Task Of_appenders_that_expect_the_same_revision_exactly_one_wins()
    {
        var other = await OpenAsync();
        for (var round = 0; round < 10; round++)
        {
            var last = round - 1;
            var appends = Enumerable.Range(0, 16).Select(n => Task.Run(
                () => (n % 2 == 0 ? Log : other).AppendAsync(new StreamName("event-a"), new ExpectedRevision(last), Events((round * 100) + n, 1), Ct), Ct));
            var results = await Task.WhenAll(appends);

            Assert.Single(results.OfType<AppendResult.Appended>());
            Assert.All(results.OfType<AppendResult.WrongRevision>(), r => Assert.Equal(new Revision(round), r.Actual));
            Assert.Equal(15, results.OfType<AppendResult.WrongRevision>().Count());
        }

        Assert.Equal(10, (await Log.AllAsync(Ct)).Count);
    }

    [Fact]
    public async Task Of_appenders_of_the_same_event_one_adds_it_and_all_are_told_its_place()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Append("event-a", -1, Event(0)), Ct)));

        var appended = Assert.Single(results.OfType<AppendResult.Appended>());
        Assert.Equal(15, results.OfType<AppendResult.AlreadyThere>().Count(r => r.Last == appended.Last));
        Assert.Single(await Log.AllAsync(Ct));
    }

    /// <summary>Follows the log page by page, as far as a test asks.</summary>
    protected sealed class Follower(IEventLog log, LogPlace after, int pageSize, CancellationToken ct) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<LogPage> pages = log.FollowAllAsync(after, pageSize, ct).GetAsyncEnumerator(ct);

        /// <summary>The ordinals of at least so many events, up to the next page that says caught up. (It may say so again before they come.)</summary>
        public async Task<List<long>> ReadToCaughtUpAsync(int events)
        {
            var ordinals = new List<long>();
            do
            {
                Assert.True(await pages.MoveNextAsync());
                ordinals.AddRange(pages.Current.Events.Select(e => e.Ordinal.Value));
            }
            while (!pages.Current.CaughtUp || ordinals.Count < events);

            return ordinals;
        }

        public ValueTask DisposeAsync() => pages.DisposeAsync();
    }
}
