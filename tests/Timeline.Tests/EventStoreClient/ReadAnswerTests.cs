using EventStore.Client;
using EventStore.Client.Protocol;
using EventStore.Client.Protocol.Streams;
using Google.Protobuf;

namespace Timeline.Tests.EventStoreDbClient;

public sealed class ReadAnswerTests
{
    private readonly ReadAnswerParser parser = new(new TextCache());

    [Fact]
    public void An_event_has_all_that_the_server_says_of_it()
    {
        var answer = Parse(WireSamples.Read(WireSamples.Event(7)));
        var recorded = answer.Event.Event;

        Assert.Equal(ReadContent.Event, answer.Content);
        Assert.Equal(("feed-1", "Recorded", "application/json"), (recorded.EventStreamId, recorded.EventType, recorded.ContentType));
        Assert.Equal((Uuid.FromGuid(WireSamples.Id), new StreamPosition(7)), (recorded.EventId, recorded.EventNumber));
        Assert.Equal(new Position(5_000_000_007, 4_000_000_007), recorded.Position);
        Assert.Equal(new Position(5_000_000_007, 4_000_000_007), answer.Event.OriginalPosition);
        Assert.Equal(new DateTime(2024, 11, 26, 0, 0, 0, DateTimeKind.Utc), recorded.Created);
        Assert.Equal(DateTimeKind.Utc, recorded.Created.Kind);
        Assert.Equal(("{\"d\":2}", "{\"m\":1}"), (WireSamples.Text(recorded.Data), WireSamples.Text(recorded.Metadata)));
    }

    [Fact]
    public void An_id_may_be_text()
    {
        var recorded = WireSamples.Event();
        recorded.Id = new UUID { String = WireSamples.Id.ToString() };

        Assert.Equal(WireSamples.Id, Parse(WireSamples.Read(recorded)).Event.Event.EventId.ToGuid());
    }

    [Fact]
    public void A_link_comes_with_its_event()
    {
        var answer = Parse(new ReadResp { Event = new ReadResp.Types.ReadEvent { Event = WireSamples.Event(1), Link = WireSamples.Event(9, "links"), NoPosition = new Empty() } });

        Assert.True(answer.Event.IsResolved);
        Assert.Equal(("links", "feed-1"), (answer.Event.OriginalStreamId, answer.Event.Event.EventStreamId));
        Assert.Null(answer.Event.OriginalPosition);
    }

    [Fact]
    public void Every_other_message_is_told_by_its_field()
    {
        (ReadResp Sent, StreamMessage Read)[] messages =
        [
            (new() { Confirmation = new() { SubscriptionId = "s" } }, new StreamMessage.SubscriptionConfirmation("s")),
            (new() { Checkpoint = new() { CommitPosition = 5, PreparePosition = 4 } }, new StreamMessage.AllStreamCheckpointReached(new Position(5, 4))),
            (new() { StreamNotFound = new() }, new StreamMessage.NotFound()),
            (new() { FirstStreamPosition = 0 }, new StreamMessage.FirstStreamPosition(0)),
            (new() { LastStreamPosition = ulong.MaxValue }, new StreamMessage.LastStreamPosition(StreamPosition.End)),
            (new() { LastAllStreamPosition = new() { CommitPosition = 5, PreparePosition = 4 } }, new StreamMessage.LastAllStreamPosition(new Position(5, 4))),
            (new() { CaughtUp = new() }, new StreamMessage.CaughtUp()),
            (new() { FellBehind = new() }, new StreamMessage.FellBehind()),
            (new(), new StreamMessage.Unknown()),
        ];

        Assert.All(messages, message => Assert.Equal(message.Read, Parse(message.Sent).ToMessage()));
    }

    [Fact]
    public void Fields_that_later_servers_add_are_passed_over()
    {
        var bytes = WireSamples.Read(WireSamples.Event()).ToByteArray();

        // Fields 100 to 103: a number, eight bytes, text, four bytes.
        byte[] added = [0xA0, 0x06, 0x96, 0x01, 0xA9, 0x06, 1, 2, 3, 4, 5, 6, 7, 8, 0xB2, 0x06, 2, 0x61, 0x62, 0xBD, 0x06, 1, 2, 3, 4];
        parser.Parse([.. added, .. bytes], out var answer);

        Assert.Equal("feed-1", answer.Event.OriginalStreamId);
    }

    [Fact]
    public void A_message_that_is_cut_off_is_an_error_and_no_other_event()
    {
        var bytes = WireSamples.Read(WireSamples.Event()).ToByteArray();
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            var part = bytes[..cut];
            Assert.ThrowsAny<InvalidDataException>(() => parser.Parse(part, out _));
        }
    }

    [Theory]
    [InlineData("type")]
    [InlineData("content-type")]
    [InlineData("created")]
    public void An_event_that_lacks_what_every_event_has_is_an_error(string key)
    {
        var recorded = WireSamples.Event();
        recorded.Metadata.Remove(key);

        Assert.Throws<InvalidDataException>(() => Parse(WireSamples.Read(recorded)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12x")]
    [InlineData("9223372036854775807")]
    public void A_time_that_is_none_is_an_error(string created)
    {
        var recorded = WireSamples.Event();
        recorded.Metadata["created"] = created;

        Assert.Throws<InvalidDataException>(() => Parse(WireSamples.Read(recorded)));
    }

    [Fact]
    public void There_is_one_string_for_each_stream_and_type_and_one_array_for_each_event()
    {
        var first = Parse(WireSamples.Read(WireSamples.Event(1))).Event.Event;
        var second = Parse(WireSamples.Read(WireSamples.Event(2))).Event.Event;

        Assert.Same(first.EventStreamId, second.EventStreamId);
        Assert.Same(first.EventType, second.EventType);
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(first.Data, out var data));
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(first.Metadata, out var metadata));
        Assert.Same(data.Array, metadata.Array);
    }

    [Fact]
    public void The_texts_that_are_kept_are_bounded_and_never_mixed_up()
    {
        var texts = new TextCache();
        foreach (var number in Enumerable.Range(0, 20_000).Concat(Enumerable.Range(0, 20_000)))
        {
            var text = $"stream-{number}";
            Assert.Equal(text, texts.Get(System.Text.Encoding.UTF8.GetBytes(text)));
        }

        Assert.Equal(new string('ä', 300), texts.Get(System.Text.Encoding.UTF8.GetBytes(new string('ä', 300))));
        Assert.Equal("", texts.Get([]));
    }

    private ReadAnswer Parse(ReadResp message)
    {
        parser.Parse(message.ToByteArray(), out var answer);
        return answer;
    }
}
