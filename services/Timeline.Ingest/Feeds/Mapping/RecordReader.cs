namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>
/// Records of a text with separators, in bounded memory. A record is a line, or, with quotes, what a quoted field with line breaks holds together; its
/// number is that of its first line. A field is quoted if it begins with a quotation mark; two of them inside stand for one.
/// </summary>
/// <remarks>
/// A quotation mark that is never closed, or closed in the middle of a field, would take the rows behind it along: such a record is told as broken with its
/// first line alone, and reading goes on with the next line.
/// </remarks>
internal sealed class RecordReader(Stream from, byte separator, bool quotes)
{
    private const byte Quote = (byte)'"';

    /// <summary>Lines behind the record that stay until they are forgotten together.</summary>
    private const int LinesKept = 256;

    private readonly LineReader lines = new(from, IngestLimits.FeedLineBytes);

    // Lines that were looked at while a quoted field stayed open.
    private readonly List<Line> ahead = [];
    private readonly List<int> ends = [];
    private byte[] fields = new byte[4 * 1_024];
    private byte[] raw = new byte[4 * 1_024];
    private int fieldBytes;
    private int rawBytes;
    private bool open;
    private int head;

    /// <summary>Bytes taken from the stream so far.</summary>
    public long BytesRead => lines.BytesRead;

    /// <summary>First line of the record, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Lines that the record takes.</summary>
    public int Lines { get; private set; }

    /// <summary>Why the record can't be told into fields; null where it can.</summary>
    public string? Broken { get; private set; }

    /// <summary>The record as it stands in the file; of one that is too long, its beginning.</summary>
    public ReadOnlySpan<byte> Raw => raw.AsSpan(0, rawBytes);

    /// <summary>The record as one line, which keeps what it needs to be given back to the letter.</summary>
    public Line Whole
    {
        get
        {
            var (first, last) = (ahead[head - Lines], ahead[head - 1]);
            return new Line(Number, Raw.ToArray(), first.TooLong, last.Return, first.Length);
        }
    }

    public int Columns => ends.Count;

    /// <summary>A field without its quotes. Holds until the next record.</summary>
    public ReadOnlySpan<byte> this[int column] => fields.AsSpan(column == 0 ? 0 : ends[column - 1], ends[column] - (column == 0 ? 0 : ends[column - 1]));

    /// <summary>Goes to the next record that is not an empty line; false at the end.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken ct)
    {
        Forget();
        while (true)
        {
            if (await LineAsync(0, ct).ConfigureAwait(false) is not { } first)
            {
                return false;
            }

            if (first.Bytes.IsEmpty)
            {
                head++;
                Forget();
                continue;
            }

            await ReadAsync(first, ct).ConfigureAwait(false);
            return true;
        }
    }

    /// <summary>Goes back behind the first line of the record, which is all that remains of it.</summary>
    public void KeepFirstLine(string why)
    {
        Broken = why;
        head -= Lines - 1;
        Lines = 1;
        rawBytes = 0;
        AppendRaw(ahead[head - 1].Bytes.Span);
    }

    private async ValueTask ReadAsync(Line first, CancellationToken ct)
    {
        (fieldBytes, rawBytes, open, Broken, Number, Lines) = (0, 0, false, null, first.Number, 1);
        ends.Clear();
        AppendRaw(first.Bytes.Span);
        if (first.TooLong)
        {
            Broken = $"longer than {IngestLimits.FeedLineBytes} bytes";
        }
        else
        {
            Cut(first.Bytes.Span);
            while (open && Broken is null)
            {
                if (await LineAsync(Lines, ct).ConfigureAwait(false) is not { } next || next.TooLong || rawBytes + next.Bytes.Length >= IngestLimits.FeedLineBytes)
                {
                    Broken = $"a quotation mark in column {ends.Count + 1} is not closed within {IngestLimits.FeedLineBytes} bytes";
                    break;
                }

                AppendRaw(ahead[head + Lines - 1].Return ? "\r\n"u8 : "\n"u8);
                Lines++;
                AppendRaw(next.Bytes.Span);
                AppendField("\n"u8);
                Cut(next.Bytes.Span);
            }
        }

        head += Lines;
        if (Broken is { } why)
        {
            KeepFirstLine(why);
        }
    }

    // Cuts a line into fields; begins inside a quoted one where that is still open.
    private void Cut(ReadOnlySpan<byte> line)
    {
        while (true)
        {
            if (open || (quotes && !line.IsEmpty && line[0] == Quote))
            {
                if (!CutQuoted(ref line))
                {
                    return;
                }
            }
            else
            {
                var end = line.IndexOf(separator);
                AppendField(end < 0 ? line : line[..end]);
                line = end < 0 ? default : line[end..];
            }

            ends.Add(fieldBytes);
            if (line.IsEmpty)
            {
                return;
            }

            line = line[1..];
        }
    }

    // Leaves the line at the separator behind the field; false where the field stays open or is broken.
    private bool CutQuoted(ref ReadOnlySpan<byte> line)
    {
        line = open ? line : line[1..];
        open = true;
        while (true)
        {
            var mark = line.IndexOf(Quote);
            AppendField(mark < 0 ? line : line[..mark]);
            if (mark < 0)
            {
                return false;
            }

            line = line[(mark + 1)..];
            if (line.IsEmpty || line[0] == separator)
            {
                open = false;
                return true;
            }

            if (line[0] != Quote)
            {
                Broken = $"column {ends.Count + 1} goes on behind its closing quotation mark";
                return false;
            }

            AppendField("\""u8);
            line = line[1..];
        }
    }

    // The line so many places ahead; null at the end of the file.
    private async ValueTask<Line?> LineAsync(int place, CancellationToken ct)
    {
        while (ahead.Count <= head + place)
        {
            if (lines.TryNext(out var line))
            {
                ahead.Add(line with { Bytes = line.Bytes.ToArray() });
            }
            else if (!await lines.FillAsync(ct).ConfigureAwait(false))
            {
                return null;
            }
        }

        return ahead[head + place];
    }

    // Lines behind the head were told and are needed no more.
    private void Forget()
    {
        if (head >= LinesKept || head == ahead.Count)
        {
            ahead.RemoveRange(0, head);
            head = 0;
        }
    }

    private void AppendRaw(ReadOnlySpan<byte> bytes) => Append(ref raw, ref rawBytes, bytes);

    private void AppendField(ReadOnlySpan<byte> bytes) => Append(ref fields, ref fieldBytes, bytes);

    private static void Append(ref byte[] to, ref int used, ReadOnlySpan<byte> bytes)
    {
        if (to.Length - used < bytes.Length)
        {
            Array.Resize(ref to, Math.Max(2 * to.Length, used + bytes.Length));
        }

        bytes.CopyTo(to.AsSpan(used));
        used += bytes.Length;
    }
}
