using System.Net;
using System.Text;
using System.Text.Json;

namespace Timeline.Tests.Integration.Host;

public sealed class TheatreCommandTests : IDisposable
{
    private const string War = """{"theatres":[{"theatre":"ukraine-war","title":"War in Ukraine","members":["RUS","UKR","PRK"]}]}""";
    private readonly TimelineCommand _timeline = new();

    public void Dispose() => _timeline.Dispose();

    [Fact]
    public async Task A_theatre_is_defined_by_a_file_once_and_read_with_the_figures_of_its_dyads()
    {
        await _timeline.RunAsync("append", _timeline.Write("events.ndjson", string.Join('\n', Given.Warning("a"), Given.Warning("b", "UKR", "RUS"), Given.Warning("c", "USA", "RUS"))));
        var file = _timeline.Write("theatres.json", War);
        var first = await _timeline.RunAsync("theatre", "define", file, "--json");
        var again = await _timeline.RunAsync("theatre", "define", file);
        var list = await _timeline.RunAsync("theatre", "list", "--json");
        var read = await _timeline.RunAsync("theatre", "ukraine-war", "--as-of", "2024-11-26", "--json");
        var dyad = await _timeline.RunAsync("dyad", "RUS", "UKR", "--as-of", "2024-11-26", "--json");

        Assert.Equal((0, 0, "ukraine-war: already, theatres/0 at ordinal 5\n"), (first.Code, again.Code, again.Out));
        Assert.Equal("""{"theatres":[{"theatre":"ukraine-war","status":"defined","event":"theatres/0","ordinal":5}]}""", first.Out.Trim());
        Assert.Equal("ukraine-war", list.Json.GetProperty("theatres")[0].GetProperty("theatre").GetString());
        Assert.Equal(6, (await _timeline.RunAsync("status", "--json")).Json.GetProperty("events").GetInt32());
        Assert.Equal((2, 2), (read.Json.GetProperty("escalation").GetProperty("level").GetInt32(), read.Json.GetProperty("escalation").GetProperty("drivers").GetArrayLength()));
        Assert.Equal(dyad.Json.GetProperty("atoB").GetProperty("threats").GetInt64(), read.Json.GetProperty("pairs")[0].GetProperty("threats").GetInt64());
        Assert.Equal(read.Out, (await _timeline.RunAsync("theatre", "ukraine-war", "--as-of", "2024-11-26", "--json")).Out);
        Assert.StartsWith("ukraine-war: War in Ukraine\n", (await _timeline.RunAsync("theatre", "ukraine-war")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_its_definition_and_after_its_end_a_theatre_is_not_read_and_the_answer_says_what_to_do()
    {
        await _timeline.RunAsync("theatre", "define", _timeline.Write("a.json", War));
        await _timeline.RunAsync("theatre", "define", _timeline.Write("b.json", War.Replace("PRK", "BLR", StringComparison.Ordinal)));
        await _timeline.RunAsync("theatre", "define", _timeline.Write("c.json", """{"theatres":[{"theatre":"ukraine-war","title":"War in Ukraine","members":[],"reason":"Replaced."}]}"""));

        var before = await _timeline.RunAsync("theatre", "ukraine-war", "--known-at", "1");
        var first = await _timeline.RunAsync("theatre", "ukraine-war", "--known-at", "2", "--json");
        var second = await _timeline.RunAsync("theatre", "ukraine-war", "--known-at", "3", "--json");
        var closed = await _timeline.RunAsync("theatre", "ukraine-war");
        var never = await _timeline.RunAsync("theatre", "baltic");

        Assert.Equal((2, 2, 2), (before.Code, closed.Code, never.Code));
        Assert.StartsWith("knownAt: The theatre 'ukraine-war' was not defined at ordinal 1: its first definition is ordinal 2,", before.Error, StringComparison.Ordinal);
        Assert.Equal(["PRK RUS UKR", "BLR RUS UKR"], new[] { first, second }.Select(r => string.Join(' ', r.Json.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("member").GetString()))));
        Assert.StartsWith("name: The theatre 'ukraine-war' was closed at ordinal 4 (Replaced.). Ask with knownAt=3", closed.Error, StringComparison.Ordinal);
        Assert.StartsWith("name: There is no theatre 'baltic'. There are: ukraine-war.", never.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_in_a_file_is_told_by_line_and_nothing_of_it_is_defined()
    {
        var file = _timeline.Write("wrong.json", War.Replace("\"UKR\",", "\n\"XYZ\",\n", StringComparison.Ordinal));
        var ended = await _timeline.RunAsync("theatre", "define", file);
        var list = await _timeline.RunAsync("theatre", "list");

        Assert.Equal((2, ""), (ended.Code, ended.Out));
        Assert.Equal($"{file} line 2, theatres[0].members[1]: 'XYZ' is no ISO 3166 alpha-3 code and no registered organisation\nNone of the file's theatres was defined.\n", ended.Error);
        Assert.Equal("No theatre is defined: timeline theatre define FILE.\n", list.Out);
    }

    [Fact]
    public async Task Over_HTTP_theatres_are_defined_listed_and_read()
    {
        var (_, http) = await _timeline.ServeAsync();
        using (http)
        {
            using var json = new StringContent(War, Encoding.UTF8, "application/json");
            using var defined = await http.PostAsync(new Uri("/v1/theatres?wait=visible", UriKind.Relative), json);
            using var wrong = new StringContent(War.Replace("UKR", "XYZ", StringComparison.Ordinal), Encoding.UTF8, "application/json");
            using var refused = await http.PostAsync(new Uri("/v1/theatres", UriKind.Relative), wrong);
            using var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
            using var read = await http.GetAsync(new Uri("/v1/theatres/ukraine-war", UriKind.Relative));
            using var never = await http.GetAsync(new Uri("/v1/theatres/baltic", UriKind.Relative));

            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK, HttpStatusCode.NotFound), (defined.StatusCode, refused.StatusCode, read.StatusCode, never.StatusCode));
            Assert.Equal("theatres[0].members[1]", problem.RootElement.GetProperty("field").GetString());
            Assert.Contains("\"theatre\":\"ukraine-war\"", await http.GetStringAsync(new Uri("/v1/theatres", UriKind.Relative)), StringComparison.Ordinal);
        }
    }
}
