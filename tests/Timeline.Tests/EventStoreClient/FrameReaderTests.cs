using EventStore.Client;
using EventStore.Client.Protocol.Streams;
using Grpc.Core;

namespace Timeline.Tests.EventStoreDbClient;

public sealed class FrameReaderTests
{
    [Fact]
    public async Task Messages_are_whole_wherever_the_transport_cuts_them()
    {
        byte[][] sent = [[], [1], [1, 2, 3], new byte[300]];
        var bytes = sent.SelectMany(Frame).ToArray();
        for (var piece = 1; piece <= bytes.Length; piece++)
        {
            Assert.Equal(sent, await ReadAsync(new Pieces(bytes, piece)));
        }
    }

    [Fact]
    public async Task A_message_may_be_longer_than_the_buffer()
    {
        var message = new byte[1_000_000];
        new Random(1).NextBytes(message);

        Assert.Equal([message, [7]], await ReadAsync(new Pieces([.. Frame(message), .. Frame([7])], 4096)));
    }

    [Fact]
    public async Task A_compressed_message_is_refused()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(new Pieces([1, 0, 0, 0, 1, 7], 6)));

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Contains("compressed", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_of_more_than_17_mebibytes_is_refused_before_it_is_read()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(new Pieces([0, 0xFF, 0xFF, 0xFF, 0xFF], 5)));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Contains("4294967295", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_within_a_message_is_an_error()
    {
        var whole = Frame([1, 2, 3]).ToArray();
        for (var cut = 1; cut < whole.Length; cut++)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(new Pieces(whole[..cut], 2)));
            Assert.Contains("middle of a message", error.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_frames_length_is_big_endian()
    {
        var frame = Script.Framed(new ReadResp { FirstStreamPosition = 300 });

        Assert.Equal([0, 0, 0, 0, 3, 0x28, 0xAC, 0x02], frame);
    }

    private static async Task<List<byte[]>> ReadAsync(Stream body)
    {
        using var frames = new FrameReader(body);
        var messages = new List<byte[]>();
        do
        {
            while (frames.TryTake(out var message))
            {
                messages.Add(message.ToArray());
            }
        }
        while (await frames.FillAsync(CancellationToken.None));

        return messages;
    }

    private static IEnumerable<byte> Frame(byte[] message) => [0, .. BitConverter.GetBytes(message.Length).Reverse(), .. message];

    /// <summary>Gives at most so many bytes a read.</summary>
    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
