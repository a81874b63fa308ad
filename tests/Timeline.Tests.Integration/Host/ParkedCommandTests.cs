using System.Text;
using System.Text.Json;
using Timeline.Adapters.Sqlite;
using Timeline.Domain;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Integration.Host;

/// <summary>Events that this version can't fold: listed, shown, tried again, given up.</summary>
public sealed class ParkedCommandTests : IDisposable
{
    private const string Metadata = """{"recordedAt":"2026-11-22T08:00:00.0000000Z"}""";
    private readonly TimelineCommand _timeline = new();

    public void Dispose() => _timeline.Dispose();

    [Fact]
    public async Task A_parked_event_is_told_with_all_that_was_tried_and_decided_and_a_rebuild_keeps_to_it()
    {
        Assert.Equal(0, (await _timeline.RunAsync("status")).Code);
        await AppendAsync("new-warning", """{"actors":[{"id":"RUS","role":"threatener"}],"id":"new-warning","targets":[{"id":"UKR","role":"target"}],"type":"WarningIssued","version":99}""");
        await AppendAsync("unsaid", """{"data":{"retracts":"new-warning"},"id":"unsaid","source":{"published":"2024-11-20","publisher":"A"},"type":"EventRetracted","version":1}""");

        var list = (await _timeline.RunAsync("parked", "list", "--json")).Json;
        Assert.Equal((8, 8, 0, 0), Counts(list));
        Assert.Contains("99", list.GetProperty("parked")[0].GetProperty("cause").GetString(), StringComparison.Ordinal);
        Assert.Equal((4, 4, 0, 0), Counts((await _timeline.RunAsync("parked", "list", "--country", "RUS", "--json")).Json));
        Assert.Equal((2, 2, 0, 0), Counts((await _timeline.RunAsync("parked", "list", "--country", "RUS", "--projection", "stance", "--json")).Json));
        Assert.Equal(["new-warning", "unsaid"], (await IncompleteAsync("RUS")).Order(StringComparer.Ordinal));

        var redriven = await _timeline.RunAsync("parked", "redrive", "new-warning", "--json");
        Assert.Equal((1, 4), (redriven.Code, Counts(redriven.Json).Outstanding));
        Assert.All(redriven.Json.GetProperty("parked").EnumerateArray(), static l => Assert.Equal(2, l.GetProperty("attempts").GetInt32()));

        var dropped = await _timeline.RunAsync("parked", "drop", "new-warning", "--country", "RUS", "--reason", "A drill.");
        Assert.Equal((0, ""), (dropped.Code, dropped.Error));
        Assert.Contains("2 parked = 0 outstanding + 0 redriven + 2 dropped", dropped.Out, StringComparison.Ordinal);
        Assert.Empty(await IncompleteAsync("RUS"));
        Assert.Equal(["new-warning", "unsaid"], (await IncompleteAsync("UKR")).Order(StringComparer.Ordinal));

        var shown = (await _timeline.RunAsync("parked", "show", "new-warning", "--json")).Json;
        Assert.Equal(8, shown.GetProperty("attempts").GetArrayLength());
        Assert.Equal(
            ["ParkedRedriven RUS ", "ParkedRedriven UKR ", "ParkedDropped RUS A drill."],
            shown.GetProperty("decisions").EnumerateArray().Select(static d => $"{d.GetProperty("type")} {d.GetProperty("subject")} {d.GetProperty("reason")}"));
        Assert.Equal(99, shown.GetProperty("event").GetProperty("version").GetInt32());

        var all = (await _timeline.RunAsync("parked", "list", "--state", "all", "--json")).Json;
        Assert.Equal((8, 4, 2, 2), Counts(all));
        Directory.Delete(Path.Combine(_timeline.Data, "readmodels"), recursive: true);
        var rebuilt = await _timeline.RunAsync("parked", "list", "--state", "all", "--json");
        Assert.Equal(all.GetRawText(), rebuilt.Json.GetRawText());
    }

    [Fact]
    public async Task What_is_not_parked_is_answered_so_and_bad_usage_is_told()
    {
        Assert.Equal(0, (await _timeline.RunAsync("parked", "redrive", "--all")).Code);
        var nothing = await _timeline.RunAsync("parked", "redrive", "e1");
        Assert.Equal(1, nothing.Code);
        Assert.Contains("e1 is not parked", nothing.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _timeline.RunAsync("parked", "redrive")).Code);
        Assert.Equal(2, (await _timeline.RunAsync("parked", "redrive", "e1", "--all")).Code);
        Assert.Equal(2, (await _timeline.RunAsync("parked", "drop", "e1")).Code);
        Assert.Equal(2, (await _timeline.RunAsync("parked", "list", "--state", "lost")).Code);
        Assert.NotEqual(0, (await _timeline.RunAsync("parked", "show", "e1")).Code);
    }

    private static (int Parked, int Outstanding, int Redriven, int Dropped) Counts(JsonElement list)
    {
        var c = list.GetProperty("counts");
        return (c.GetProperty("parked").GetInt32(), c.GetProperty("outstanding").GetInt32(), c.GetProperty("redriven").GetInt32(), c.GetProperty("dropped").GetInt32());
    }

    private async Task<IEnumerable<string>> IncompleteAsync(string country) =>
        (await _timeline.RunAsync("country", country, "--as-of", "2024-11-26", "--json")).Json.GetProperty("incomplete").EnumerateArray().Select(static i => i.GetString()!);

    // As another version of Timeline would, whose events this one has never heard of.
    private async Task AppendAsync(string id, string json)
    {
        await using var log = SqliteEventLog.Open(Path.Combine(_timeline.Data, "log.db"), TimeProvider.System);
        using var document = JsonDocument.Parse(json);
        var e = new NewEvent(document.RootElement.GetProperty("type").GetString()!, Encoding.UTF8.GetBytes(json), Encoding.UTF8.GetBytes(Metadata));
        Assert.IsType<AppendResult.Appended>(await log.AppendAsync(EventNames.ForGiven(id), ExpectedRevision.NoStream, [e], CancellationToken.None));
    }
}
