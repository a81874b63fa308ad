using System.IO.Pipelines;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Timeline.Hosting;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Query.Api;

namespace Timeline.Tests.Host;

public sealed class NdjsonLinesTests
{
    [Theory]
    [InlineData("a\nb\n", "1:a 2:b")]
    [InlineData("a\nb", "1:a 2:b")]
    [InlineData("\n \t\r\na\r\n\n  b  ", "3:a 5:b")]
    [InlineData("\uFEFFa\n\uFEFFb", "1:a 2:\uFEFFb")]
    [InlineData("", "")]
    [InlineData("\n\n", "")]
    [InlineData("12345678\n123456789\nx", "1:12345678 2!9 3:x")]
    [InlineData("123456789", "1!9")]
    [InlineData("1234567890123456789012345678901234567890\nx", "1!40 2:x")]
    public async Task Lines_are_numbered_with_the_blank_ones_and_long_ones_are_passed_over(string text, string lines) =>
        Assert.Equal(lines, string.Join(' ', await ReadAsync(text, 1 << 12)));

    [Fact]
    public void However_the_bytes_arrive_the_lines_are_the_same()
    {
        var letters = Gen.Elements('a', 'b', ' ', '\n', '\r', 'é').ListOf().Select(cs => string.Concat(cs));
        var arbitrary = Arb.From(from text in letters from size in Gen.Choose(1, 7) select (text, size));
        Prop.ForAll(arbitrary, async given => Assert.Equal(await ReadAsync(given.text, 1 << 12), await ReadAsync(given.text, given.size))).QuickCheckThrowOnFailure();
    }

    private static async Task<List<string>> ReadAsync(string text, int piece)
    {
        var pipe = new Pipe();
        var writing = WriteAsync(pipe.Writer, Encoding.UTF8.GetBytes(text), piece);
        var lines = new List<string>();
        await foreach (var line in NdjsonLines.ReadAsync(pipe.Reader, maxBytes: 8, CancellationToken.None))
        {
            lines.Add(line.TooLong ? $"{line.Number}!{line.Length}" : $"{line.Number}:{Encoding.UTF8.GetString(line.Utf8.Span)}");
        }

        await writing;
        return lines;
    }

    private static async Task WriteAsync(PipeWriter writer, byte[] bytes, int piece)
    {
        for (var i = 0; i < bytes.Length; i += piece)
        {
            await writer.WriteAsync(bytes.AsMemory(i, Math.Min(piece, bytes.Length - i)));
        }

        await writer.CompleteAsync();
    }
}
