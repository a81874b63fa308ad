using System.Text;
using System.Text.Json;

namespace Timeline.Tests.Integration.Host;

/// <summary>Rows that could not be read go out as they came in, and repaired they count as if they had been right from the start.</summary>
public sealed class SetAsideCommandTests : IDisposable
{
    private const int Rows = 3_000;
    private readonly TimelineCommand _timeline = new();
    private readonly List<byte[]> _right = [];
    private readonly SortedDictionary<int, byte[]> _damaged = [];

    public void Dispose() => _timeline.Dispose();

    [Fact]
    public async Task Rows_set_aside_come_out_byte_for_byte_and_repaired_they_give_the_digests_of_a_file_that_was_right()
    {
        var sha = await ImportDamagedAsync();
        var kept = _damaged.Where(d => d.Value.Length < 66_000).ToList();
        var file = Path.Combine(_timeline.Folder, "aside.tsv");
        var exported = await _timeline.RunAsync("setaside", "export", "--file", sha, "-o", file, "--json");

        Assert.Equal((1, kept.Count, 1), (exported.Code, exported.Json.GetProperty("rows").GetInt32(), exported.Json.GetProperty("cut").GetInt32()));
        Assert.Equal(kept.SelectMany(d => d.Value), File.ReadAllBytes(file));
        var cut = exported.Json.GetProperty("cutRows")[0].GetString()!;
        Assert.Equal(2, (await _timeline.RunAsync("setaside", "export", "-o", file)).Code);

        var fewer = _timeline.Write("fewer.tsv", [.. kept.Skip(1).SelectMany(d => _right[d.Key])]);
        var refused = await _timeline.RunAsync("import", "gdelt", fewer, "--repairs", sha);
        Assert.Equal(1, refused.Code);
        Assert.Contains("which of them it repairs", refused.Error, StringComparison.Ordinal);
        Assert.Equal((6, 6, 0, 0), await CountsAsync());

        var repaired = _timeline.Write("repaired.tsv", [.. kept.SelectMany(d => _right[d.Key])]);
        Assert.Equal(0, (await _timeline.RunAsync("import", "gdelt", repaired, "--repairs", sha)).Code);
        Assert.Equal((6, 1, 5, 0), await CountsAsync());
        var last = _timeline.Write("last.tsv", _right[_damaged.Single(d => d.Value.Length > 66_000).Key]);
        Assert.Equal(0, (await _timeline.RunAsync("import", "gdelt", last)).Code);
        var dismissed = await _timeline.RunAsync("setaside", "dismiss", cut, "--reason", "Imported from a file of its own.");
        var again = await _timeline.RunAsync("setaside", "dismiss", cut, "--reason", "Imported from a file of its own.", "--json");
        Assert.Equal((0, 0, "already"), (dismissed.Code, again.Code, again.Json.GetProperty("status").GetString()));
        Assert.Equal((6, 0, 5, 1), await CountsAsync());

        using var other = new TimelineCommand();
        Assert.Equal(0, (await other.RunAsync("import", "gdelt", other.Write("right.tsv", [.. _right.SelectMany(r => r)]))).Code);
        Assert.Equal(await StatesAsync(other), await StatesAsync(_timeline));

        Directory.Delete(Path.Combine(_timeline.Data, "readmodels"), recursive: true);
        Assert.Equal((6, 0, 5, 1), await CountsAsync());
    }

    [Fact]
    public async Task The_list_gives_line_cause_and_beginning_page_by_page_and_a_row_tells_what_to_do()
    {
        var sha = await ImportDamagedAsync();
        var people = await _timeline.RunAsync("setaside", "list");
        var first = await _timeline.RunAsync("setaside", "list", "--limit", "4", "--json");
        var second = await _timeline.RunAsync("setaside", "list", "--limit", "4", "--cursor", first.Json.GetProperty("next").GetString()!, "--json");

        Assert.Contains($"gdelt-{sha}: 6 set aside = 6 outstanding + 0 repaired + 0 dismissed", people.Out, StringComparison.Ordinal);
        var rows = first.Json.GetProperty("rows").EnumerateArray().Concat(second.Json.GetProperty("rows").EnumerateArray()).ToList();
        Assert.Equal(_damaged.Keys.Select(k => k + 1), rows.Select(r => r.GetProperty("line").GetInt32()));
        Assert.Equal(JsonValueKind.Null, second.Json.GetProperty("next").ValueKind);
        Assert.Equal(6, first.Json.GetProperty("files")[0].GetProperty("causes").EnumerateArray().Sum(c => c.GetProperty("counts").GetProperty("total").GetInt32()));

        var row = await _timeline.RunAsync("setaside", "show", rows[0].GetProperty("id").GetString()!, "--json");
        Assert.Equal(Convert.ToBase64String(_damaged.First().Value[..^1]), row.Json.GetProperty("bytes").GetString());
        Assert.Contains($"--repairs gdelt-{sha}", row.Json.GetProperty("todo").GetString(), StringComparison.Ordinal);
        var good = await _timeline.RunAsync("setaside", "show", $"gdelt-{sha}/0");
        Assert.Equal((2, $"id: 'gdelt-{sha}/0' was not set aside: it is a CodedEventObserved. timeline event shows it.\n"), (good.Code, good.Error));
    }

    [Theory]
    [InlineData("list", "--file", "0000")]
    [InlineData("list", "--state", "lost")]
    [InlineData("show", "nothing/1")]
    [InlineData("dismiss", "nothing/1", "--reason", "r")]
    [InlineData("dismiss", "--reason", "r")]
    [InlineData("export", "--file", "0000", "-o", "out.tsv")]
    public async Task What_is_not_there_is_bad_input(params string[] arguments)
    {
        var ended = await _timeline.RunAsync(["setaside", .. arguments]);
        Assert.Equal((2, ""), (ended.Code, ended.Out));
        Assert.NotEqual("", ended.Error);
    }

    [Fact]
    public async Task An_empty_folder_has_nothing_set_aside_and_exports_nothing()
    {
        var list = await _timeline.RunAsync("setaside", "list");
        var export = await _timeline.RunAsync("setaside", "export", "-o", Path.Combine(_timeline.Folder, "none.tsv"));
        Assert.Equal((0, "  0 rows shown; 0 set aside = 0 outstanding + 0 repaired + 0 dismissed\n"), (list.Code, list.Out));
        Assert.Equal((0, false), (export.Code, File.Exists(Path.Combine(_timeline.Folder, "none.tsv"))));
    }

    private async Task<string> ImportDamagedAsync()
    {
        var whole = File.ReadAllBytes(_timeline.Gdelt(Rows));
        for (var at = 0; at < whole.Length;)
        {
            var end = Array.IndexOf(whole, (byte)'\n', at) + 1;
            _right.Add(whole[at..end]);
            at = end;
        }

        string Text(int row) => Encoding.UTF8.GetString(_right[row]).TrimEnd('\n');
        _damaged[210] = Encoding.Latin1.GetBytes(Text(210) + "ÿþ\n");
        _damaged[320] = Encoding.UTF8.GetBytes(Text(320) + "\ttoo\tmany\tcolumns: Україна\r\n");
        _damaged[430] = Encoding.UTF8.GetBytes(Text(430) + new string('x', 20_000) + "\n");
        _damaged[540] = Encoding.UTF8.GetBytes(Text(540)[..60] + "\u0001\"\\\n");
        _damaged[650] = Encoding.UTF8.GetBytes(Text(650) + new string('y', 70_000) + "\n");
        _damaged[Rows - 1] = Encoding.UTF8.GetBytes(Text(Rows - 1)[..40] + "\n");
        var damaged = _timeline.Write("damaged.tsv", [.. _right.SelectMany((row, i) => _damaged.GetValueOrDefault(i) ?? row)]);
        var imported = await _timeline.RunAsync("import", "gdelt", damaged, "--json");
        Assert.Equal((0, 6), (imported.Code, imported.Json.GetProperty("setAside").GetInt32()));
        return imported.Json.GetProperty("sha256").GetString()!;
    }

    private async Task<(int Total, int Outstanding, int Repaired, int Dismissed)> CountsAsync()
    {
        var counts = (await _timeline.RunAsync("setaside", "list", "--state", "all", "--json")).Json.GetProperty("counts");
        int Of(string name) => counts.GetProperty(name).GetInt32();
        return (Of("total"), Of("outstanding"), Of("repaired"), Of("dismissed"));
    }

    private static async Task<string> StatesAsync(TimelineCommand timeline) => string.Join('\n',
        (await timeline.RunAsync("digests", "--json")).Json.GetProperty("digests").EnumerateArray()
            .Select(d => $"{d.GetProperty("subject")} {d.GetProperty("projection")} {d.GetProperty("state")}"));
}
