using System.Net;
using System.Text.Json;

namespace Timeline.Tests.Integration.Host;

public sealed class CommandTests : IDisposable
{
    private readonly TimelineCommand _timeline = new();

    public void Dispose() => _timeline.Dispose();

    [Theory]
    [InlineData("pigeon")]
    [InlineData("country")]
    [InlineData("country", "RUS", "--as-of")]
    [InlineData("country", "RUS", "--server", "nowhere")]
    [InlineData("country", "RUS", "--server", "http://127.0.0.1:1", "--data", "x")]
    [InlineData("countries", "--limit", "many")]
    [InlineData("serve", "--listen", "nowhere")]
    [InlineData("import", "ticker", "file")]
    public async Task Bad_usage_ends_with_2_and_a_word_on_standard_error(params string[] arguments)
    {
        var ended = await _timeline.RunOnAsync(arguments);

        Assert.Equal((2, ""), (ended.Code, ended.Out.Trim()));
        Assert.NotEqual("", ended.Error.Trim());
    }

    [Fact]
    public async Task Questions_that_can_not_be_answered_end_with_2_and_name_the_parameter()
    {
        (string Parameter, string[] Question)[] wrong =
        [
            ("country", ["country", "XYZ"]),
            ("asOf", ["country", "RUS", "--as-of", "2024-11-31"]),
            ("knownAt", ["country", "RUS", "--known-at", "yesterday"]),
            ("knownAt", ["country", "RUS", "--known-at", "1000000"]),
            ("knownAt", ["country", "RUS", "--known-at", "2001-01-01T00:00:00Z"]),
            ("reportedBy", ["country", "RUS", "--reported-by", "soon"]),
            ("limit", ["countries", "--limit", "1001"]),
            ("cursor", ["countries", "--cursor", "xyz"]),
            ("id", ["event", "nothing"]),
        ];
        var (_, http) = await _timeline.ServeAsync();
        foreach (var (parameter, question) in wrong)
        {
            var ended = await _timeline.RunOnAsync([.. question, "--server", http.BaseAddress!.ToString()]);

            Assert.Equal((2, ""), (ended.Code, ended.Out));
            Assert.StartsWith(parameter + ": ", ended.Error, StringComparison.Ordinal);
        }

        http.Dispose();
    }

    [Fact]
    public async Task A_service_that_is_not_there_ends_with_3()
    {
        var ended = await _timeline.RunOnAsync("status", "--server", "http://127.0.0.1:1");

        Assert.Equal(3, ended.Code);
        Assert.StartsWith("No Timeline answers at http://127.0.0.1:1/", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_with_3_and_names_the_option()
    {
        var (_, http) = await _timeline.ServeAsync();
        using (http)
        {
            using var other = new TimelineCommand();
            var ended = await other.RunAsync("serve", "--listen", http.BaseAddress!.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));

            Assert.Equal(3, ended.Code);
            Assert.Contains("--listen", ended.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_empty_folder_answers_every_question_with_unknown_or_nothing()
    {
        var country = await _timeline.RunAsync("country", "RUS", "--json");
        var countries = await _timeline.RunAsync("countries", "--json");
        var events = await _timeline.RunAsync("events", "--country", "RUS", "--json");
        var dyad = await _timeline.RunAsync("dyad", "RUS", "UKR", "--json");
        var parked = await _timeline.RunAsync("parked", "list", "--json");

        Assert.Equal("unknown", country.Json.GetProperty("escalation").GetProperty("bound").GetString());
        Assert.Equal(0, countries.Json.GetProperty("countries").GetArrayLength());
        Assert.Equal(0, events.Json.GetProperty("events").GetArrayLength());
        Assert.Equal("unknown", dyad.Json.GetProperty("atoB").GetProperty("bound").GetString());
        Assert.Equal("""{"counts":{"parked":0,"outstanding":0,"redriven":0,"dropped":0},"parked":[]}""" + "\n", parked.Out);
        Assert.All([country, countries, events, dyad, parked], ended => Assert.Equal((0, ""), (ended.Code, ended.Error)));
    }

    [Fact]
    public async Task Every_reading_command_gives_people_a_page_without_markup()
    {
        var (_, http) = await _timeline.ServeAsync("--scenario", "ukraine-2024");
        http.Dispose();
        string[][] commands =
        [
            ["countries", "--as-of", "2024-11-26"], ["country", "RUS", "--as-of", "2024-11-21"], ["stance", "FRA", "--as-of", "2024-11-26"],
            ["dyad", "RUS", "UKR", "--as-of", "2024-11-26"], ["events", "--country", "RUS", "--limit", "2"], ["event", "se-001"],
            ["explain", "RUS", "--as-of", "2024-11-26", "--limit", "2"], ["status"], ["parked", "list"], ["digests", "--subject", "RUS"], ["doctor"], ["version"],
        ];
        foreach (var command in commands)
        {
            var ended = await _timeline.RunAsync(command);

            Assert.True(ended is { Code: 0, Error: "" }, $"{command[0]} ended with {ended.Code}: {ended.Error}");
            Assert.True(ended.Lines.Length >= 1, command[0]);
            Assert.DoesNotContain('\u001b', ended.Out);
        }

        var explained = await _timeline.RunAsync("explain", "RUS", "--as-of", "2024-11-26", "--limit", "2");
        var cursor = explained.Lines[^1].Split("--cursor ")[1].Trim();
        var rest = await _timeline.RunAsync("explain", "RUS", "--as-of", "2024-11-26", "--limit", "1000", "--cursor", cursor, "--json");
        Assert.Equal(rest.Json.GetProperty("total").GetInt32() - 2, rest.Json.GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task Two_services_do_not_share_a_folder_and_the_second_says_where_the_first_is()
    {
        var (process, http) = await _timeline.ServeAsync();
        using (http)
        {
            var second = await _timeline.RunAsync("serve", "--listen", "0");

            Assert.Equal(2, second.Code);
            Assert.Contains($"Process {process.Id} serves {_timeline.Data} already, at {http.BaseAddress}.", second.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Commands_that_start_at_once_on_one_folder_all_come_to_their_end()
    {
        var runs = Enumerable.Range(0, 4).Select(i => _timeline.RunAsync("append", _timeline.Write($"{i}.ndjson", Given.Warning($"w{i}"))));
        var ended = await Task.WhenAll(runs);

        Assert.All(ended, e => Assert.True(e.Code == 0, e.Error));
        Assert.Equal(6, (await _timeline.RunAsync("status", "--json")).Json.GetProperty("events").GetInt64());
    }

    [Fact]
    public async Task Doctor_says_no_when_the_folder_can_not_be_written_and_3_when_the_log_is_no_log()
    {
        var occupied = _timeline.Write("file", "no folder");
        var no = await _timeline.RunOnAsync("doctor", "--data", occupied, "--json");
        Directory.CreateDirectory(_timeline.Data);
        await File.WriteAllTextAsync(Path.Combine(_timeline.Data, "log.db"), new string('x', 10_000));
        var noLog = await _timeline.RunAsync("doctor");

        Assert.Equal(1, no.Code);
        Assert.False(no.Json.GetProperty("ok").GetBoolean());
        Assert.Equal(3, noLog.Code);
        Assert.Contains("log.db", noLog.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_read_model_is_named_with_what_to_do_and_comes_back_when_it_is_deleted()
    {
        await _timeline.RunAsync("append", _timeline.Write("one.ndjson", Given.Warning("one")), "--wait");
        var before = await _timeline.RunAsync("digests", "--json");
        var files = Directory.GetFiles(Path.Combine(_timeline.Data, "readmodels"), "*.db", SearchOption.AllDirectories);
        await File.WriteAllTextAsync(files[0], new string('x', 10_000));
        var damaged = await _timeline.RunAsync("digests");
        Directory.Delete(Path.Combine(_timeline.Data, "readmodels"), recursive: true);
        var rebuilt = await _timeline.RunAsync("digests", "--json");

        Assert.Equal(3, damaged.Code);
        Assert.Contains(files[0], damaged.Error, StringComparison.Ordinal);
        Assert.Contains("can be deleted", damaged.Error, StringComparison.Ordinal);
        Assert.Equal((0, before.Out), (rebuilt.Code, rebuilt.Out));
        Assert.NotEmpty(before.Json.GetProperty("digests").EnumerateArray());
    }

    [Fact]
    public async Task The_service_tells_its_api_and_is_ready_when_it_says_so()
    {
        var (_, http) = await _timeline.ServeAsync();
        using (http)
        {
            using var openapi = JsonDocument.Parse(await http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
            using var unknown = await http.GetAsync(new Uri("/v1/countries/XYZ", UriKind.Relative));
            using var wrongDay = await http.GetAsync(new Uri("/v1/countries/RUS?asOf=yesterday", UriKind.Relative));
            using var noEvent = await http.GetAsync(new Uri("/v1/events/nothing", UriKind.Relative));
            using var noCursor = await http.GetAsync(new Uri("/v1/countries?cursor=xyz", UriKind.Relative));

            Assert.Equal(34, openapi.RootElement.GetProperty("paths").EnumerateObject().Sum(p => p.Value.EnumerateObject().Count()));
            Assert.Equal(
                [HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.BadRequest],
                [unknown.StatusCode, wrongDay.StatusCode, noEvent.StatusCode, noCursor.StatusCode]);
            Assert.All([unknown, wrongDay, noEvent, noCursor], r => Assert.Equal("application/problem+json", r.Content.Headers.ContentType?.MediaType));
        }
    }
}
