using System.Diagnostics;
using System.Text.Json;

namespace Timeline.Tests.Integration.Host;

public sealed class ImportCommandTests : IDisposable
{
    private const int Rows = 60_000;
    private readonly TimelineCommand _timeline = new();

    public void Dispose() => _timeline.Dispose();

    [Fact]
    public async Task An_import_can_be_repeated_and_adds_nothing()
    {
        var file = _timeline.Gdelt(2_000);
        var first = await _timeline.RunAsync("import", "gdelt", file, "--json");
        var again = await _timeline.RunAsync("import", "gdelt", file, "--json");
        var people = await _timeline.RunAsync("import", "gdelt", file);

        Assert.Equal((0, 0, 0), (first.Code, again.Code, people.Code));
        Assert.Equal(2_000, SumOf(first.Json));
        Assert.Equal((2_000, 2_000), (first.Json.GetProperty("rows").GetInt64(), again.Json.GetProperty("resumed").GetInt64()));
        Assert.Equal(SumOf(first.Json), SumOf(again.Json));
        Assert.Matches(@"^2,000 rows = [\d,]+ events \+ [\d,]+ linked \+ 0 already known \+ 0 set aside; 2,000 of them had been appended before$", people.Lines[1]);
        Assert.Equal(2_002, (await _timeline.RunAsync("status", "--json")).Json.GetProperty("events").GetInt64());
    }

    // Bytes. An append takes up to a million, and stands in the file before it is committed: beyond two of them, one is.
    private const int TwoAppends = 3 << 20;

    [Fact]
    public async Task Interrupted_by_Ctrl_C_it_says_how_to_continue_and_continues()
    {
        var file = _timeline.Gdelt(Rows);
        var import = _timeline.StartOnData("import", "gdelt", file);
        await GrowsBeyondAsync(import, TwoAppends);
        await import.InterruptAsync();
        var stopped = await import.ToEndAsync();
        var continued = await _timeline.RunAsync("import", "gdelt", file, "--json");

        Assert.Equal(130, stopped.Code);
        Assert.Contains("To continue, give the same command again:", stopped.Error, StringComparison.Ordinal);
        Assert.Contains($"timeline import gdelt {file} --data {_timeline.Data}", stopped.Error, StringComparison.Ordinal);
        Assert.Equal(0, continued.Code);
        Assert.Equal(Rows, SumOf(continued.Json));
        Assert.InRange(continued.Json.GetProperty("resumed").GetInt64(), 1, Rows - 1);
    }

    [Fact]
    public async Task Killed_in_the_middle_it_reopens_and_ends_with_the_same_digests_as_an_import_in_one_go()
    {
        var file = _timeline.Gdelt(Rows);
        var import = _timeline.StartOnData("import", "gdelt", file);
        await GrowsBeyondAsync(import, TwoAppends);
        import.Kill();
        await import.WaitForExitAsync();
        Assert.True(File.Exists(Path.Combine(_timeline.Data, "timeline.holder.json")), "A kill leaves the sidecar: it must be no obstacle.");
        var continued = await _timeline.RunAsync("import", "gdelt", file, "--json");

        using var other = new TimelineCommand();
        var whole = await other.RunAsync("import", "gdelt", file, "--json");

        Assert.Equal((0, 0), (continued.Code, whole.Code));
        Assert.InRange(continued.Json.GetProperty("resumed").GetInt64(), 1, Rows - 1);
        Assert.Equal(SumOf(whole.Json), SumOf(continued.Json));
        Assert.Equal(await DigestsAsync(other), await DigestsAsync(_timeline));
    }

    [Fact]
    public async Task Coverage_is_declared_with_the_file_and_turns_unknown_into_calm()
    {
        var file = _timeline.Gdelt(500);
        var imported = await _timeline.RunAsync("import", "gdelt", file, "--covers", "world", "2022-11-01..2024-10-31");
        var calm = await _timeline.RunAsync("country", "CHL", "--as-of", "2023-11-30", "--json");
        var uncovered = await _timeline.RunAsync("country", "CHL", "--as-of", "2021-11-30", "--json");

        Assert.True(imported.Code == 0, imported.Error);
        Assert.Equal((0, "exact"), LevelOf(calm));
        Assert.Equal((null, "unknown"), LevelOf(uncovered));
    }

    [Theory]
    [InlineData("notes.txt", "these are\nno rows\n")]
    [InlineData("other.csv", "a,b,c\n1,2,3\n")]
    public async Task A_file_that_is_none_of_the_feeds_is_refused_with_a_clear_word(string name, string text)
    {
        var ended = await _timeline.RunAsync("import", "gdelt", _timeline.Write(name, text));

        Assert.Equal((2, ""), (ended.Code, ended.Out));
        Assert.Contains(name, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_and_a_coverage_that_is_none_are_bad_input()
    {
        var missing = await _timeline.RunAsync("import", "gdelt", "nowhere.csv");
        var file = _timeline.Gdelt(10);
        var covers = await _timeline.RunAsync("import", "gdelt", file, "--covers", "world", "2012-12-31..2012-01-01");

        Assert.Equal((2, "nowhere.csv: there is no such file. Nothing was imported.\n"), (missing.Code, missing.Error));
        Assert.Equal(2, covers.Code);
        Assert.Contains("ends before it begins", covers.Error, StringComparison.Ordinal);
    }

    private static (int?, string?) LevelOf(Ended ended)
    {
        var escalation = ended.Json.GetProperty("escalation");
        var level = escalation.GetProperty("level");
        return (level.ValueKind == JsonValueKind.Null ? null : level.GetInt32(), escalation.GetProperty("bound").GetString());
    }

    private static long SumOf(JsonElement outcome) =>
        new[] { "events", "linked", "already", "setAside" }.Sum(name => outcome.GetProperty(name).GetInt64());

    private static async Task<string> DigestsAsync(TimelineCommand timeline)
    {
        var ended = await timeline.RunAsync("digests", "--json");
        Assert.Equal(0, ended.Code);
        return ended.Json.GetProperty("digests").GetRawText();
    }

    // The log's file is watched, so that the blow falls when some rows are in it and some are not.
    private async Task GrowsBeyondAsync(Process import, long bytes)
    {
        using var patience = new CancellationTokenSource(TimelineCommand.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (await look.WaitForNextTickAsync(patience.Token))
        {
            Assert.False(import.HasExited, "The import ended before it could be stopped.");
            if (new[] { "log.db", "log.db-wal" }.Select(n => new FileInfo(Path.Combine(_timeline.Data, n))).Where(f => f.Exists).Sum(f => f.Length) > bytes)
            {
                return;
            }
        }
    }
}
