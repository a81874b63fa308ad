using EventStore.Client;

namespace Timeline.Tests.EventStoreDbClient;

public sealed class ReadAheadStreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(65_536)]
    [InlineData(100_000)]
    public async Task Bytes_come_in_their_order_whatever_is_asked_for_at_a_time(int piece)
    {
        var sent = new byte[150_000];
        new Random(1).NextBytes(sent);
        await using var stream = new ReadAheadStream(new MemoryStream(sent));
        var read = new List<byte>();
        var buffer = new byte[piece];
        for (var count = await stream.ReadAsync(buffer); count > 0; count = await stream.ReadAsync(buffer))
        {
            read.AddRange(buffer.AsSpan(0, count));
        }

        Assert.Equal(sent, read);
    }

    [Fact]
    public async Task The_connection_is_asked_once_for_what_has_come_together()
    {
        var connection = new Counting(new byte[40_000]);
        await using var stream = new ReadAheadStream(connection);
        for (var read = 0; read < 10; read++)
        {
            Assert.Equal(4000, await stream.ReadAsync(new byte[4000]));
        }

        Assert.Equal(1, connection.Reads);
    }

    [Fact]
    public async Task A_read_of_nothing_takes_nothing_and_writes_pass_through()
    {
        var connection = new MemoryStream();
        await using var stream = new ReadAheadStream(connection);
        await stream.WriteAsync("abc"u8.ToArray());
        connection.Position = 0;

        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(1, await stream.ReadAsync(new byte[1]));
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(2, await stream.ReadAsync(new byte[9]));
    }

    private sealed class Counting(byte[] bytes) : MemoryStream(bytes)
    {
        public int Reads { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reads++;
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
