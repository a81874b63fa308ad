using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Timeline.Tests.Integration.Host;

namespace Timeline.Tests.Integration.Changes;

/// <summary>What a test gives to a live service, and what it hears of it.</summary>
internal static class ChangeStream
{
    /// <summary>Today, for whoever wants today's readings to change.</summary>
    public static string Today => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Threats of today and of an earlier day, and a position, so that every kind of change is told; waits until they are visible, and gives the last one's ordinal.</summary>
    public static async Task<long> GiveAsync(this HttpClient http, string prefix)
    {
        var position = $$$"""{"id":"{{{prefix}}}-p","type":"StatementIssued","version":1,"occurred":{"start":"{{{Today}}}","precision":"day"},"actors":[{"id":"FRA","role":"speaker"}],"source":{"publisher":"An agency","published":"{{{Today}}}","reliability":"A","credibility":1},"modality":"asserted","issue":"{{{prefix}}}","position":2,"data":{}}""";
        string[] lines =
        [
            Given.Warning(prefix + "-1", day: Today), Given.Warning(prefix + "-2", "UKR", "RUS", Today), Given.Warning(prefix + "-3", "USA", "PRK", "2026-01-05"), position,
            Given.Warning(prefix + "-4", "PRK", "USA", Today),
        ];
        using var answer = await http.PostAsync(new Uri("/v1/events?wait=visible", UriKind.Relative), new StringContent(string.Join('\n', lines) + "\n", Encoding.UTF8, "application/x-ndjson"));
        var outcomes = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Length, outcomes.Count(o => o.Contains("\"recorded\"", StringComparison.Ordinal)));
        return outcomes.Select(o => JsonNode.Parse(o)!["ordinal"]!.GetValue<long>()).Max();
    }

    public static async Task<JsonNode> SnapshotAsync(this HttpClient http) => JsonNode.Parse(await http.GetStringAsync(new Uri("/v1/snapshot", UriKind.Relative)))!;

    /// <summary>The subjects of a snapshot as consumers know them.</summary>
    public static string SubjectsOf(JsonNode snapshot)
    {
        var subjects = snapshot["subjects"]!.DeepClone().AsArray();
        foreach (var subject in subjects)
        {
            subject!.AsObject().Remove("incomplete");
        }

        return Canonical(subjects);
    }

    /// <summary>As text in which the order of members does not matter.</summary>
    public static string Canonical(JsonNode? node) => node switch
    {
        JsonObject o => "{" + string.Join(',', o.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => m.Key + ":" + Canonical(m.Value))) + "}",
        JsonArray a => "[" + string.Join(',', a.Select(Canonical)) + "]",
        _ => node?.ToJsonString() ?? "null",
    };

    /// <summary>Everything after a cursor up to the first place that is told under a name.</summary>
    public static async Task<List<SseItem<string>>> HearAsync(this HttpClient http, string cursor, string until = "caught-up", string more = "")
    {
        using var patience = new CancellationTokenSource(TimelineCommand.Patience);
        using var response = await http.GetAsync(new Uri($"/v1/changes?from={cursor}{more}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, patience.Token);
        response.EnsureSuccessStatusCode();
        var heard = new List<SseItem<string>>();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(patience.Token)).EnumerateAsync(patience.Token))
        {
            heard.Add(item);
            if (item.EventType == until)
            {
                return heard;
            }
        }

        throw new InvalidOperationException($"The stream ended before '{until}'.");
    }

    /// <summary>Without the places.</summary>
    public static List<SseItem<string>> Changes(this IEnumerable<SseItem<string>> heard) => [.. heard.Where(h => h.EventType is not ("caught-up" or "heartbeat"))];

    public static string Member(this SseItem<string> told, string name)
    {
        using var json = JsonDocument.Parse(told.Data);
        return json.RootElement.GetProperty(name).ToString();
    }
}
