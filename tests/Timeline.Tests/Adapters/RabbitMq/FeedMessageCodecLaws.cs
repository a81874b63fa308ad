using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Timeline.Adapters.RabbitMq;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Tests.Projector;

namespace Timeline.Tests.Adapters.RabbitMq;

public sealed class FeedMessageCodecLaws
{
    private static readonly Gen<ulong> Numbers = Gen.OneOf(
        Gen.Choose(0, 300).Select(static i => (ulong)i),
        Gen.Elements<ulong>(127, 128, 16383, 16384, uint.MaxValue, long.MaxValue, ulong.MaxValue - 1, ulong.MaxValue));

    private static readonly Gen<LogPlace> Places =
        from ordinal in Gen.Elements(-1L, 0, 126, 127, 128, 1_000_000, long.MaxValue - 1)
        from commit in Numbers
        from prepare in Numbers
        select new LogPlace(new Ordinal(ordinal), new Position(commit, prepare));

    private static readonly Gen<LogEvent> Events =
        from place in Places
        from stream in Gen.Elements("", "event-1", "event-2", "feed-x-" + new string('a', 64), "événement-Ω", "event-2")
        from revision in Gen.Elements(0L, 1, 127, 128, long.MaxValue)
        from id in Gen.ListOf(Gen.Choose(0, 255), 16)
        from type in Gen.Elements("StatementIssued", "TalksHeld", "", "né")
        from data in Gen.ListOf(Gen.Choose(0, 255))
        from metadata in Gen.ListOf(Gen.Choose(0, 255))
        from ticks in Gen.Elements(0L, 1, 638_676_000_000_000_001, DateTime.MaxValue.Ticks)
        select new LogEvent(
            place, new StreamName(stream), new Revision(revision), new Guid(Bytes(id)), type, Bytes(data), Bytes(metadata), new DateTimeOffset(ticks, TimeSpan.Zero));

    private static readonly Arbitrary<FeedMessage> Messages = Arb.From(
        from log in Gen.Elements("a", "0f8fad5b-d9cb-469f-a165-70867728950e", "é")
        from partitions in Gen.Choose(1, 64)
        from generation in Gen.Elements("live", "v1-0123abcd")
        from partition in Gen.Choose(0, partitions - 1)
        from previous in Places
        from last in Places
        from through in Places
        from events in Gen.ListOf(Events)
        select new FeedMessage(log, partitions, generation, partition, previous, last, through, [.. events.Select(FeedEvent.Decode)]));

    [Fact]
    public void What_is_written_is_read_the_same_to_the_byte() => Prop.ForAll(Messages, static message =>
    {
        var read = FeedMessageCodec.Read(Written(message));
        return read.Head with { Events = [] } == message with { Events = read.Head.Events }
            && read.Events.Select(static e => Told(e.Own())).SequenceEqual(message.Events.Select(static e => Told(e.Log)))
            && read.Events.Zip(message.Events).All(static pair => pair.First.Is(pair.Second.Log));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_cut_short_or_goes_on_is_unreadable() => Prop.ForAll(Messages, Arb.From(Gen.Choose(0, 1_000_000)), static (message, cut) =>
    {
        var body = Written(message);
        Assert.Throws<UnreadableMessageException>(() => FeedMessageCodec.Read(body.AsMemory(0, cut % body.Length)));
        Assert.Throws<UnreadableMessageException>(() => FeedMessageCodec.Read((byte[])[.. body, 0]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Events_that_are_taken_keep_nothing_of_the_message_and_repeated_names_cost_a_byte()
    {
        var events = Enumerable.Range(0, 100).Select(i => FeedEvent.Decode(Routed.At(i, 0) with { Stream = new StreamName("feed-gdelt-" + new string('0', 64)) })).ToArray();
        var body = Written(new FeedMessage("log", 4, "live", 0, LogPlace.Start, events[^1].Log.Place, events[^1].Log.Place, events));

        var taken = new DecodedEvents("log").Of(FeedMessageCodec.Read(body));
        var told = events.Select(static e => Told(e.Log)).ToList();
        Assert.InRange(body.Length - events.Sum(e => e.Log.Data.Length), 0, 200 + (100 * 40));
        Array.Clear(body);

        Assert.Equal(told, taken.Events.Select(static e => Told(e.Log)));
    }

    [Theory]
    [InlineData("XF", "does not begin")]
    [InlineData("TF\u0002", "version 2")]
    [InlineData("TF\u0001\u0003log\u0041", "65 partitions")]
    [InlineData("TF\u0001\u0003log\u0004\u0001g\u0004", "4 partition")]
    [InlineData("TF\u0001\u007flog", "127 bytes")]
    public void Why_it_can_not_be_read_is_said(string body, string why) =>
        Assert.Contains(why, Assert.Throws<UnreadableMessageException>(() => FeedMessageCodec.Read(Encoding.Latin1.GetBytes(body))).Message, StringComparison.Ordinal);

    private static byte[] Written(FeedMessage message)
    {
        var body = new byte[FeedMessageCodec.MaxSize(message)];
        return body[..FeedMessageCodec.Write(message, body)];
    }

    private static string Told(LogEvent e) =>
        $"{e.Place} {e.Stream} {e.Revision} {e.Id} {e.Type} {e.Time.UtcTicks} {Convert.ToHexString(e.Data.Span)} {Convert.ToHexString(e.Metadata.Span)}";

    private static byte[] Bytes(IEnumerable<int> values) => [.. values.Select(static v => (byte)v)];
}
