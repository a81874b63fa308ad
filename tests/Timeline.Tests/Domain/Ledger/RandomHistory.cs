using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Timeline.Domain;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Domain.Ledger;

/// <summary>Histories from a seed: claims, denials, corrections, retractions, links, repeats and coverage that speak of one another in any order.</summary>
internal sealed class RandomHistory(int seed)
{
    private static readonly string[] Subjects = ["RUS", "UKR", "USA", "FRA", "GBR", "PRK", "NATO"];
    private static readonly DateOnly FirstDay = new(2024, 11, 1);
    private const string Feed = "gdelt-0000000000000000000000000000000000000000000000000000000000000000";
    private readonly Random random = new(seed);

    /// <summary>Events as JSON with the stream and revision where they stand, in some log order.</summary>
    public List<(StreamName Stream, Revision Revision, JsonObject Event)> Events(int count)
    {
        var events = new List<(StreamName, Revision, JsonObject)>();
        var rows = new List<JsonObject>();
        for (var i = 0; i < count; i++)
        {
            var id = "e" + i.ToString(CultureInfo.InvariantCulture);
            var kind = random.Next(100);
            if (kind < 25)
            {
                rows.Add(Row(rows));
                events.Add((new StreamName("feed-" + Feed), new Revision(rows.Count - 1), rows[^1]));
                continue;
            }

            var e = kind < 60 ? Claim() : kind < 70 ? Denial(count) : kind < 78 ? Correction(count) : kind < 86 ? Retraction(count) : kind < 92 ? Link(count) : kind < 95 ? Unlink(count) : Coverage();
            e["id"] = id;
            events.Add((EventNames.ForGiven(id), new Revision(0), e));
        }

        return events;
    }

    /// <summary>As the log would hold them, ordinals in the order given.</summary>
    public static List<FeedEvent> Logged(IEnumerable<(StreamName Stream, Revision Revision, JsonObject Event)> events) =>
        [.. events.Select((e, i) => Decode(e.Stream, e.Revision, e.Event, i))];

    public static FeedEvent Decode(StreamName stream, Revision revision, JsonObject e, long ordinal) => FeedEvent.Decode(new LogEvent(
        new LogPlace(new Ordinal(ordinal), new Position((ulong)ordinal + 1, 0)), stream, revision, Guid.Empty, (string)e["type"]!,
        JsonSerializer.SerializeToUtf8Bytes(e), "{}"u8.ToArray(), DateTimeOffset.UnixEpoch));

    /// <summary>The same things in another order.</summary>
    public List<T> Shuffled<T>(IEnumerable<T> items)
    {
        var list = items.ToArray();
        random.Shuffle(list);
        return [.. list];
    }

    public JsonObject Claim(string type = "")
    {
        type = type.Length > 0 ? type : Pick("MissileLaunched", "WarningIssued", "StatementIssued", "TroopsDeployed", "TreatySigned", "ArmsTransferred", "ReportPublished");
        var (a, b) = (Pick(Subjects), Pick(Subjects));
        var joint = type == "TreatySigned";
        var e = new JsonObject
        {
            ["type"] = type,
            ["version"] = type == "MissileLaunched" ? 2 : 1,
            ["modality"] = Pick("asserted", "reported", "asserted", "forecast"),
            ["occurred"] = Occurred(),
            ["source"] = Source(),
            ["actors"] = joint ? new JsonArray(Party(a, "signatory"), Party(b, "signatory")) : new JsonArray(Party(a, type == "ReportPublished" ? "subject" : "speaker")),
            ["targets"] = joint ? new JsonArray() : new JsonArray(Party(b, Pick("target", "adversary", "beneficiary", "recipient"))),
        };
        if (type == "MissileLaunched")
        {
            e["data"] = new JsonObject { ["deaths"] = new JsonObject { ["low"] = 0, ["best"] = random.Next(200), ["high"] = 300 }, ["nuclear"] = random.Next(8) == 0 };
        }

        if (random.Next(3) == 0)
        {
            e["issue"] = Pick("troops", "arms");
            e["position"] = random.Next(-2, 3);
        }

        if (type == "StatementIssued")
        {
            e["coding"] = new JsonObject { ["cameo"] = Pick("111", "051", "130", "012") };
        }

        return e;
    }

    private JsonObject Denial(int count)
    {
        var e = Claim("ReportDenied");
        e["modality"] = Pick("asserted", "denied", "doubted");
        e["relations"] = new JsonArray(new JsonObject { ["type"] = Pick("contests", "contradicts"), ["event"] = AnyId(count) });
        return e;
    }

    private JsonObject Correction(int count) => new()
    {
        ["type"] = "EventCorrected", ["source"] = Source(), ["data"] = new JsonObject { ["replaces"] = AnyId(count), ["event"] = Claim() },
    };

    private JsonObject Retraction(int count) => new() { ["type"] = "EventRetracted", ["source"] = Source(), ["data"] = new JsonObject { ["retracts"] = AnyId(count) } };

    private JsonObject Link(int count) => new()
    {
        ["type"] = "EventsLinked", ["source"] = Source(), ["data"] = new JsonObject { ["events"] = new JsonArray(AnyId(count), AnyId(count)) },
    };

    private JsonObject Unlink(int count) => new() { ["type"] = "EventsUnlinked", ["source"] = Source(), ["data"] = new JsonObject { ["link"] = AnyId(count) } };

    private JsonObject Coverage() => new()
    {
        ["type"] = "CoverageDeclared", ["source"] = Source(),
        ["data"] = new JsonObject { ["feed"] = "gdelt", ["countries"] = new JsonArray(Pick("RUS", "FRA", "world")), ["from"] = "2024-11-01", ["to"] = "2024-12-15" },
    };

    // A row repeats an earlier one only with the same parties, day and code, as an import's rule has it.
    private JsonObject Row(List<JsonObject> rows)
    {
        var first = rows.Count > 0 && random.Next(2) == 0 ? random.Next(rows.Count) : -1;
        var e = new JsonObject { ["type"] = "CodedEventObserved", ["version"] = 1, ["modality"] = "reported", ["source"] = Source() };
        var data = new JsonObject { ["feed"] = "gdelt", ["row"] = rows.Count.ToString(CultureInfo.InvariantCulture), ["sources"] = random.Next(1, 12) };
        if (first >= 0 && (string)rows[first]["type"]! == "CodedEventObserved")
        {
            e["type"] = "RowRepeated";
            data["of"] = $"{Feed}/{first}";
            foreach (var same in new[] { "occurred", "actors", "targets", "coding" })
            {
                e[same] = rows[first][same]!.DeepClone();
            }
        }
        else
        {
            e["occurred"] = Occurred();
            e["actors"] = new JsonArray(Party(Pick(Subjects), "actor"));
            e["targets"] = new JsonArray(Party(Pick(Subjects), "target"));
            e["coding"] = new JsonObject { ["cameo"] = Pick("190", "138", "112", "173") };
        }

        e["data"] = data;
        return e;
    }

    private JsonObject Occurred() => random.Next(6) switch
    {
        0 => new JsonObject { ["precision"] = "unknown" },
        1 => new JsonObject { ["precision"] = "month", ["start"] = "2024-10" },
        2 => new JsonObject { ["precision"] = "year", ["start"] = "2024" },
        _ => new JsonObject { ["precision"] = "day", ["start"] = Day(random.Next(25)) },
    };

    private JsonObject Source() => new()
    {
        ["publisher"] = "Gazette", ["published"] = Day(25 + random.Next(6)), ["reliability"] = Pick("A", "B", "C", "F"), ["credibility"] = random.Next(1, 7),
    };

    private string AnyId(int count) => random.Next(4) == 0
        ? $"{Feed}/{random.Next(Math.Max(1, count / 4))}"
        : "e" + random.Next(count).ToString(CultureInfo.InvariantCulture);

    private string Pick(params string[] of) => of[random.Next(of.Length)];

    private static JsonObject Party(string id, string role) => new() { ["id"] = id, ["role"] = role };

    private static string Day(int offset) => FirstDay.AddDays(offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
