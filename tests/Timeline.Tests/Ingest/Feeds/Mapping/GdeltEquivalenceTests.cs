using System.Text;
using static Timeline.Tests.Ingest.Feeds.GdeltRows;

namespace Timeline.Tests.Ingest.Feeds.Mapping;

/// <summary>GDELT's own reader and the mapping that says what it does give the same bytes, row for row.</summary>
public class GdeltEquivalenceTests
{
    public static TheoryData<string> Kinds => ["plain", "odd", "version 2", "version 2 odd", "without address"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_mapping_gives_the_same_bytes_as_the_fast_reader(string kind)
    {
        var bytes = Text(Rows(kind));
        using var fast = new ImportFixture();
        using var mapped = new ImportFixture();
        var expected = await fast.Import(bytes);
        var actual = await mapped.ImportOf("gdelt", bytes);

        Assert.True(expected.Rows > 10);
        Assert.Equal(ImportFixture.Counts(expected), ImportFixture.Counts(actual));
        Assert.Equal(
            fast.Rows.Select(e => $"{e.Stream} {e.Revision} {e.Type} {Encoding.UTF8.GetString(e.Data.Span)}"),
            mapped.Rows.Select(e => $"{e.Stream} {e.Revision} {e.Type} {Encoding.UTF8.GetString(e.Data.Span)}"));
    }

    private static IEnumerable<string[]> Rows(string kind)
    {
        var random = new Random(17);
        string[] actors = ["GEO", "RUS", "USA", "EUR", "NAT", "GEOGOV", ""];
        string[] codes = ["010", "040", "0331", "138", "190", "112", "2042"];
        for (var i = 0; i < 300; i++)
        {
            var (actor, other, code) = (actors[random.Next(actors.Length)], actors[random.Next(actors.Length)], codes[random.Next(codes.Length)]);
            var day = random.Next(1, 28);
            var row = kind.StartsWith("version 2", StringComparison.Ordinal)
                ? V2(5_000 + i, $"202401{day:00}", actor, other, code, $"202401{day:00}{random.Next(24):00}1500")
                : V1(5_000 + i, $"201204{day:00}", actor, other, code);
            if (kind.EndsWith("odd", StringComparison.Ordinal))
            {
                Odd(row, random);
            }

            yield return kind == "without address" ? row[..57] : row;
        }
    }

    // What real files have: absent counts and places, several sources, whole degrees, texts with quotes and accents.
    private static void Odd(string[] row, Random random)
    {
        var at = row.Length == 61 ? 52 : 50;
        string[][] changes =
        [
            ["31", ""], ["32", "17"], ["33", "0"], [$"{at}", ""], [$"{at}", "Sa\"o Tomé\\x"], [$"{at + 1}", ""], [$"{at + 1}", "RS"], [$"{at + 1}", "OS"],
            [$"{at + (row.Length == 61 ? 4 : 3)}", ""], [$"{at + (row.Length == 61 ? 4 : 3)}", "-0.5000"], [$"{at + (row.Length == 61 ? 5 : 4)}", "100"], ["6", ""], ["16", "A \u0001 B"], [$"{row.Length - 1}", "BBC Monitoring"],
        ];
        foreach (var change in changes.Where(_ => random.Next(4) == 0))
        {
            row[int.Parse(change[0])] = change[1];
        }
    }
}
