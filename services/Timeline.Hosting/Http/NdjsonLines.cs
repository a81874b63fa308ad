using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Timeline.Hosting.Http;

/// <summary>One line of NDJSON. <see cref="TooLong"/>: its bytes were passed over, <see cref="Length"/> says how many there were.</summary>
internal readonly record struct NdjsonLine(int Number, ReadOnlyMemory<byte> Utf8, long Length)
{
    public bool TooLong => Length > Utf8.Length;
}

/// <summary>Reads lines with a limit on each, in constant memory: a line beyond the limit is passed over, not held.</summary>
internal static class NdjsonLines
{
    /// <summary>Lines that are not blank, numbered from 1 with the blank ones counted. A byte order mark is passed over.</summary>
    public static async IAsyncEnumerable<NdjsonLine> ReadAsync(PipeReader reader, int maxBytes, [EnumeratorCancellation] CancellationToken ct)
    {
        var number = 0;
        long passedOver = 0;
        while (true)
        {
            var read = await reader.ReadAsync(ct).ConfigureAwait(false);
            var buffer = read.Buffer;
            while (TryCut(ref buffer, read.IsCompleted, out var line))
            {
                number++;
                if (passedOver > 0 || line.Length > maxBytes)
                {
                    yield return new NdjsonLine(number, default, passedOver + line.Length);
                    passedOver = 0;
                }
                else if (Trim(line, number) is { IsEmpty: false } bytes)
                {
                    yield return new NdjsonLine(number, bytes, bytes.Length);
                }
            }

            if (buffer.Length > maxBytes)
            {
                passedOver += buffer.Length;
                buffer = buffer.Slice(buffer.End);
            }

            if (read.IsCompleted)
            {
                if (passedOver > 0)
                {
                    yield return new NdjsonLine(number + 1, default, passedOver);
                }

                reader.AdvanceTo(buffer.End);
                yield break;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    // The last line needs no line feed.
    private static bool TryCut(ref ReadOnlySequence<byte> buffer, bool completed, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }

        line = buffer;
        if (!completed || buffer.IsEmpty)
        {
            return false;
        }

        buffer = buffer.Slice(buffer.End);
        return true;
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlySequence<byte> line, int number)
    {
        ReadOnlyMemory<byte> bytes = line.ToArray();
        if (number == 1 && bytes.Span.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        return bytes.Trim(" \t\r"u8);
    }
}
