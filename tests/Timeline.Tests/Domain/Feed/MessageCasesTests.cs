using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Tests.Projector;

namespace Timeline.Tests.Domain.Feed;

public sealed class MessageCasesTests
{
    private static readonly FeedIdentity Expected = new("log", 4, "live");

    [Theory]
    [InlineData(9, MessageCase.Skip, 3)]
    [InlineData(8, MessageCase.Advance, 3)]
    [InlineData(7, MessageCase.Advance, 3)]
    [InlineData(6, MessageCase.Apply, 2)]
    [InlineData(5, MessageCase.Apply, 2)]
    [InlineData(4, MessageCase.Apply, 1)]
    [InlineData(3, MessageCase.Apply, 0)]
    [InlineData(2, MessageCase.Apply, 0)]
    [InlineData(1, MessageCase.Heal, 3)]
    [InlineData(-1, MessageCase.Heal, 3)]
    public void A_message_with_events_4_5_7_after_2_and_through_9_is_taken_by_where_the_checkpoint_stands(long checkpoint, MessageCase expected, int first) =>
        Assert.Equal(new MessageStep(expected, first), MessageCases.Of(Message(2, 9, 4, 5, 7), Routed.PlaceOf(checkpoint)));

    [Theory]
    [InlineData(9, MessageCase.Skip)]
    [InlineData(8, MessageCase.Advance)]
    [InlineData(2, MessageCase.Advance)]
    [InlineData(1, MessageCase.Heal)]
    public void A_heartbeat_after_2_and_through_9_advances_or_shows_what_is_missing(long checkpoint, MessageCase expected) =>
        Assert.Equal(new MessageStep(expected, 0), MessageCases.Of(Message(2, 9), Routed.PlaceOf(checkpoint)));

    [Fact]
    public void A_message_of_another_log_partition_count_generation_or_partition_is_refused_with_both_names()
    {
        var message = Message(2, 9, 4, 5, 7);

        Assert.Null(MessageCases.Refusal(message, Expected, 1));
        Assert.Contains("log other came where log log", MessageCases.Refusal(message with { LogId = "other" }, Expected, 1), StringComparison.Ordinal);
        Assert.Contains("8 partitions came where there are 4", MessageCases.Refusal(message with { Partitions = 8 }, Expected, 1), StringComparison.Ordinal);
        Assert.Contains("generation g2 came where live", MessageCases.Refusal(message with { Generation = "g2" }, Expected, 1), StringComparison.Ordinal);
        Assert.Contains("partition 1 came to partition 0", MessageCases.Refusal(message, Expected, 0), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_contradicts_itself_is_refused()
    {
        Assert.NotNull(MessageCases.Refusal(Message(2, 6, 4, 5, 7), Expected, 1));
        Assert.NotNull(MessageCases.Refusal(Message(4, 9, 4, 5, 7), Expected, 1));
        Assert.NotNull(MessageCases.Refusal(Message(2, 9, 4, 5, 7) with { Last = Routed.PlaceOf(8) }, Expected, 1));
        Assert.NotNull(MessageCases.Refusal(Message(2, 9) with { Last = Routed.PlaceOf(3) }, Expected, 1));
    }

    [Fact]
    public void Retries_wait_50_ms_at_first_and_never_longer_than_5_s() =>
        Assert.Equal(
            [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000],
            Enumerable.Range(1, 8).Append(int.MaxValue).Select(n => (int)RetryDelay.After(n).TotalMilliseconds));

    private static FeedMessage Message(long previous, long through, params long[] events) => new(
        "log",
        4,
        "live",
        1,
        Routed.PlaceOf(previous),
        Routed.PlaceOf(events.Length == 0 ? previous : events[^1]),
        Routed.PlaceOf(through),
        Array.ConvertAll(events, o => FeedEvent.Decode(Routed.At(o, 0))));
}
