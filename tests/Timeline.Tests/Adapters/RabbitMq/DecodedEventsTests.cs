using Timeline.Adapters.RabbitMq;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Tests.Projector;

namespace Timeline.Tests.Adapters.RabbitMq;

public sealed class DecodedEventsTests
{
    private readonly DecodedEvents decoded = new("log");

    [Fact]
    public void An_event_that_comes_for_several_partitions_is_decoded_once() =>
        Assert.Same(decoded.Of(Message("log", Routed.At(5, 1))).Events[0], decoded.Of(Message("log", Routed.At(5, 1))).Events[0]);

    [Fact]
    public void Another_event_in_the_same_slot_is_not_taken_for_it()
    {
        var first = decoded.Of(Message("log", Routed.At(5, 1))).Events[0];

        Assert.Equal(5 + 4096, decoded.Of(Message("log", Routed.At(5 + 4096, 1))).Events[0].Ordinal.Value);
        Assert.NotSame(first, decoded.Of(Message("log", Routed.At(5, 1))).Events[0]);
        Assert.Equal("event-6", decoded.Of(Message("log", Routed.At(5, 1) with { Stream = new StreamName("event-6") })).Events[0].Log.Stream.Value);
    }

    [Fact]
    public void Events_of_another_log_are_never_mixed_in()
    {
        var foreign = decoded.Of(Message("other", Routed.At(5, 1))).Events[0];

        Assert.NotSame(foreign, decoded.Of(Message("log", Routed.At(5, 1))).Events[0]);
    }

    private static CarriedMessage Message(string log, LogEvent e) => new(new FeedMessage(log, 1, "live", 0, LogPlace.Start, e.Place, e.Place, []), [new CarriedEvent(e.Place, e.Stream, e.Revision, e.Id, e.Type, e.Time, e.Metadata, e.Data)]);
}
