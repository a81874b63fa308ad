using System.Net;
using System.Text.Json;

namespace Timeline.Tests.Integration.Host;

/// <summary>What <c>make run</c> and <c>make demo</c> do.</summary>
public sealed class ScenarioRunTests : IDisposable
{
    private readonly TimelineCommand _timeline = new();

    public void Dispose() => _timeline.Dispose();

    [Fact]
    public async Task The_scenario_is_loaded_once_however_often_it_is_run_and_the_table_shows_it()
    {
        string[] demo = ["serve", "--listen", "0", "--scenario", "ukraine-2024", "--as-of", "2024-11-26", "--once"];
        var first = await _timeline.RunAsync(demo);
        var second = await _timeline.RunAsync(demo);

        Assert.Equal((0, ""), (first.Code, first.Error));
        Assert.Matches(@"^Scenario ukraine-2024: \d+ recorded, 0 already there, 0 in conflict, 0 refused\.", first.Out);
        Assert.Matches(@"RUS Russia +│ at least use of force \(4\) ", first.Out);
        Assert.Matches(@"\n  FRA France .*\n.*│ troops-to-ukraine: open, contested +\n", first.Out);
        Assert.Equal(0, second.Code);
        Assert.Matches(@"^Scenario ukraine-2024: 0 recorded, \d+ already there, 0 in conflict, 0 refused\.", second.Out);
        Assert.Equal(first.Lines[2..], second.Lines[2..]);
    }

    [Fact]
    public async Task The_service_stays_up_and_other_commands_on_its_folder_ask_it_until_Ctrl_C()
    {
        var (process, http) = await _timeline.ServeAsync("--scenario", "ukraine-2024", "--as-of", "2024-11-26");
        using (http)
        {
            var asked = await _timeline.RunAsync("country", "RUS", "--as-of", "2024-11-21", "--json");
            var answered = await http.GetStringAsync(new Uri("/v1/countries/RUS?asOf=2024-11-21", UriKind.Relative));
            using var ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));

            Assert.Equal(0, asked.Code);
            Assert.Equal(answered + "\n", asked.Out);
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            var escalation = asked.Json.GetProperty("escalation");
            Assert.Equal(("at-least", 4), (escalation.GetProperty("bound").GetString(), escalation.GetProperty("level").GetInt32()));
        }

        await process.InterruptAsync();
        var ended = await process.ToEndAsync();

        Assert.Equal(0, ended.Code);
        Assert.Contains("Stopping.", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_timeline.Data, "timeline.holder.json")));
    }

    [Fact]
    public async Task A_page_of_subjects_continues_with_its_cursor_as_if_nothing_had_been_appended()
    {
        var (_, http) = await _timeline.ServeAsync("--scenario", "ukraine-2024");
        using (http)
        {
            var whole = await CountriesAsync(http, "");
            var first = await CountriesAsync(http, "&limit=4");
            using var content = new StringContent(Given.Warning("later", "AZE", "ARM"), System.Text.Encoding.UTF8, "application/json");
            using var appended = await http.PostAsync(new Uri("/v1/events?wait=visible", UriKind.Relative), content);
            var rest = await CountriesAsync(http, "&cursor=" + Uri.EscapeDataString(first.Next!));

            Assert.Equal(HttpStatusCode.Created, appended.StatusCode);
            Assert.Equal(4, first.Lines.Length);
            Assert.Equal<IEnumerable<string>>(whole.Lines, [.. first.Lines, .. rest.Lines]);
            Assert.Contains("AZE", string.Join(' ', (await CountriesAsync(http, "")).Lines), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_session_in_the_README_is_what_the_command_prints()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Timeline.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        var readme = await File.ReadAllLinesAsync(Path.Combine(folder ?? throw new InvalidOperationException("The tests run inside the repository."), "README.md"));
        var shown = Tables(readme.SkipWhile(l => l != "## A session").TakeWhile(l => l != "## Commands"));
        var demo = await _timeline.RunAsync("serve", "--listen", "0", "--scenario", "ukraine-2024", "--as-of", "2024-11-26", "--once");
        var explained = await _timeline.RunAsync("explain", "RUS", "--as-of", "2024-11-21", "--limit", "2");
        var stance = await _timeline.RunAsync("stance", "FRA", "--as-of", "2024-11-26", "--reported-by", "2024-11-26");

        await _timeline.RunAsync("theatre", "define", Path.Combine(folder, "infra", "scenarios", "ukraine-2024.theatres.json"));
        var theatre = await _timeline.RunAsync("theatre", "ukraine-war", "--as-of", "2024-11-26");

        Assert.Equal(Tables([.. demo.Lines, .. explained.Lines, .. stance.Lines, .. theatre.Lines]), shown);
        Assert.NotEmpty(shown);
    }

    // The lines of tables; what is around them names moments.
    private static List<string> Tables(IEnumerable<string> lines) => [.. lines.Where(l => l.Contains('│', StringComparison.Ordinal)).Select(l => l.Trim())];

    private static async Task<(string[] Lines, string? Next)> CountriesAsync(HttpClient http, string more)
    {
        using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri("/v1/countries?asOf=2024-11-26" + more, UriKind.Relative)));
        var root = document.RootElement;
        return ([.. root.GetProperty("countries").EnumerateArray().Select(c => c.GetRawText())], root.GetProperty("next").GetString());
    }
}
