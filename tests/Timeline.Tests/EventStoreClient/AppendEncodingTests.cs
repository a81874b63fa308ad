using EventStore.Client;
using EventStore.Client.Protocol.Streams;
using Google.Protobuf;

namespace Timeline.Tests.EventStoreDbClient;

public sealed class AppendEncodingTests
{
    private static readonly Uuid Correlation = Uuid.FromInt64(-5, 6);
    private static readonly byte[] Options = Expected.State(StreamState.Any).Batch("feed-1", DateTime.UnixEpoch).ToByteArray();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(20_000)]
    public void A_batch_reads_as_the_generated_classes_would_have_written_it(int dataBytes)
    {
        var data = new EventData(Uuid.FromGuid(WireSamples.Id), "Größe", new byte[dataBytes], "meta"u8.ToArray(), "application/octet-stream");

        var request = Assert.Single(Requests([data], 1 << 20));

        Assert.Equal((Correlation, true), (Uuid.FromMessage(request.CorrelationId), request.IsFinal));
        Assert.Equal("feed-1", request.Options.StreamIdentifier.StreamName.ToStringUtf8());
        var message = Assert.Single(request.ProposedMessages);
        Assert.Equal(Uuid.FromGuid(WireSamples.Id), Uuid.FromMessage(message.Id));
        Assert.Equal(new Dictionary<string, string> { ["type"] = "Größe", ["content-type"] = "application/octet-stream" }, message.Metadata);
        Assert.Equal((dataBytes, "meta"), (message.Data.Length, message.CustomMetadata.ToStringUtf8()));
    }

    [Fact]
    public void A_large_append_goes_out_in_chunks_of_which_the_first_has_the_options_and_the_last_is_final()
    {
        var requests = Requests(Enumerable.Range(0, 10).Select(_ => WireSamples.Data(dataBytes: 1000)), 3000);

        Assert.Equal([3, 3, 3, 1], requests.Select(r => r.ProposedMessages.Count));
        Assert.Equal([true, false, false, false], requests.Select(r => r.Options is not null));
        Assert.Equal([false, false, false, true], requests.Select(r => r.IsFinal));
    }

    [Fact]
    public void An_append_of_nothing_is_one_final_chunk() => Assert.True(Assert.Single(Requests([], 3000)) is { IsFinal: true, ProposedMessages.Count: 0 });

    [Fact]
    public void What_is_expected_is_said_in_its_own_field()
    {
        var now = DateTime.UnixEpoch;
        Assert.Equal(5UL, Expected.Revision(5).Batch("s", now).StreamPosition);
        Assert.NotNull(Expected.State(StreamState.Any).Batch("s", now).Any);
        Assert.NotNull(Expected.State(StreamState.NoStream).Append("s").NoStream);
        Assert.NotNull(Expected.State(StreamState.StreamExists).Delete("s").StreamExists);
        Assert.Equal(6UL, Expected.Revision(6).Tombstone("s").Revision);
    }

    [Fact]
    public async Task A_single_append_is_options_and_then_a_message_for_each_event()
    {
        EventData[] events = [.. Enumerable.Range(0, 100).Select(n => WireSamples.Data(dataBytes: n * n * n / 10))];
        using var content = new AppendContent(Expected.Revision(3).Append("feed-1"), events);
        using var frames = new FrameReader(new MemoryStream(await content.ReadAsByteArrayAsync()));
        await frames.FillAsync(CancellationToken.None);
        var read = new List<AppendReq>();
        do
        {
            while (frames.TryTake(out var message))
            {
                read.Add(AppendReq.Parser.ParseFrom(message));
            }
        }
        while (await frames.FillAsync(CancellationToken.None));

        Assert.Equal((3UL, "feed-1"), (read[0].Options.Revision, read[0].Options.StreamIdentifier.StreamName.ToStringUtf8()));
        Assert.Equal(events.Select(e => e.Data.Length), read.Skip(1).Select(r => r.ProposedMessage.Data.Length));
    }

    private static List<BatchAppendReq> Requests(IEnumerable<EventData> events, int chunkBytes) =>
        [.. BatchRequest.Chunks(Correlation, Options, events, chunkBytes).Select(chunk => BatchAppendReq.Parser.ParseFrom(chunk.Bytes.Span[5..]))];
}
