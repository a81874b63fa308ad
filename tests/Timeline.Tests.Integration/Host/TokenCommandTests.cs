using System.Net;
using System.Text;
using Timeline.Adapters.Sqlite;
using Timeline.Domain;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Integration.Host;

/// <summary>Who may do what, by the real command.</summary>
public sealed class TokenCommandTests : IDisposable
{
    private const string NewerWarning = """{"actors":[{"id":"RUS","role":"threatener"}],"id":"newer","targets":[{"id":"UKR","role":"target"}],"type":"WarningIssued","version":99}""";
    private readonly TimelineCommand _timeline = new();

    public void Dispose() => _timeline.Dispose();

    private string Tokens => Path.Combine(_timeline.Folder, "tokens.json");

    [Fact]
    public async Task A_token_is_shown_once_and_the_file_holds_its_hash_until_it_is_revoked()
    {
        var made = await TokenAsync("new", "alice", "--role", "read", "--role", "operate", "--expires", "2099-12-31");
        var token = made.Out.Trim();

        Assert.Equal((0, 1), (made.Code, made.Lines.Length));
        Assert.Matches("^timeline_[A-Za-z0-9_-]{43}$", token);
        Assert.DoesNotContain(token, made.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(token, await File.ReadAllTextAsync(Tokens), StringComparison.Ordinal);
        var listed = await TokenAsync("list", "--json");
        var line = Assert.Single(listed.Json.GetProperty("tokens").EnumerateArray());
        Assert.Equal("""{"name":"alice","roles":["read","operate"],"expires":"2099-12-31","expired":false,"sha256":""", line.GetRawText()[..^11]);
        Assert.Contains("alice", (await TokenAsync("list")).Out, StringComparison.Ordinal);

        Assert.Equal(2, (await TokenAsync("new", "alice", "--role", "read")).Code);
        Assert.Equal(0, (await TokenAsync("revoke", "alice")).Code);
        Assert.Equal(2, (await TokenAsync("revoke", "alice")).Code);
    }

    [Theory]
    [InlineData("new", "a b", "--role", "read")]
    [InlineData("new", "alice")]
    [InlineData("new", "alice", "--role", "king")]
    [InlineData("new", "alice", "--role", "read", "--expires", "soon")]
    [InlineData("new", "alice", "--role", "read", "--expires", "2020-01-01")]
    [InlineData("list")]
    public async Task Bad_usage_ends_with_2_and_writes_nothing(params string[] arguments)
    {
        var ended = await TokenAsync(arguments);

        Assert.Equal((2, ""), (ended.Code, ended.Out.Trim()));
        Assert.NotEqual("", ended.Error.Trim());
        Assert.False(File.Exists(Tokens));
    }

    [Fact]
    public async Task Elsewhere_than_on_loopback_a_service_needs_a_tokens_file_that_is_right()
    {
        var bare = await _timeline.RunAsync("serve", "--listen", "0.0.0.0:0");
        Assert.Equal(2, bare.Code);
        Assert.Contains("timeline token new", bare.Error, StringComparison.Ordinal);

        _timeline.Write("tokens.json", "{\n \"tokens\": [ { \"name\": \"a\" } ] }");
        var broken = await _timeline.RunAsync("serve", "--listen", "0.0.0.0:0", "--tokens", Tokens);
        Assert.Equal(2, broken.Code);
        Assert.Contains("line 2: tokens[0].sha256 is missing", broken.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_timeline.Data));

        File.Delete(Tokens);
        await TokenAsync("new", "alice", "--role", "read");
        var process = _timeline.StartOnData("serve", "--listen", "0.0.0.0:0", "--tokens", Tokens, "--once", "--scenario", "ukraine-2024");
        Assert.Equal(0, (await process.ToEndAsync()).Code);
    }

    [Fact]
    public async Task A_command_sends_the_token_of_its_environment_or_file_and_says_what_it_lacks()
    {
        var reader = await NewAsync("reader", "read");
        var (_, http) = await ServeAsync();
        http.Dispose();

        var without = await _timeline.RunAsync("status");
        Assert.Equal((2, ""), (without.Code, without.Out));
        Assert.Contains("TIMELINE_TOKEN", without.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _timeline.RunAsync("status", "--token-file", _timeline.Write("reader.token", reader + "\n"))).Code);
        _timeline.Environment["TIMELINE_TOKEN"] = reader;
        Assert.Equal(0, (await _timeline.RunAsync("status")).Code);
        var append = await _timeline.RunAsync("append", _timeline.Write("one.json", Given.Warning("one")));
        Assert.Equal(2, append.Code);
        Assert.Contains("needs the role write; the token 'reader' has read", append.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _timeline.RunAsync("status", "--token-file", _timeline.Write("empty.token", " \n"))).Code);
        Assert.Equal(2, (await _timeline.RunAsync("status", "--token-file", Path.Combine(_timeline.Folder, "nowhere"))).Code);
    }

    [Fact]
    public async Task Without_tokens_what_is_given_bears_the_users_name_and_is_marked()
    {
        await _timeline.RunAsync("append", _timeline.Write("one.json", Given.Warning("one")), "--wait");
        var shown = (await _timeline.RunAsync("event", "one", "--json")).Json;

        Assert.Equal((Environment.UserName, false), (shown.GetProperty("by").GetString(), shown.GetProperty("verified").GetBoolean()));
    }

    [Fact]
    public async Task A_drop_that_needs_a_second_person_waits_for_one_through_a_restart_and_then_bears_both_names()
    {
        Assert.Equal(0, (await _timeline.RunAsync("status")).Code);
        await using (var log = SqliteEventLog.Open(Path.Combine(_timeline.Data, "log.db"), TimeProvider.System))
        {
            var e = new NewEvent("WarningIssued", Encoding.UTF8.GetBytes(NewerWarning), """{"recordedAt":"2026-11-22T08:00:00.0000000Z"}"""u8.ToArray());
            await log.AppendAsync(EventNames.ForGiven("newer"), ExpectedRevision.NoStream, [e], CancellationToken.None);
        }

        var (alice, bob) = (await NewAsync("alice", "read", "operate"), await NewAsync("bob", "read", "operate"));
        await File.WriteAllTextAsync(Tokens, (await File.ReadAllTextAsync(Tokens)).Replace("\"secondPerson\": []", "\"secondPerson\": [\"drop\"]", StringComparison.Ordinal));
        var (process, http) = await ServeAsync();
        http.Dispose();
        var digests = await AsAsync(alice, "digests", "--json");

        var asked = await AsAsync(alice, "parked", "drop", "newer", "--reason", "A drill.");
        Assert.Equal(1, asked.Code);
        Assert.Contains("it needs a second person: timeline parked confirm asked/0", asked.Error, StringComparison.Ordinal);
        Assert.Contains("alice has asked to give it up; a second person confirms: timeline parked confirm asked/0.", (await AsAsync(bob, "parked", "show", "newer")).Out, StringComparison.Ordinal);
        Assert.Equal(digests.Json.GetProperty("digests").GetRawText(), (await AsAsync(alice, "digests", "--json")).Json.GetProperty("digests").GetRawText());
        await process.InterruptAsync();
        await process.ToEndAsync();
        (_, http) = await ServeAsync();
        http.Dispose();

        var same = await AsAsync(alice, "parked", "confirm", "asked/0");
        Assert.Equal(2, same.Code);
        Assert.Contains("'alice' has asked for it", same.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await AsAsync(bob, "parked", "confirm", "asked/7")).Code);
        var confirmed = await AsAsync(bob, "parked", "confirm", "asked/0");
        Assert.True(confirmed.Code == 0, confirmed.Error);
        Assert.Contains("newer for RUS in all projections: dropped, parked/0", confirmed.Out, StringComparison.Ordinal);
        Assert.Equal(confirmed.Out.Replace("dropped, ", "dropped, already in ", StringComparison.Ordinal), (await AsAsync(bob, "parked", "confirm", "asked/0")).Out);

        var shown = (await AsAsync(bob, "parked", "show", "newer", "--json")).Json;
        Assert.Equal(
            ["ActAsked RUS alice True  ", "ActAsked UKR alice True  ", "ParkedDropped RUS alice True bob asked/0", "ParkedDropped UKR alice True bob asked/0"],
            shown.GetProperty("decisions").EnumerateArray().Select(static d =>
                $"{d.GetProperty("type")} {d.GetProperty("subject")} {d.GetProperty("by")} {d.GetProperty("verified")} {d.GetProperty("confirmedBy")} {d.GetProperty("asked")}"));
        Assert.All(shown.GetProperty("parked").EnumerateArray(), static l => Assert.Equal("dropped", l.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task A_revoked_token_is_refused_by_a_service_that_runs()
    {
        var token = await NewAsync("alice", "read");
        var (_, http) = await ServeAsync();
        using (http)
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/status")).StatusCode);
            await TokenAsync("revoke", "alice");
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/v1/status")).StatusCode);
        }
    }

    private Task<Ended> TokenAsync(params string[] arguments) => _timeline.RunOnAsync(["token", .. arguments, "--file", Tokens]);

    private async Task<string> NewAsync(string name, params string[] roles) =>
        (await TokenAsync(["new", name, .. roles.SelectMany(static r => new[] { "--role", r })])).Out.Trim();

    private Task<Ended> AsAsync(string token, params string[] arguments)
    {
        _timeline.Environment["TIMELINE_TOKEN"] = token;
        return _timeline.RunAsync(arguments);
    }

    private Task<(System.Diagnostics.Process Process, HttpClient Http)> ServeAsync() => _timeline.ServeAsync("--tokens", Tokens);
}
