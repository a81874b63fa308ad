using System.Text;
using Timeline.Ingest;
using Timeline.Ingest.Feeds.Mapping;

namespace Timeline.Tests.Ingest.Feeds.Mapping;

public class RecordReaderTests
{
    [Theory]
    [InlineData("a,b\nc,d\n", "1:a|b", "2:c|d")]
    [InlineData("\uFEFFa,b\r\n\r\n\nc,d", "1:a|b", "4:c|d")]
    [InlineData("\"a\",\"b,c\"\n", "1:a|b,c")]
    [InlineData("a,\"two\r\nlines\",c\nd,e,f", "1:a|two\nlines|c", "3:d|e|f")]
    [InlineData("\"say \"\"no\"\"\",\"\"\n,\n", "1:say \"no\"|", "2:|")]
    [InlineData("5\" gun,b\n", "1:5\" gun|b")]
    [InlineData("a,\"b\n\n\"\nc", "1:a|b\n\n", "4:c")]
    public async Task Records_are_told_with_their_first_line(string text, params string[] expected) =>
        Assert.Equal(expected, await ReadAsync(text));

    [Theory]
    [InlineData("a,\"b\nc,d\ne,\"f\"\n", "1!column 2 goes on behind", "2:c|d", "3:e|f")]
    [InlineData("a,\"b\nc,d\n", "1!a quotation mark in column 2 is not closed", "2:c|d")]
    [InlineData("a,\"b\"x,c\nd,e\n", "1!column 2 goes on behind", "2:d|e")]
    [InlineData("\"", "1!a quotation mark in column 1")]
    public async Task A_lost_quotation_mark_takes_no_other_row_along(string text, params string[] expected)
    {
        var read = await ReadAsync(text);
        Assert.Equal(expected.Length, read.Count);
        Assert.All(expected.Zip(read), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Empty_lines_are_passed_over_in_bounded_memory()
    {
        var lines = new MemoryStream(new byte[4_000_000], 0, 4_000_000, writable: true, publiclyVisible: true);
        lines.GetBuffer().AsSpan().Fill((byte)'\n');
        var before = GC.GetTotalMemory(forceFullCollection: true);

        Assert.False(await new RecordReader(lines, (byte)',', quotes: true).NextAsync(CancellationToken.None));

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: false) - before, long.MinValue, 64 * 1024 * 1024);
    }

    [Fact]
    public async Task A_quoted_field_of_any_number_of_lines_is_given_up_at_the_limit_and_the_rest_is_read()
    {
        var text = "a,\"" + new string('\n', IngestLimits.FeedLineBytes) + "b,c\n";
        var read = await ReadAsync(text);
        Assert.Equal(2, read.Count);
        Assert.StartsWith("1!a quotation mark in column 2 is not closed within 65536 bytes", read[0], StringComparison.Ordinal);
        Assert.Equal($"{IngestLimits.FeedLineBytes + 1}:b|c", read[1]);
    }

    [Fact]
    public async Task A_line_over_the_limit_is_told_and_the_next_one_read()
    {
        var read = await ReadAsync(new string('x', IngestLimits.FeedLineBytes + 1) + "\na,b\n");
        Assert.Equal(["1!longer than 65536 bytes", "2:a|b"], read);
    }

    [Fact]
    public async Task Without_quotes_a_quotation_mark_is_text() =>
        Assert.Equal(["1:\"a|b\"", "2:c|d"], await ReadAsync("\"a,b\"\nc,d", quotes: false));

    [Fact]
    public async Task However_the_bytes_arrive_the_records_are_the_same()
    {
        var text = string.Concat(Enumerable.Range(0, 3_000).Select(i => $"{i},\"line\r\nof \"\"{i}\"\"\",end\n"));
        var expected = await ReadAsync(text);
        Assert.Equal(3_000, expected.Count);
        Assert.Equal(expected, await ReadAsync(text, chunk: 7));
    }

    private static async Task<List<string>> ReadAsync(string text, bool quotes = true, int chunk = int.MaxValue)
    {
        var reader = new RecordReader(new Trickle(Encoding.UTF8.GetBytes(text), chunk), (byte)',', quotes);
        var read = new List<string>();
        while (await reader.NextAsync(default))
        {
            var fields = Enumerable.Range(0, reader.Columns).Select(i => Encoding.UTF8.GetString(reader[i]));
            read.Add(reader.Broken is { } broken ? $"{reader.Number}!{broken}" : $"{reader.Number}:{string.Join('|', fields)}");
        }

        return read;
    }

    /// <summary>Gives so many bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int chunk) : MemoryStream(bytes, writable: false)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
