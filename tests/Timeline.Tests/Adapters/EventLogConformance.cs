using Timeline.Domain.Ports;
using static Timeline.Tests.Adapters.LogSamples;

namespace Timeline.Tests.Adapters;

/// <summary>
/// The laws of <see cref="IEventLog"/>: one suite, which every adapter inherits. An adapter's test says how to open its log; each test has an
/// empty log of its own.
/// </summary>
public abstract partial class EventLogConformance : IAsyncLifetime
{
    private readonly List<IEventLog> opened = [];

    /// <summary>A law that hangs fails instead.</summary>
    protected CancellationToken Ct { get; } = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    protected IEventLog Log { get; private set; } = null!;

    /// <summary>Opens this test's log: empty at the first call, and the same one at each later call, as another process would.</summary>
    protected abstract Task<IEventLog> OpenLogAsync();

    protected abstract Task CloseLogAsync(IEventLog log);

    /// <summary>Deletes what the test stored.</summary>
    protected abstract Task CleanAsync();

    public async Task InitializeAsync() => Log = await OpenAsync();

    public async Task DisposeAsync()
    {
        foreach (var log in opened.ToList())
        {
            await CloseAsync(log);
        }

        await CleanAsync();
    }

    protected async Task<IEventLog> OpenAsync()
    {
        var log = await OpenLogAsync();
        opened.Add(log);
        return log;
    }

    protected async Task CloseAsync(IEventLog log)
    {
        opened.Remove(log);
        await CloseLogAsync(log);
    }

    private Task<AppendResult> Append(string stream, long last, params NewEvent[] events) =>
        Log.AppendAsync(new StreamName(stream), new ExpectedRevision(last), events, Ct);

    [Fact]
    public async Task A_stream_begins_where_no_stream_is_expected()
    {
        var first = await Log.MustAppendAsync("event-a", -1, Events(0, 1), Ct);

        Assert.Equal(new Revision(0), first.LastRevision);
        Assert.Equal(new Ordinal(0), first.Last.Ordinal);
        Assert.Equal(new Revision(0), await Log.LastRevisionAsync(new StreamName("event-a"), Ct));
        Assert.Null(await Log.LastRevisionAsync(new StreamName("event-b"), Ct));
    }

    [Fact]
    public async Task A_stream_goes_on_after_the_revision_that_it_has()
    {
        await Log.MustAppendAsync("feed-f-1", -1, Events(0, 3), Ct);
        var next = await Log.MustAppendAsync("feed-f-1", 2, Events(3, 2), Ct);

        Assert.Equal(new Revision(4), next.LastRevision);
        Assert.Equal(new Ordinal(4), next.Last.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task A_wrong_revision_is_answered_with_the_actual_one_and_writes_nothing(long expected)
    {
        await Log.MustAppendAsync("event-a", -1, Events(0, 2), Ct);

        var refused = Assert.IsType<AppendResult.WrongRevision>(await Append("event-a", expected, Event(9)));

        Assert.Equal(new Revision(1), refused.Actual);
        Assert.Equal(new Ordinal(1), (await Log.HeadAsync(Ct)).Ordinal);
    }

    [Fact]
    public async Task A_revision_expected_where_there_is_no_stream_is_answered_with_none()
    {
        var refused = Assert.IsType<AppendResult.WrongRevision>(await Append("event-a", 0, Event(0)));

        Assert.Null(refused.Actual);
        Assert.Equal(LogPlace.Start, await Log.HeadAsync(Ct));
    }

    [Fact]
    public async Task Appending_the_same_again_adds_nothing_and_is_answered_with_its_first_place()
    {
        var first = await Log.MustAppendAsync("feed-f-1", -1, Events(0, 3), Ct);
        await Log.MustAppendAsync("feed-f-1", 2, Events(3, 3), Ct);

        var again = Assert.IsType<AppendResult.AlreadyThere>(await Append("feed-f-1", -1, Events(0, 3)));

        Assert.Equal(first.Last, again.Last);
        Assert.Equal(first.LastRevision, again.LastRevision);
        Assert.Equal(6, (await Log.AllAsync(Ct)).Count);
    }

    [Fact]
    public async Task What_the_server_adds_is_not_compared()
    {
        var first = await Log.MustAppendAsync("event-a", -1, [Event(0)], Ct);

        var again = Assert.IsType<AppendResult.AlreadyThere>(await Append("event-a", -1, Event(0, recordedAt: Start.AddDays(1))));

        Assert.Equal(first.Last, again.Last);
        Assert.Equal(Start, Assert.Single(await Log.AllAsync(Ct)).Time);
    }

    [Fact]
    public async Task Another_body_under_the_same_name_is_refused()
    {
        await Log.MustAppendAsync("event-a", -1, [Event(0)], Ct);

        var refused = Assert.IsType<AppendResult.WrongRevision>(await Append("event-a", -1, Event(1)));

        Assert.Equal(new Revision(0), refused.Actual);
        Assert.Equal("""{"n":0}""", Text(Assert.Single(await Log.AllAsync(Ct)).Data));
    }

    [Fact]
    public async Task The_same_body_under_another_type_is_refused()
    {
        await Log.MustAppendAsync("event-a", -1, [Event(0)], Ct);

        Assert.IsType<AppendResult.WrongRevision>(await Append("event-a", -1, Event(0, type: "WarningIssued")));
    }

    [Theory]
    [InlineData(0, 4, -1)] // longer than what stands there
    [InlineData(1, 4, 0)] // begins within it, ends beyond it
    [InlineData(0, 3, 0)] // the same events one further on
    public async Task A_retry_that_overlaps_only_in_part_is_refused(int from, int count, long expected)
    {
        await Log.MustAppendAsync("feed-f-1", -1, Events(0, 3), Ct);

        var refused = Assert.IsType<AppendResult.WrongRevision>(await Append("feed-f-1", expected, Events(from, count)));

        Assert.Equal(new Revision(2), refused.Actual);
        Assert.Equal(3, (await Log.AllAsync(Ct)).Count);
    }

    [Fact]
    public async Task One_different_event_in_the_middle_makes_it_no_retry()
    {
        await Log.MustAppendAsync("feed-f-1", -1, Events(0, 3), Ct);

        Assert.IsType<AppendResult.WrongRevision>(await Append("feed-f-1", -1, Event(0), Event(7), Event(2)));
    }

    [Fact]
    public async Task A_refused_append_leaves_nothing_of_its_events()
    {
        await Assert.ThrowsAsync<AppendRefusedException>(() => Append("event-a", -1, Event(0), OfBytes(LogLimits.EventBytes + 1)));

        Assert.Equal(LogPlace.Start, await Log.HeadAsync(Ct));
        Assert.Null(await Log.LastRevisionAsync(new StreamName("event-a"), Ct));
    }

    [Fact]
    public async Task What_is_read_is_what_was_appended_to_the_byte()
    {
        var given = new NewEvent("WarningIssued", Utf8("""{"text":"Попередження \\ \"x\""}"""), Metadata(Start.AddTicks(1)));
        await Log.MustAppendAsync("event-ä/ö", -1, [given], Ct);

        var read = Assert.Single(await Log.AllAsync(Ct));

        Assert.Equal("event-ä/ö", read.Stream.Value);
        Assert.Equal("WarningIssued", read.Type);
        Assert.Equal(new Revision(0), read.Revision);
        Assert.Equal(given.Data.ToArray(), read.Data.ToArray());
        Assert.Equal(given.Metadata.ToArray(), read.Metadata.ToArray());
        Assert.Equal(Start.AddTicks(1), read.Time);
        Assert.Equal(StoreEventId.Derive(read.Stream, read.Revision, given.Data.Span), read.Id);
    }

    [Fact]
    public async Task Events_of_all_streams_come_in_the_order_of_their_appending_with_dense_ordinals()
    {
        await Log.MustAppendAsync("event-b", -1, [Event(0)], Ct);
        await Log.MustAppendAsync("feed-f-1", -1, Events(1, 3), Ct);
        await Log.MustAppendAsync("event-a", -1, [Event(4)], Ct);
        await Log.MustAppendAsync("feed-f-1", 2, [Event(5)], Ct);

        var all = await Log.AllAsync(Ct);

        Assert.Equal(["event-b", "feed-f-1", "feed-f-1", "feed-f-1", "event-a", "feed-f-1"], all.Select(e => e.Stream.Value));
        Assert.Equal([0, 0, 1, 2, 0, 3], all.Select(e => e.Revision.Value));
        Assert.Equal([0, 1, 2, 3, 4, 5], all.Select(e => e.Ordinal.Value));
        Assert.True(all.Zip(all.Skip(1)).All(p => p.First.Place.Position < p.Second.Place.Position));
        Assert.Equal(all[^1].Place, await Log.HeadAsync(Ct));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(500)]
    public async Task Pages_of_any_size_hold_every_event_once_and_only_the_last_is_caught_up(int pageSize)
    {
        await Log.MustAppendAsync("feed-f-1", -1, Events(0, 10), Ct);

        var pages = new List<LogPage>();
        await foreach (var page in Log.ReadAllAsync(LogPlace.Start, pageSize, Ct))
        {
            pages.Add(page);
        }

        Assert.Equal(Enumerable.Range(0, 10), pages.SelectMany(p => p.Events).Select(e => (int)e.Ordinal.Value));
        Assert.All(pages, p => Assert.True(p.Events.Count <= pageSize));
        Assert.All(pages, p => Assert.Equal(p.Events[^1].Place, p.Through));
        Assert.Equal([true], pages.Where(p => p.CaughtUp).Select(p => p == pages[^1]));
    }

    [Fact]
    public async Task Reading_all_goes_on_after_any_place()
    {
        await Log.MustAppendAsync("feed-f-1", -1, Events(0, 5), Ct);
        var all = await Log.AllAsync(Ct);

        foreach (var e in all)
        {
            var rest = await Log.AllAsync(Ct, e.Place, pageSize: 2);
            Assert.Equal(all.Where(x => x.Ordinal > e.Ordinal).Select(x => x.Place), rest.Select(x => x.Place));
        }
    }

    [Fact]
    public async Task Reading_an_empty_log_says_caught_up_at_the_start()
    {
        var pages = new List<LogPage>();
        await foreach (var page in Log.ReadAllAsync(LogPlace.Start, 10, Ct))
        {
            pages.Add(page);
        }

        var only = Assert.Single(pages);
        Assert.Empty(only.Events);
        Assert.True(only.CaughtUp);
        Assert.Equal(LogPlace.Start, only.Through);
        Assert.Equal(LogPlace.Start, await Log.HeadAsync(Ct));
    }

    [Theory]
    [InlineData(0, 2, 2)]
    [InlineData(3, 10, 3)]
    [InlineData(5, 1, 1)]
    [InlineData(6, 10, 0)]
    public async Task A_stream_is_read_from_the_middle(long from, int max, int expected)
    {
        await Log.MustAppendAsync("feed-f-1", -1, Events(0, 4), Ct);
        await Log.MustAppendAsync("event-a", -1, Events(10, 1), Ct);
        await Log.MustAppendAsync("feed-f-1", 3, Events(4, 2), Ct);

        var read = await Log.ReadStreamAsync(new StreamName("feed-f-1"), new Revision(from), max, Ct);

        Assert.Equal(expected, read.Count);
        Assert.Equal(Enumerable.Range((int)from, expected).Select(n => $$"""{"n":{{n}}}"""), read.Select(e => Text(e.Data)));
        Assert.Equal(Enumerable.Range((int)from, expected), read.Select(e => (int)e.Revision.Value));
        Assert.All(read, e => Assert.Equal("feed-f-1", e.Stream.Value));
    }

    [Fact]
    public async Task A_stream_that_is_not_there_reads_as_empty() =>
        Assert.Empty(await Log.ReadStreamAsync(new StreamName("event-a"), new Revision(0), 10, Ct));

    [Fact]
    public async Task An_event_is_found_at_its_ordinal()
    {
        await Log.MustAppendAsync("feed-f-1", -1, Events(0, 3), Ct);

        foreach (var e in await Log.AllAsync(Ct))
        {
            Assert.Equal(Text(e.Data), Text((await Log.ReadAtAsync(e.Ordinal, Ct))!.Data));
        }

        Assert.Null(await Log.ReadAtAsync(new Ordinal(3), Ct));
        Assert.Null(await Log.ReadAtAsync(Ordinal.None, Ct));
    }
}
