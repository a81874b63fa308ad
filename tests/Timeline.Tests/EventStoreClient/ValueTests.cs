using EventStore.Client;
using FsCheck;
using FsCheck.Fluent;

namespace Timeline.Tests.EventStoreDbClient;

public sealed class ValueTests
{
    [Fact]
    public void A_uuid_has_the_bytes_in_the_order_in_which_it_is_written()
    {
        var id = Uuid.Parse("00112233-4455-6677-8899-aabbccddeeff");

        Assert.Equal((0x0011223344556677, unchecked((long)0x8899AABBCCDDEEFF)), (id.Most, id.Least));
        Assert.Equal(Uuid.FromInt64(id.Most, id.Least), id);
        Assert.Equal("00112233-4455-6677-8899-aabbccddeeff", id.ToString());
        Assert.Equal("00112233445566778899aabbccddeeff", id.ToString("N"));
        Assert.Equal(Guid.Empty, Uuid.Empty.ToGuid());
        Assert.NotEqual(Uuid.NewUuid(), Uuid.NewUuid());
    }

    [Fact]
    public void Every_guid_survives_as_uuid() =>
        Prop.ForAll(ArbMap.Default.ArbFor<Guid>(), id => Uuid.FromGuid(id).ToGuid() == id && Uuid.Parse(id.ToString()) == Uuid.FromGuid(id)).QuickCheckThrowOnFailure();

    [Fact]
    public void Positions_are_ordered_by_commit_and_then_by_prepare()
    {
        Position[] ordered = [Position.Start, new(1, 0), new(1, 1), new(2, 0), Position.End];

        Assert.Equal(ordered, ordered.Reverse().Order());
        Assert.True(new Position(1, 0) < new Position(1, 1) && new Position(2, 0) > new Position(1, 1));
        Assert.True(new Position(1, 1) <= new Position(1, 1) && new Position(1, 1) >= new Position(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Position(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Position(ulong.MaxValue - 1, 0));
    }

    [Theory]
    [InlineData("C:5/P:4", true)]
    [InlineData("C:5", false)]
    [InlineData("C:5/P:4/X:1", false)]
    [InlineData("P:5/C:4", false)]
    [InlineData("C:/P:4", false)]
    [InlineData("C:five/P:4", false)]
    public void A_position_is_read_as_it_is_written(string text, bool readable)
    {
        Assert.Equal(readable, Position.TryParse(text, out var position));
        Assert.Equal(readable ? text : null, position?.ToString());
    }

    [Fact]
    public void A_streams_numbers_go_up_to_those_of_64_bits_with_sign()
    {
        Assert.Equal((5L, -1L), (new StreamPosition(5).ToInt64(), StreamPosition.End.ToInt64()));
        Assert.Equal((StreamRevision.None, new StreamRevision(5)), (StreamRevision.FromInt64(-1), StreamRevision.FromInt64(5)));
        Assert.Equal((StreamPosition.End, new StreamPosition(6)), (StreamPosition.FromInt64(-1), new StreamPosition(5).Next()));
        Assert.Equal(new StreamRevision(4), StreamRevision.FromStreamPosition(4) + 1 - 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamPosition(1UL << 63));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamRevision(1UL << 63));
        Assert.Throws<OverflowException>(() => new StreamRevision(0) - 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => StreamPosition.FromStreamRevision(StreamRevision.None));
    }

    [Fact]
    public void A_subscription_starts_at_the_start_after_a_position_or_at_the_end()
    {
        Assert.True(FromAll.Start < FromAll.After(Position.Start) && FromAll.After(Position.Start) < FromAll.End);
        Assert.True(FromStream.Start < FromStream.After(0) && FromStream.After(0) < FromStream.End);
        Assert.Equal((5UL, 4UL), FromAll.After(new Position(5, 4)).ToUInt64());
        Assert.Equal(("Start", "Live", "C:5/P:4"), (FromAll.Start.ToString(), FromAll.End.ToString(), FromAll.After(new Position(5, 4)).ToString()));
        Assert.Throws<ArgumentException>(() => FromAll.After(Position.End));
        Assert.Throws<InvalidOperationException>(() => FromAll.Start.ToUInt64());
    }

    [Fact]
    public void An_event_needs_an_id_and_one_of_two_content_types()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EventData(Uuid.Empty, "t", default));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EventData(Uuid.NewUuid(), "t", default, contentType: "text/plain"));
        Assert.Throws<FormatException>(() => new EventData(Uuid.NewUuid(), "t", default, contentType: "none"));
        Assert.Equal("application/octet-stream", new EventData(Uuid.NewUuid(), "t", default, contentType: "application/octet-stream").ContentType);
    }

    [Fact]
    public void Credentials_are_the_header_of_basic_authentication()
    {
        Assert.Equal("Basic YWRtaW46Y2hhbmdlaXQ=", new UserCredentials("admin", "changeit").ToString());
        Assert.Equal("Bearer token", new UserCredentials("token"));
    }

    [Fact]
    public void Metadata_come_back_as_they_were_written()
    {
        var metadata = new StreamMetadata(
            5, TimeSpan.FromHours(1), 3, TimeSpan.FromSeconds(2), new StreamAcl(readRoles: ["a", "b"]), System.Text.Json.JsonDocument.Parse("""{"own":{"deep":[1,null]}}"""));

        var text = StreamMetadataJson.Write(metadata);

        Assert.Equal("""{"$maxCount":5,"$maxAge":3600,"$tb":3,"$cacheControl":2,"$acl":{"$r":["a","b"]},"own":{"deep":[1,null]}}""", WireSamples.Text(text));
        Assert.Equal(metadata, StreamMetadataJson.Read(text));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamMetadata(maxCount: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamMetadata(maxAge: TimeSpan.Zero));
    }
}
