using System.Globalization;
using System.Text;
using Timeline.Benchmarks;

namespace Timeline.Tests.Integration.Soak;

/// <summary>One thing that is given in one request, and can be given again whole.</summary>
internal abstract record Gift
{
    /// <summary>Events, a line each.</summary>
    public sealed record Lines(IReadOnlyList<string> Events) : Gift;

    /// <summary>A file of a feed.</summary>
    public sealed record Rows(string Path, string Covers) : Gift;

    /// <summary>A body for an address, answered with 200.</summary>
    public sealed record Body(string Address, string Json) : Gift;

    /// <summary>The last event: who is told that it is visible knows that everything is.</summary>
    public sealed record Last(string Event) : Gift;
}

/// <summary>
/// What every folder of a soak is given, in this order by one giver, so that ordinals are the same however often the giving was cut short: the scenario, a theatre, a file of rows
/// some of which can't be read, what others say of them, a file that repeats a part of the first, and the end.
/// </summary>
internal static class Workload
{
    private const string Source = """{"publisher":"Desk","published":"2024-12-06","reliability":"A","credibility":1}""";
    private const string Covered = "world 2022-11-01..2024-10-31";

    public static IReadOnlyList<Gift> Of(string folder, int rows)
    {
        var whole = Path.Combine(folder, "rows.tsv");
        GdeltRows.Write(whole, rows, seed: 7);
        var lines = File.ReadAllLines(whole);
        File.WriteAllLines(Path.Combine(folder, "later.tsv"), lines.Where((_, i) => i % 3 == 0));

        // A row in seventy can't be read: cut, or of a day that is none. One of them is settled afterwards.
        File.WriteAllLines(whole, lines.Select((line, i) => i % 70 != 35 ? line : i % 140 == 35 ? line[..40] : OfNoDay(line)));
        var feed = "gdelt-" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(whole)));
        return
        [
            new Gift.Lines([.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "scenarios", "ukraine-2024.ndjson"))]),
            new Gift.Body("/v1/theatres", """{"theatres":[{"theatre":"ukraine-war","title":"War","members":["PRK","RUS","UKR","USA"],"reason":"Who fights there."}]}"""),
            new Gift.Rows(whole, Covered),
            new Gift.Lines([.. WhatOthersSay(feed, rows)]),
            new Gift.Body("/v1/setaside/settlements", $$"""{"file":"{{feed}}","rows":["{{feed}}/35"],"reason":"Half a row."}"""),
            new Gift.Rows(Path.Combine(folder, "later.tsv"), Covered),
            new Gift.Last(Host.Given.Warning("the-end")),
        ];
    }

    private static string OfNoDay(string line)
    {
        var columns = line.Split('\t');
        columns[1] = columns[1][..4] + "1399";
        return string.Join('\t', columns);
    }

    // Rows corrected, retracted, linked by hand and taken apart.
    private static IEnumerable<string> WhatOthersSay(string feed, int rows)
    {
        for (var i = 0; i + 7 < rows; i += 100)
        {
            var id = $"{feed}/{i}";
            var content = (i / 100 % 4) switch
            {
                0 => $$""" "type":"EventRetracted","data":{"retracts":"{{id}}"} """,
                1 => $$""" "type":"EventsLinked","data":{"events":["{{id}}","{{feed}}/{{i + 7}}","se-033"]} """,
                2 => $$""" "type":"EventsUnlinked","data":{"link":"t-{{i - 100}}"} """,
                _ => $$$""" "type":"EventCorrected","data":{"replaces":"{{{id}}}","event":{"type":"WeaponUsed","version":2,"modality":"reported","occurred":{"precision":"day","start":"2024-03-01"},"actors":[{"id":"ARM","role":"attacker"}],"targets":[{"id":"AZE","role":"target"}],"source":{{{Source}}}}} """,
            };
            yield return string.Create(CultureInfo.InvariantCulture, $"{{\"id\":\"t-{i}\",\"source\":{Source},{content}}}");
        }
    }
}
