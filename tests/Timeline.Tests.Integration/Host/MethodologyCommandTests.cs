using System.Net;
using System.Text;
using Timeline.Domain.Methodology;
using Timeline.Tests.Domain.Methodology;

namespace Timeline.Tests.Integration.Host;

public sealed class MethodologyCommandTests : IDisposable
{
    private readonly TimelineCommand _timeline = new();

    public void Dispose() => _timeline.Dispose();

    [Fact]
    public async Task A_folder_is_written_edited_added_once_listed_and_compared()
    {
        var folder = Path.Combine(_timeline.Folder, "v2");
        var written = await _timeline.RunAsync("methodology", "show", "v1", "--out", folder);
        Assert.Equal((0, $"{folder}: 8 files of v1. Change them, then: timeline methodology add {folder} --name NAME --data {_timeline.Data}\n"), (written.Code, written.Out));
        foreach (var (name, text) in MethodologyVersion.BuiltIn().Files)
        {
            Assert.Equal(Encoding.UTF8.GetBytes(text), await File.ReadAllBytesAsync(Path.Combine(folder, name)));
        }

        Write(folder, SecondMethodology.Files);
        var first = await _timeline.RunAsync("methodology", "add", folder, "--reason", "Faster decay.", "--json");
        var again = await _timeline.RunAsync("methodology", "add", folder + "/");
        var list = await _timeline.RunAsync("methodology", "list", "--json");
        var diff = await _timeline.RunAsync("methodology", "diff", "v1", "v2", "--json");
        var same = await _timeline.RunAsync("methodology", "diff", "v2", "v2");

        var hash = SecondMethodology.Version.Hash;
        Assert.Equal(("""{"name":"v2","hash":"HASH","status":"recorded","event":"methodologies/0","ordinal":2,"notes":[]}""" + "\n").Replace("HASH", hash, StringComparison.Ordinal), first.Out);
        Assert.Equal((0, $"v2: already, methodologies/0 at ordinal 2, hash {hash}\n", ""), (again.Code, again.Out, again.Error));
        Assert.Equal(["v1 True", "v2 False"], list.Json.GetProperty("methodologies").EnumerateArray().Select(m => $"{m.GetProperty("name")} {m.GetProperty("inForce")}"));
        Assert.Equal((0, 4), (diff.Code, diff.Json.GetProperty("files").GetArrayLength()));
        Assert.Equal((0, true), (same.Code, same.Out.EndsWith("The files are the same, to the letter.\n", StringComparison.Ordinal)));
        Assert.Contains("reliability B", (await _timeline.RunAsync("methodology", "diff", "v1", "v2")).Out, StringComparison.Ordinal);
        Assert.Equal(3, (await _timeline.RunAsync("status", "--json")).Json.GetProperty("events").GetInt32());
    }

    [Fact]
    public async Task One_file_is_printed_to_the_letter_and_what_is_not_there_is_named()
    {
        var file = await _timeline.RunAsync("methodology", "show", "v1", "--file", "roles.tsv");
        var none = await _timeline.RunAsync("methodology", "show", "v1", "--file", "rules.tsv");
        var never = await _timeline.RunAsync("methodology", "show", "v9");
        var both = await _timeline.RunAsync("methodology", "show", "v1", "--file", "roles.tsv", "--out", "x");
        var full = await _timeline.RunAsync("methodology", "show", "v1", "--out", _timeline.Folder);
        var view = await _timeline.RunAsync("methodology", "show", "v1");

        Assert.Equal((0, MethodologyVersion.BuiltIn().Files["roles.tsv"]), (file.Code, file.Out));
        Assert.Equal((2, "v1 has no file 'rules.tsv'. It has: cameo.tsv, countries.tsv, decay.tsv, organisations.tsv, parameters.tsv, roles.tsv, types.tsv, weights.tsv.\n"), (none.Code, none.Error));
        Assert.Equal((2, "name: The log holds no methodology 'v9'. It holds: v1.\n"), (never.Code, never.Error));
        Assert.Equal((2, 2), (both.Code, full.Code));
        Assert.Equal($"{_timeline.Folder} is not an empty folder: give another, or empty it. Nothing was written.\n", full.Error);
        Assert.StartsWith("v1: in force\n", view.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_in_a_folder_is_told_by_file_and_line_and_nothing_is_recorded()
    {
        var wrong = Folder("wrong", SecondMethodology.Edited(("roles.tsv", "target\thostile", "target\tangry")));
        var angry = await _timeline.RunAsync("methodology", "add", wrong);
        var taken = await _timeline.RunAsync("methodology", "add", Folder("v1", SecondMethodology.Files));
        var name = await _timeline.RunAsync("methodology", "add", Folder("Second One", SecondMethodology.Files));
        var odd = Folder("odd", SecondMethodology.Files);
        await File.WriteAllBytesAsync(Path.Combine(odd, "roles.tsv"), [.. "role\treading\tnote\n"u8, 0xFF]);
        var bytes = await _timeline.RunAsync("methodology", "add", odd);
        await File.WriteAllTextAsync(Path.Combine(odd, "roles.tsv"), new string('x', 300_000));
        var large = await _timeline.RunAsync("methodology", "add", odd);
        var nowhere = await _timeline.RunAsync("methodology", "add", Path.Combine(_timeline.Folder, "nowhere"));

        Assert.All([angry, taken, name, bytes, large, nowhere], e => Assert.Equal((2, ""), (e.Code, e.Out)));
        Assert.Matches($"^{Path.Combine(wrong, "roles.tsv")}, line [0-9]+: reading 'angry' is none of acts, joint, hostile, cooperative, nothing\nNothing was recorded.\n$", angry.Error);
        Assert.StartsWith("name: The log holds another methodology under the name 'v1', with the hash " + MethodologyVersion.BuiltIn().Hash, taken.Error, StringComparison.Ordinal);
        Assert.StartsWith("'Second One' is no name for a methodology", name.Error, StringComparison.Ordinal);
        Assert.Equal($"{Path.Combine(odd, "roles.tsv")}, line 2: the text is not UTF-8.\n", bytes.Error);
        Assert.Contains("at most 261,120", large.Error, StringComparison.Ordinal);
        Assert.Contains("There is no folder", nowhere.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _timeline.RunAsync("status", "--json")).Json.GetProperty("events").GetInt32());
    }

    [Fact]
    public async Task Over_HTTP_a_methodology_is_recorded_shown_and_compared_and_not_in_force_after_another_start()
    {
        var (process, http) = await _timeline.ServeAsync();
        using (http)
        {
            using var recorded = await PostAsync(http, SecondMethodology.Body());
            using var again = await PostAsync(http, SecondMethodology.Body());
            using var other = await PostAsync(http, SecondMethodology.Body(SecondMethodology.First));
            using var wrong = await PostAsync(http, SecondMethodology.Body(SecondMethodology.Edited(("roles.tsv", "target\thostile", "target\tangry"))));
            var server = await _timeline.RunOnAsync("methodology", "diff", "v1", "v2", "--server", http.BaseAddress!.ToString());
            var view = await http.GetStringAsync(new Uri("/v1/methodologies/v2", UriKind.Relative));

            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity], new[] { recorded, again, other, wrong }.Select(r => r.StatusCode));
            Assert.Contains("\"status\":\"already\"", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Contains("\"field\":\"files.roles.tsv\"", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(0, server.Code);
            Assert.StartsWith($"{{\"name\":\"v2\",\"hash\":\"{SecondMethodology.Version.Hash}\",\"inForce\":false,", view, StringComparison.Ordinal);
        }

        process.Kill();
        await process.WaitForExitAsync();
        var status = await _timeline.RunAsync("status", "--json");
        Assert.Equal("v1", status.Json.GetProperty("methodology").GetProperty("name").GetString());
        Assert.Equal(0, (await _timeline.RunAsync("doctor")).Code);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.Add("Content-Type", "application/json");
        return http.PostAsync(new Uri("/v1/methodologies?wait=visible", UriKind.Relative), content);
    }

    private string Folder(string name, IReadOnlyDictionary<string, string> files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_timeline.Folder, name)).FullName;
        Write(folder, files);
        return folder;
    }

    private static void Write(string folder, IReadOnlyDictionary<string, string> files)
    {
        foreach (var (name, text) in files)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }
    }
}
