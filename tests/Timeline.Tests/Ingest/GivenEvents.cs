using System.Text;
using System.Text.Json.Nodes;
using Timeline.Domain.Access;
using Timeline.Domain.Methodology;

namespace Timeline.Tests.Ingest;

/// <summary>Events as people give them, right but for what a test changes.</summary>
internal static class GivenEvents
{
    public static readonly MethodologyVersion Methodology = MethodologyVersion.BuiltIn();
    public static readonly DateOnly Today = new(2024, 12, 1);

    public static readonly Caller Somebody = new("somebody", Verified: false, Roles.All);

    public const string Warning = """
        {
          "id": "warning-1", "type": "WarningIssued", "version": 1, "summary": "A warns B of consequences.",
          "occurred": { "start": "2024-11-19", "precision": "day" },
          "actors": [ { "id": "RUS", "role": "threatener", "person": "A. Speaker", "office": "minister", "title": "Minister" } ],
          "targets": [ { "id": "UKR", "role": "target" }, { "name": "A volunteer legion", "kind": "armed-group", "role": "target", "country": "UKR" } ],
          "issue": "long-range-strikes", "position": -2, "topics": ["strikes"],
          "place": { "name": "Rio", "country": "BRA", "latitude": -22.9, "longitude": -43.2 },
          "source": { "publisher": "An agency", "url": "https://example.org/a", "published": "2024-11-20", "via": ["a ministry"],
                      "also": [ { "title": "An article", "url": "https://example.org/b" } ], "reliability": "B", "credibility": 2 },
          "modality": "reported", "relations": [ { "type": "responds-to", "event": "other-1" } ], "coding": { "cameo": "138" },
          "data": { "quote": "Beware.", "nuclear": false, "deaths": { "low": 0, "best": 1, "high": 2 } }, "noteOfOurs": { "kept": [1, 2.50] }
        }
        """;

    public const string Correction = """
        {
          "id": "correction-1", "type": "EventCorrected", "source": { "publisher": "An agency", "published": "2024-11-21" },
          "data": { "replaces": "statement-1", "reason": "the day was wrong", "event": {
            "type": "StatementIssued", "occurred": { "start": "2024-11-18", "precision": "day" }, "actors": [ { "id": "FRA", "role": "speaker" } ],
            "source": { "publisher": "An agency", "published": "2024-11-19" }, "modality": "asserted", "data": {} } }
        }
        """;

    public const string Link = """
        { "id": "link-1", "type": "EventsLinked", "source": { "publisher": "An agency", "published": "2024-11-21" }, "data": { "events": ["a", "b"] } }
        """;

    public const string Covers = """
        { "id": "cover-1", "type": "CoverageDeclared", "source": { "publisher": "An agency", "published": "2024-11-21" },
          "data": { "feed": "gdelt", "countries": ["FRA", "NATO"], "from": "2024-11-01", "to": "2024-11-20" } }
        """;

    public static byte[] With(string json, Action<JsonObject> change)
    {
        var e = JsonNode.Parse(json)!.AsObject();
        change(e);
        return Encoding.UTF8.GetBytes(e.ToJsonString());
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The warning under another id, in one line.</summary>
    public static byte[] WarningNamed(string id) => With(Warning, e => e["id"] = id);
}
