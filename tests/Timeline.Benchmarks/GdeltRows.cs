using System.Globalization;
using System.Text;

namespace Timeline.Benchmarks;

/// <summary>
/// GDELT 1.0 rows from a seed: countries by Zipf with 30% for the first, a quarter of the rows without a country, a fifth repeating an
/// earlier row, days within two years, as measured on real files.
/// </summary>
internal static class GdeltRows
{
    private static readonly string[] Countries =
    [
        "USA", "RUS", "CHN", "UKR", "GBR", "FRA", "DEU", "ISR", "IRN", "TUR", "IND", "PAK", "SYR", "IRQ", "EGY", "JPN", "KOR", "PRK", "AUS", "CAN",
        "ITA", "ESP", "POL", "GEO", "ARM", "AZE", "SAU", "YEM", "AFG", "NGA", "ZAF", "KEN", "ETH", "SDN", "BRA", "MEX", "COL", "VEN", "ARG", "CUB",
    ];

    private static readonly (string Code, string Goldstein)[] Codes =
    [
        ("010", "0"), ("020", "3"), ("036", "4"), ("040", "1"), ("042", "1.9"), ("043", "2.8"), ("046", "7"), ("051", "3.4"), ("057", "8"), ("071", "7.4"),
        ("080", "5"), ("111", "-2"), ("112", "-2"), ("120", "-4"), ("130", "-4.4"), ("138", "-7"), ("141", "-6.5"), ("152", "-7.2"), ("173", "-5"), ("190", "-10"), ("193", "-10"), ("195", "-10"),
    ];

    private static readonly (string Code, string Name)[] Occupations =
    [
        ("", "COUNTRY"), ("GOV", "GOVERNMENT"), ("MIL", "ARMY"), ("COP", "POLICE"), ("BUS", "COMPANY"), ("CVL", "CITIZEN"), ("EDU", "UNIVERSITY"), ("JUD", "COURT"),
        ("LAB", "WORKER"), ("LEG", "PARLIAMENT"), ("MED", "NEWSPAPER"), ("OPP", "OPPOSITION"), ("REB", "REBEL"), ("SPY", "INTELLIGENCE"), ("HLH", "HOSPITAL"), ("CRM", "CRIMINAL"),
    ];

    public static void Write(string path, int count, int seed)
    {
        var random = new Random(seed);
        var zipf = Zipf();
        var first = new DateOnly(2022, 11, 1);
        var recent = new string[4096];
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        for (var i = 0; i < count; i++)
        {
            string content;
            if (i > 0 && random.Next(5) == 0)
            {
                content = recent[random.Next(Math.Min(i, recent.Length))];
            }
            else
            {
                // Files come by day; rows of earlier days straggle in.
                var day = (int)((long)i * 730 / count) - (random.Next(20) == 0 ? random.Next(300) : 0);
                content = Content(random, zipf, first.AddDays(Math.Max(0, day)));
            }

            recent[i % recent.Length] = content;
            var parts = content.Split('|');
            var added = first.AddDays((int)((long)i * 730 / count)).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            file.Write(string.Create(CultureInfo.InvariantCulture, $"{300_000_000 + i}{parts[0]}{random.Next(1, 20)}\t{random.Next(1, 9)}\t{random.Next(1, 20)}\t1.25{parts[1]}{added}\thttp://www.example.org/news/world/{added}/the-two-sides-met-again-and-agreed-on-little-{i}.html\n"));
        }
    }

    private static string Content(Random random, double[] zipf, DateOnly day)
    {
        var a = random.Next(4) == 0 ? "" : Pick(random, zipf);
        var b = a.Length == 0 || random.Next(3) == 0 ? "" : Pick(random, zipf);
        var (code, goldstein) = Codes[random.Next(Codes.Length)];
        var d = day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var town = random.Next(1, 400);
        var place = string.Create(CultureInfo.InvariantCulture, $"4\tTown {town}, Province {town % 30}, Georgia\tGG\tGG{town % 30:00}\t{41 + town % 3}.{town}\t{42 + town % 4}.{town}\t{town}");
        var quad = string.CompareOrdinal(code, "06") < 0 ? 1 : string.CompareOrdinal(code, "10") < 0 ? 2 : string.CompareOrdinal(code, "14") < 0 ? 3 : 4;
        return $"\t{d}\t{d[..6]}\t{d[..4]}\t{d[..4]}.5\t{Actor(random, a)}\t{Actor(random, b)}\t1\t{code}\t{code[..3]}\t{code[..2]}\t{quad}\t{goldstein}\t|\t{place}\t{place}\t{place}\t";
    }

    // As in the feed, the code joins country and occupation: that is what keeps most rows of a day apart.
    private static string Actor(Random random, string country)
    {
        var (occupation, name) = Occupations[random.Next(Occupations.Length)];
        return $"{country}{occupation}\t{name}{random.Next(10)}\t{country}\t\t\t\t\t{occupation}\t\t";
    }

    private static string Pick(Random random, double[] cumulative)
    {
        var at = Array.BinarySearch(cumulative, random.NextDouble());
        return Countries[Math.Min(at < 0 ? ~at : at, Countries.Length - 1)];
    }

    private static double[] Zipf()
    {
        var weights = Countries.Select((_, i) => i == 0 ? 0.0 : 1.0 / i).ToArray();
        var rest = weights.Sum();
        var cumulative = new double[weights.Length];
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += i == 0 ? 0.3 : 0.7 * weights[i] / rest;
            cumulative[i] = sum;
        }

        return cumulative;
    }
}
