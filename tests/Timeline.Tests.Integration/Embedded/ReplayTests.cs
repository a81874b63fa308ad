using System.Globalization;
using Timeline.Benchmarks;
using Timeline.Contracts.Answers;
using Timeline.Query;

namespace Timeline.Tests.Integration.Embedded;

/// <summary>The read models are a function of the log: whatever way they came about, they are the same.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly DataFolderFixture folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Replaying_from_zero_equals_the_live_read_model()
    {
        var rows = Path.Combine(folder.Path, "rows.tsv");
        GdeltRows.Write(rows, 6_000, seed: 7);
        string live;
        string feed;
        await using (var timeline = await folder.OpenAsync())
        {
            await DataFolderFixture.AppendAsync(timeline, ScenarioLines());
            var outcome = await DataFolderFixture.ImportAsync(timeline, rows);
            Assert.Equal(outcome.Rows, outcome.Events + outcome.Linked + outcome.Already + outcome.SetAside);
            Assert.True(outcome.Linked > 500, "the rows must repeat one another");
            feed = $"gdelt-{outcome.Sha256}";
            await DataFolderFixture.AppendAsync(timeline, WhatOthersSayOf(feed));
            live = await DataFolderFixture.DigestsAsync(timeline);
        }

        Assert.True(live.Split('\n').Length > 60);
        Directory.Delete(folder.ReadModels, recursive: true);
        await using var again = await folder.OpenAsync();
        Assert.Equal(live, await DataFolderFixture.DigestsAsync(again));
    }

    [Fact]
    public async Task A_question_asked_again_with_its_ordinal_gives_the_same_bytes_whatever_has_been_added_since()
    {
        await using var timeline = await folder.OpenAsync();
        await DataFolderFixture.AppendAsync(timeline, ScenarioLines().Take(43));
        await DataFolderFixture.DigestsAsync(timeline);
        var known = (await timeline.Queries.StatusAsync(default)).Events - 1;
        var clocks = new Clocks("2024-11-26", known.ToString(CultureInfo.InvariantCulture), null);
        var before = await AskAllAsync(timeline.Queries, clocks);
        await DataFolderFixture.AppendAsync(timeline, ScenarioLines().Skip(43));
        var rows = Path.Combine(folder.Path, "rows.tsv");
        GdeltRows.Write(rows, 500, seed: 3);
        await DataFolderFixture.ImportAsync(timeline, rows);
        await DataFolderFixture.DigestsAsync(timeline);
        Assert.Equal(before, await AskAllAsync(timeline.Queries, clocks));
    }

    [Fact]
    public async Task A_day_before_all_others_is_answered_too()
    {
        await using var timeline = await folder.OpenAsync();
        await DataFolderFixture.AppendAsync(timeline, ScenarioLines());
        var answer = await timeline.Queries.CountryAsync("RUS", new Clocks("0001-01-02", null, null), default);
        Assert.Null(answer.Escalation!.Level);
    }

    [Fact]
    [Trait("Category", "Samples")]
    public async Task Replaying_the_Georgia_file_from_zero_equals_the_live_read_model()
    {
        var samples = Environment.GetEnvironmentVariable("TIMELINE_SAMPLES");
        Assert.False(string.IsNullOrEmpty(samples), "This test reads a real file: TIMELINE_SAMPLES must name its folder (make test-samples), or leave it out with Category!=Samples.");
        var file = Path.Combine(samples, "gdelt1-georgia-2011-2013.tsv.gz");
        string live;
        await using (var timeline = await folder.OpenAsync())
        {
            var outcome = await DataFolderFixture.ImportAsync(timeline, file);
            Assert.Equal(105_438, outcome.Rows);
            live = await DataFolderFixture.DigestsAsync(timeline);
        }

        Directory.Delete(folder.ReadModels, recursive: true);
        await using var again = await folder.OpenAsync();
        Assert.Equal(live, await DataFolderFixture.DigestsAsync(again));
    }

    private static IEnumerable<string> ScenarioLines() => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "scenarios", "ukraine-2024.ndjson"));

    // Rows corrected, retracted, linked by hand and taken apart, repeats and first rows among them.
    private static IEnumerable<string> WhatOthersSayOf(string feed)
    {
        const string Source = """{"publisher":"Desk","published":"2024-12-06","reliability":"A","credibility":1}""";
        for (var i = 0; i < 6_000; i += 150)
        {
            var id = $"{feed}/{i}";
            var content = (i / 150 % 4) switch
            {
                0 => """ "type":"EventRetracted","data":{"retracts":"ID"} """,
                1 => """ "type":"EventsLinked","data":{"events":["ID","FEED/NEAR","se-033"]} """,
                2 => """ "type":"EventsUnlinked","data":{"link":"t-BEFORE"} """,
                _ => """
                    "type":"EventCorrected","data":{"replaces":"ID","event":{"type":"WeaponUsed","version":2,"modality":"reported",
                    "occurred":{"precision":"day","start":"2024-03-01"},"actors":[{"id":"ARM","role":"attacker"}],"targets":[{"id":"AZE","role":"target"}],"source":SOURCE}}
                    """,
            };
            yield return ($"{{\"id\":\"t-{i}\",\"source\":SOURCE," + content + "}")
                .Replace("\n", "", StringComparison.Ordinal).Replace("SOURCE", Source, StringComparison.Ordinal).Replace("ID", id, StringComparison.Ordinal)
                .Replace("FEED/NEAR", $"{feed}/{i + 7}", StringComparison.Ordinal).Replace("BEFORE", (i - 150).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }
    }

    private static async Task<string> AskAllAsync(ITimelineQueries queries, Clocks clocks)
    {
        var answers = new List<string>();
        foreach (var country in new[] { "RUS", "UKR", "USA", "FRA", "GBR", "PRK", "NATO", "CUB" })
        {
            answers.Add(System.Text.Json.JsonSerializer.Serialize(await queries.CountryAsync(country, clocks, default), AnswersJson.Default.CountryReading));
            answers.Add(System.Text.Json.JsonSerializer.Serialize(await queries.ExplainAsync(country, clocks, Paging.First, default), AnswersJson.Default.ExplainReading));
            answers.Add(System.Text.Json.JsonSerializer.Serialize(await queries.EventsAsync(country, null, null, clocks, Paging.First, default), AnswersJson.Default.EventsReading));
        }

        answers.Add(System.Text.Json.JsonSerializer.Serialize(await queries.CountriesAsync(clocks, Paging.First, default), AnswersJson.Default.CountriesReading));
        answers.Add(System.Text.Json.JsonSerializer.Serialize(await queries.DyadAsync("RUS", "UKR", clocks, default), AnswersJson.Default.DyadReading));
        return string.Join('\n', answers);
    }
}
