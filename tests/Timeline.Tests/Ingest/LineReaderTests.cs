using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Timeline.Ingest;

namespace Timeline.Tests.Ingest;

public class LineReaderTests
{
    [Fact]
    public void A_line_of_100_MB_is_passed_over_in_the_memory_of_two_lines()
    {
        const int limit = 1_000_000;
        using var stream = new Endless("a\n"u8.ToArray(), 100 * 1024 * 1024, "\nb"u8.ToArray());
        Read(new MemoryStream("warm"u8.ToArray()), 10);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var lines = Read(stream, limit);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * limit);
        Assert.Equal([(1, 1, false), (2, limit, true), (3, 1, false)], lines.Select(l => ((int)l.Number, l.Text.Length, l.TooLong)));
    }

    [Fact]
    public void Its_lines_are_those_of_the_text_however_the_bytes_come()
    {
        var letters = Gen.Elements("a", "bc", "\n", "\r\n", "ü", "defghijklmnop", "\r");
        var texts = from parts in letters.ListOf()
                    from step in Gen.Choose(1, 9)
                    select (Text: string.Concat(parts), step);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(texts.ToArbitrary(), t =>
        {
            var lines = Read(new Dripping(Encoding.UTF8.GetBytes(t.Text), t.step), 12);
            var wanted = t.Text.Split('\n').ToList();
            if (wanted[^1].Length == 0)
            {
                wanted.RemoveAt(wanted.Count - 1);
            }

            return lines.Count == wanted.Count && lines.Index().All(l => Matches(l.Item, wanted[l.Index], l.Index + 1));
        }));
    }

    // A line's CR belongs to its end and is told apart; one that is too long is known by its beginning and its length.
    private static bool Matches((long Number, string Text, bool TooLong, bool Return, long Length) line, string wanted, int number)
    {
        var (ends, length) = (wanted.EndsWith('\r'), Encoding.UTF8.GetByteCount(wanted));
        wanted = ends ? wanted[..^1] : wanted;
        var fits = Encoding.UTF8.GetByteCount(wanted) <= 12;
        return line.Number == number && line.TooLong == !fits && (fits ? line.Text == wanted && line.Return == ends && line.Length == 0 : line.Text[0] == wanted[0] && line.Length == length);
    }

    private static List<(long Number, string Text, bool TooLong, bool Return, long Length)> Read(Stream stream, int limit)
    {
        var reader = new LineReader(stream, limit);
        var lines = new List<(long, string, bool, bool, long)>();

        // These streams never wait, so neither does the reader.
        while (reader.FillAsync(default).AsTask().GetAwaiter().GetResult())
        {
            while (reader.TryNext(out var line))
            {
                lines.Add((line.Number, Encoding.UTF8.GetString(line.Bytes.Span), line.TooLong, line.Return, line.Length));
            }
        }

        return lines;
    }

    private sealed class Dripping(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, step));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, step)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }
}
