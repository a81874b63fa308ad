using System.Text.Json;

namespace Timeline.Tests.Integration.Host;

/// <summary>Feeds by mappings, as their users run them.</summary>
public sealed class MappedImportTests : IDisposable
{
    private const string Mapping = """
        {
          "feed": "desk", "publisher": "A desk", "coded": "human",
          "format": {"separator": "comma", "quotes": true, "header": true},
          "row": "id",
          "occurred": {"start": "day", "format": "yyyy-MM-dd"},
          "published": {"day": "day", "format": "yyyy-MM-dd"},
          "code": "code", "weight": 800,
          "actors": [{"id": {"column": "who", "codes": "iso2"}, "role": "attacker"}],
          "targets": [{"id": {"column": "whom", "codes": "iso2"}, "role": "target"}],
          "deaths": {"best": "dead"},
        }
        """;

    private const string Header = "id,day,who,whom,code,dead\n";

    private readonly TimelineCommand _timeline = new();

    public void Dispose() => _timeline.Dispose();

    [Fact]
    public async Task Any_file_is_imported_by_a_mapping_and_graded_rows_lift_a_level()
    {
        var map = _timeline.Write("desk.jsonc", Mapping);
        var file = _timeline.Write("rows.csv", Header + "1,2024-03-01,NA,ZA,190,7\n2,2024-03-02,NA,ZA,nonsense,0\n");
        var first = await _timeline.RunAsync("import", "csv", "--map", map, file, "--json");
        var again = await _timeline.RunAsync("import", "csv", "--map", map, file);
        var country = await _timeline.RunAsync("country", "NAM", "--as-of", "2024-03-03", "--json");

        Assert.Equal((0, 0, 0), (first.Code, again.Code, country.Code));
        Assert.Equal("desk 2 1 0 0 1 0", Figures(first.Json));
        Assert.Equal("2 rows = 1 events + 0 linked + 0 already known + 1 set aside; 2 of them had been appended before", again.Lines[1]);
        Assert.Equal(4, country.Json.GetProperty("escalation").GetProperty("level").GetInt32());
    }

    [Fact]
    public async Task A_later_release_says_what_is_missing_and_a_changed_mapping_is_not_answered_with_old_counts()
    {
        var map = _timeline.Write("desk.jsonc", Mapping);
        var file = _timeline.Write("first.csv", Header + "1,2024-03-01,NA,ZA,190,7\n2,2024-03-02,NA,ZA,112,0\n3,2024-03-02,ZA,NA,112,0\n");
        await _timeline.RunAsync("import", "csv", "--map", map, file);
        var later = await _timeline.RunAsync("import", "csv", "--map", map, _timeline.Write("second.csv", Header + "1,2024-03-01,NA,ZA,190,8\n2,2024-03-02,NA,ZA,112,0\n"), "--json");
        var people = await _timeline.RunAsync("import", "csv", "--map", map, _timeline.Write("third.csv", Header + "2,2024-03-02,NA,ZA,112,0\n"));
        var other = await _timeline.RunAsync("import", "csv", "--map", _timeline.Write("other.jsonc", Mapping + "// changed\n"), file);

        Assert.Equal("desk 2 1 0 1 0 1", Figures(later.Json));
        Assert.EndsWith("/2", later.Json.GetProperty("firstMissing")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("1 rows of earlier files are missing in this one and stay in force", people.Out, StringComparison.Ordinal);
        Assert.Equal((2, ""), (other.Code, other.Out));
        Assert.Contains("was imported under another mapping of desk", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_mapping_is_told_line_by_line_and_imports_nothing()
    {
        var map = _timeline.Write("wrong.jsonc", Mapping.Replace("\"row\": \"id\"", "\"rows\": \"id\"", StringComparison.Ordinal).Replace("\"attacker\"", "\"thief\"", StringComparison.Ordinal));
        var file = _timeline.Write("rows.csv", Header);
        var import = await _timeline.RunAsync("import", "csv", "--map", map, file);
        var check = await _timeline.RunAsync("mapping", "check", map);
        var json = await _timeline.RunAsync("mapping", "check", map, "--json");

        Assert.Equal((2, 1, 1), (import.Code, check.Code, json.Code));
        foreach (var said in (string[])[import.Error, check.Out])
        {
            Assert.Contains("rows", said, StringComparison.Ordinal);
            Assert.Contains("line 8", said, StringComparison.Ordinal);
            Assert.Contains("has no role 'thief'", said, StringComparison.Ordinal);
        }

        Assert.EndsWith("Nothing was imported.\n", import.Error, StringComparison.Ordinal);
        Assert.Equal([1, 4, 8], json.Json.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("line").GetInt32()));
    }

    [Theory]
    [InlineData("gdelt")]
    [InlineData("icews")]
    [InlineData("ucdp")]
    public async Task The_mappings_that_come_along_can_be_read_and_checked(string feed)
    {
        var shown = await _timeline.RunAsync("mapping", "show", feed);
        var quoted = await _timeline.RunAsync("mapping", "show", feed, "--json");
        var check = await _timeline.RunAsync("mapping", "check", _timeline.Write(feed + ".jsonc", JsonSerializer.Deserialize<string>(quoted.Out)!));

        Assert.Equal((0, 0, 0), (shown.Code, quoted.Code, check.Code));
        Assert.Contains($"\"feed\": \"{feed}\"", shown.Out, StringComparison.Ordinal);
        Assert.Contains($"the mapping of {feed} can be used; hash ", check.Out, StringComparison.Ordinal);
    }

    private static string Figures(JsonElement outcome) =>
        string.Join(' ', new[] { "feed", "rows", "events", "linked", "already", "setAside", "missing" }.Select(n => outcome.GetProperty(n).ToString()));
}
