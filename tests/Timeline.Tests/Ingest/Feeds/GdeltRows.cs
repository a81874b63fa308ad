using System.IO.Compression;
using System.Text;
using Timeline.Ingest.Feeds;

namespace Timeline.Tests.Ingest.Feeds;

/// <summary>Rows of our own making in GDELT's formats.</summary>
internal static class GdeltRows
{
    /// <summary>A row of GDELT 1.0 with 58 columns.</summary>
    public static string[] V1(long id = 1001, string day = "20120401", string actor1 = "GEO", string actor2 = "RUS", string code = "040", string added = "20130203")
    {
        var f = new string[58];
        Array.Fill(f, "");
        Start(f, id, day, actor1, actor2, code);
        (f[50], f[51], f[52], f[53], f[54], f[55]) = ("Tbilisi, T'bilisi, Georgia", "GG", "GG51", "41.725", "44.7908", "-2330077");
        (f[56], f[57]) = (added, "https://example.org/news/" + id);
        return f;
    }

    /// <summary>A row of GDELT 2.0 with 61 columns.</summary>
    public static string[] V2(long id = 9001, string day = "20240131", string actor1 = "FRA", string actor2 = "NAT", string code = "138", string added = "20240131121500")
    {
        var f = new string[61];
        Array.Fill(f, "");
        Start(f, id, day, actor1, actor2, code);
        (f[51], f[52], f[53], f[54], f[56], f[57], f[58]) = ("1", "France", "FR", "FR", "46", "2", "FR");
        (f[59], f[60]) = (added, "https://example.org/news/" + id);
        return f;
    }

    private static void Start(string[] f, long id, string day, string actor1, string actor2, string code)
    {
        (f[0], f[1], f[2], f[3], f[4]) = (id.ToString(), day, day[..Math.Min(6, day.Length)], day[..Math.Min(4, day.Length)], "2012.2493");
        Actor(f, 5, actor1);
        Actor(f, 15, actor2);
        (f[25], f[26], f[27], f[28], f[29], f[30]) = ("1", code, code[..Math.Min(3, code.Length)], code[..Math.Min(2, code.Length)], "1", "1.0");
        (f[31], f[32], f[33], f[34]) = ("4", "2", "3", "1.5");
    }

    private static void Actor(string[] f, int at, string actor)
    {
        if (actor.Length == 0)
        {
            return;
        }

        (f[at], f[at + 1]) = (actor, "NAME OF " + actor);
        f[at + (actor == "NAT" ? 3 : 2)] = actor.Length == 3 ? actor : "";
    }

    public static string[] Set(this string[] row, int column, string value)
    {
        row[column] = value;
        return row;
    }

    public static string Line(this string[] row) => string.Join('\t', row);

    public static byte[] Text(params IEnumerable<string[]> rows) => Encoding.UTF8.GetBytes(string.Concat(rows.Select(r => r.Line() + "\n")));

    public static FeedFile File(byte[] bytes, string name = "rows.tsv") => new(name, () => new MemoryStream(bytes, writable: false));

    public static byte[] Gzip(byte[] bytes)
    {
        var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return to.ToArray();
    }

    public static byte[] Zip(params byte[][] entries)
    {
        var to = new MemoryStream();
        using (var zip = new ZipArchive(to, ZipArchiveMode.Create))
        {
            for (var i = 0; i < entries.Length; i++)
            {
                using var entry = zip.CreateEntry($"entry-{i}.CSV").Open();
                entry.Write(entries[i]);
            }
        }

        return to.ToArray();
    }

    /// <summary>Rows over some days with repeats and rows met again among them, half of these with other content unless <paramref name="changes"/> is false.</summary>
    public static List<string[]> Mixed(int count, int seed, bool changes = true)
    {
        var random = new Random(seed);
        string[] actors = ["GEO", "RUS", "USA", "EUR", "NAT", "GEOGOV", ""];
        string[] codes = ["010", "040", "0331", "138", "190", "112"];
        var rows = new List<string[]>();
        for (var i = 0; i < count; i++)
        {
            var again = rows.Count > 0 && random.Next(20) == 0;
            var row = again
                ? (string[])rows[random.Next(rows.Count)].Clone()
                : V1(1_000 + i, $"201204{random.Next(1, 6):00}", actors[random.Next(actors.Length)], actors[random.Next(actors.Length)], codes[random.Next(codes.Length)]);
            rows.Add(again && random.Next(2) == 0 && changes ? row.Set(32, random.Next(1, 9).ToString()) : row);
        }

        return rows;
    }
}
