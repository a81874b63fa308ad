namespace Timeline.Ingest;

/// <summary>One line without its end. <see cref="Bytes"/> hold until the next <see cref="LineReader.FillAsync"/>; of a line over the limit, its beginning.</summary>
/// <param name="Return">A carriage return stood before the line feed; it is no part of <paramref name="Bytes"/>.</param>
/// <param name="Length">Of a line over the limit: all that stood before its line feed, bytes.</param>
internal readonly record struct Line(long Number, ReadOnlyMemory<byte> Bytes, bool TooLong, bool Return = false, long Length = 0);

/// <summary>
/// Lines of a stream in bounded memory: a line over the limit is passed over without being kept. Ends are LF or CRLF; a byte order mark at the beginning is dropped.
/// </summary>
internal sealed class LineReader(Stream from, int maxLineBytes)
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly byte[] buffer = new byte[Math.Max(256 * 1_024, (2 * maxLineBytes) + 4)];
    private int start;
    private int searched;
    private int end;
    private long number;
    private byte[]? beginning;
    private long passed;
    private bool ended;
    private bool begun;

    /// <summary>Bytes taken from the stream so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Waits for more bytes. False at the end, when <see cref="TryNext"/> has nothing left either.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (ended && start == end)
        {
            return false;
        }

        Compact();
        if (!ended)
        {
            var n = await from.ReadAsync(buffer.AsMemory(end), ct).ConfigureAwait(false);
            end += n;
            BytesRead += n;
            ended = n == 0;
        }

        return !ended || end > start || beginning is not null;
    }

    /// <summary>The next line that is whole; at the end of the stream the rest counts as one.</summary>
    public bool TryNext(out Line line)
    {
        if (!begun && !SkipMark())
        {
            line = default;
            return false;
        }

        var at = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
        if (at >= 0)
        {
            var stop = searched + at;
            line = Take(start, stop);
            start = searched = stop + 1;
            return true;
        }

        searched = end;
        if (ended && (end > start || beginning is not null))
        {
            line = Take(start, end);
            start = searched = end;
            return true;
        }

        PassOver();
        line = default;
        return false;
    }

    private bool SkipMark()
    {
        if (end - start < ByteOrderMark.Length && !ended)
        {
            return false;
        }

        begun = true;
        if (buffer.AsSpan(start, end - start).StartsWith(ByteOrderMark))
        {
            start = searched = start + ByteOrderMark.Length;
        }

        return true;
    }

    private Line Take(int from, int to)
    {
        number++;
        if (beginning is { } kept)
        {
            beginning = null;
            return new Line(number, kept, true, Length: passed + to - from);
        }

        var length = to - from;
        var ends = length > 0 && buffer[to - 1] == '\r';
        to -= ends ? 1 : 0;
        return to - from > maxLineBytes
            ? new Line(number, buffer.AsMemory(from, maxLineBytes), true, Length: length)
            : new Line(number, buffer.AsMemory(from, to - from), false, ends);
    }

    // Only the beginning of a line that can't fit any more is kept; its rest is dropped as it comes.
    private void PassOver()
    {
        if (beginning is null && end - start <= maxLineBytes + 1)
        {
            return;
        }

        if (beginning is null)
        {
            beginning = buffer.AsSpan(start, maxLineBytes).ToArray();
            passed = 0;
        }

        passed += end - start;
        start = searched = end;
    }

    private void Compact()
    {
        if (start == 0)
        {
            return;
        }

        buffer.AsSpan(start, end - start).CopyTo(buffer);
        end -= start;
        searched -= start;
        start = 0;
    }
}
