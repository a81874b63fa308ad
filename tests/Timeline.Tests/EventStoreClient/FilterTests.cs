using System.Text.RegularExpressions;
using EventStore.Client;
using Window = EventStore.Client.Protocol.Streams.ReadReq.Types.Options.Types.FilterOptions.WindowOneofCase;

namespace Timeline.Tests.EventStoreDbClient;

public sealed partial class FilterTests
{
    [Fact]
    public void Prefixes_and_expressions_go_to_the_server_as_they_are()
    {
        var byStream = ReadRequest.SubscribeToAll(FromAll.Start, false, new SubscriptionFilterOptions(StreamFilter.Prefix(7, "a-", "b-"), 3)).Options.Filter;
        var byType = ReadRequest.SubscribeToAll(FromAll.End, false, new SubscriptionFilterOptions(EventTypeFilter.RegularExpression(Letters()))).Options.Filter;

        Assert.Equal(["a-", "b-"], byStream.StreamIdentifier.Prefix);
        Assert.Equal((7U, 3U), (byStream.Max, byStream.CheckpointIntervalMultiplier));
        Assert.Equal(("^[a-z]+$", 32U, 1U), (byType.EventType.Regex, byType.Max, byType.CheckpointIntervalMultiplier));
        Assert.Equal(Window.Max, byType.WindowCase);
    }

    [Fact]
    public void No_system_events_is_an_expression_that_the_server_knows() =>
        Assert.Equal(@"^[^\$].*", ReadRequest.All(Direction.Forwards, Position.Start, 1, false, EventTypeFilter.ExcludeSystemEvents()).Options.Filter.EventType.Regex);

    [Fact]
    public void No_filter_is_said_to_be_none()
    {
        Assert.NotNull(ReadRequest.All(Direction.Forwards, Position.Start, 1, false, null).Options.NoFilter);
        Assert.NotNull(ReadRequest.All(Direction.Forwards, Position.Start, 1, false, StreamFilter.None).Options.NoFilter);
        Assert.NotNull(ReadRequest.SubscribeToAll(FromAll.Start, false, null).Options.NoFilter);
    }

    [Fact]
    public void A_filter_needs_a_prefix_and_a_window()
    {
        Assert.Throws<ArgumentException>(() => StreamFilter.Prefix());
        Assert.Throws<ArgumentOutOfRangeException>(() => StreamFilter.Prefix(0, "a"));
        Assert.Throws<ArgumentOutOfRangeException>(() => EventTypeFilter.ExcludeSystemEvents(0));
        Assert.Throws<ArgumentNullException>(() => new PrefixFilterExpression(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SubscriptionFilterOptions(StreamFilter.Prefix("a"), 0));
    }

    [Fact]
    public void Filters_are_equal_by_what_they_let_through()
    {
        Assert.Equal(StreamFilter.Prefix("a", "b"), StreamFilter.Prefix("a", "b"));
        Assert.NotEqual(StreamFilter.Prefix("a", "b"), StreamFilter.Prefix("b", "a"));
        Assert.Equal("StreamFilter [a, b]", StreamFilter.Prefix("a", "b").ToString());
        Assert.Equal("(none)", EventTypeFilter.None.ToString());
    }

    [Fact]
    public void A_read_says_where_it_starts_which_way_and_how_far()
    {
        var start = ReadRequest.Stream(Direction.Forwards, "s", StreamPosition.Start, 5, true).Options;
        var end = ReadRequest.Stream(Direction.Backwards, "s", StreamPosition.End, 1, false).Options;
        var middle = ReadRequest.SubscribeToStream("s", FromStream.After(3), false).Options;
        var all = ReadRequest.SubscribeToAll(FromAll.After(new Position(5, 4)), false, null).Options;

        Assert.NotNull(start.Stream.Start);
        Assert.Equal((5UL, true, 1U), (start.Count, start.ResolveLinks, start.ControlOption.Compatibility));
        Assert.NotNull(end.Stream.End);
        Assert.Equal(3UL, middle.Stream.Revision);
        Assert.NotNull(middle.Subscription);
        Assert.Equal((5UL, 4UL), (all.All.Position.CommitPosition, all.All.Position.PreparePosition));
        Assert.All([start, end, middle, all], options => Assert.NotNull(options.UuidOption.Structured));
    }

    [GeneratedRegex("^[a-z]+$")]
    private static partial Regex Letters();
}
