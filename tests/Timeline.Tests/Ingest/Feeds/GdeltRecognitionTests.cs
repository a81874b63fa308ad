using System.Text;
using Timeline.Ingest.Feeds;
using static Timeline.Tests.Ingest.Feeds.GdeltRows;

namespace Timeline.Tests.Ingest.Feeds;

public sealed class GdeltRecognitionTests : IDisposable
{
    private static readonly List<string[]> Rows = Mixed(60, seed: 1, changes: false);

    private readonly ImportFixture import = new();

    public void Dispose() => import.Dispose();

    public static TheoryData<string, string> Damages() => new()
    {
        { "commas", "separated by commas" },
        { "semicolons", "separated by semicolons" },
        { "quotes", "quotation marks" },
        { "zeros", "lost their leading zeros" },
        { "scientific", "scientific notation" },
        { "one column less", "57 or 58" },
        { "one column more", "59 columns" },
        { "utf-16", "not UTF-8" },
        { "latin", "none of the first" },
        { "prose", "no GDELT event file" },
        { "no ids", "columns are shifted" },
        { "picture", "no GDELT event file" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_file_that_another_program_has_damaged_is_refused_whole(string damage, string words)
    {
        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => import.Import(Damaged(damage)));

        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("rows.tsv: ", refused.Message, StringComparison.Ordinal);
        Assert.Empty(import.Log.All);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Header_line_ends_and_byte_order_mark_change_no_row(bool header, bool crlf)
    {
        var plain = (await import.Import(Text(Rows))).Rows;
        var names = new string[58];
        Array.Fill(names, "SomeColumn");
        var text = Encoding.UTF8.GetString(Text(header ? [names.Set(0, "GLOBALEVENTID"), .. Rows] : Rows));
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(crlf ? text.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n" : text)];

        var outcome = await import.Import(bytes);

        // Other bytes, so another file, of which every row is known.
        Assert.Equal((plain, plain), (outcome.Rows, outcome.Already));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\r\n\n")]
    [InlineData("GLOBALEVENTID\tSQLDATE\n")]
    public async Task A_file_without_rows_is_whole_and_adds_nothing(string text)
    {
        var outcome = await import.Import(Encoding.UTF8.GetBytes(text));

        Assert.Equal((0L, 0L, 0L, 0L, 0L), ImportFixture.Counts(outcome));
        Assert.Empty(import.Log.All);
    }

    [Fact]
    public async Task Plain_gzip_and_zip_are_one_file()
    {
        var plain = await import.Import(Text(Rows));
        var gzip = await import.Import(Gzip(Text(Rows)));
        var zip = await import.Import(Zip(Text(Rows)));

        Assert.Equal(plain.Sha256, gzip.Sha256);
        Assert.Equal(plain.Sha256, zip.Sha256);
        Assert.Equal(Rows.Count, import.Log.All.Count);
        Assert.Equal((0L, 60L, 60L), (plain.Resumed, gzip.Resumed, zip.Resumed));
    }

    [Fact]
    public async Task Archives_of_none_or_several_files_are_refused()
    {
        Assert.Contains("2 entries", (await Assert.ThrowsAsync<ImportRefusedException>(() => import.Import(Zip(Text(Rows), Text(Rows))))).Message, StringComparison.Ordinal);
        Assert.Contains("0 entries", (await Assert.ThrowsAsync<ImportRefusedException>(() => import.Import(Zip()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_archives_are_refused()
    {
        var gzip = Gzip(Text(Mixed(2_000, seed: 2)));
        var zip = Zip(Text(Mixed(2_000, seed: 2)));

        await Assert.ThrowsAsync<ImportRefusedException>(() => import.Import(gzip[..(gzip.Length / 2)]));
        await Assert.ThrowsAsync<ImportRefusedException>(() => import.Import(zip[..(zip.Length / 2)]));
        Assert.Empty(import.Log.All);
    }

    [Fact]
    public async Task A_bomb_ends_at_the_limit()
    {
        var bomb = Gzip(new byte[32 * 1024 * 1024]);

        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => import.Import(File(bomb), new ImportOptions { MaxFileBytes = 1_000_000 }));

        Assert.Contains("more than 1000000 bytes", refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Damaged(string damage)
    {
        var text = Encoding.UTF8.GetString(Text(Rows));
        return damage switch
        {
            "commas" => Encoding.UTF8.GetBytes(text.Replace('\t', ',')),
            "semicolons" => Encoding.UTF8.GetBytes(text.Replace('\t', ';')),
            "quotes" => Text(Rows.Select(r => r.Select(f => $"\"{f}\"").ToArray())),
            "zeros" => Text(Rows.Select(r => ((string[])r.Clone()).Set(26, r[26].TrimStart('0')).Set(27, r[27].TrimStart('0')).Set(28, r[28].TrimStart('0')))),
            "scientific" => Text(Rows.Select(r => ((string[])r.Clone()).Set(0, "7.19E+08"))),
            "one column less" => Text(Rows.Select(r => r[..56])),
            "one column more" => Text(Rows.Select(r => r.Append("x").ToArray())),
            "utf-16" => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)],
            "latin" => Encoding.Latin1.GetBytes(string.Concat(Rows.Select(r => ((string[])r.Clone()).Set(6, "Köln").Line() + "\n"))),
            "prose" => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("It was a dark and stormy night.\n", 20))),
            "no ids" => Text(Rows.Select(r => new[] { "Tbilisi" }.Concat(r).Take(58).ToArray())),
            _ => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, 1, 2, 3],
        };
    }
}
