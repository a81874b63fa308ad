using System.Text.Json;
using Timeline.Tests.Integration.Host;
using Timeline.Tests.Integration.RabbitMq;
using Timeline.Tests.Integration.Soak;

namespace Timeline.Tests.Integration.Apart;

/// <summary>Services as processes of their own, over a real broker, held against the one process.</summary>
[Collection(BrokerCollection.Name)]
public sealed class ServicesApartTests(RabbitMqServer broker) : IDisposable
{
    private const int Rows = 2_000;

    private readonly TimelineCommand timeline = new();

    public void Dispose() => timeline.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    public async Task Apart_the_services_end_where_one_process_does_digest_by_digest(int projectors, int relays)
    {
        var gifts = Workload.Of(timeline.Folder, Rows);
        var account = await InOneProcessAsync(gifts);
        using var apart = new ServicesApart(timeline, broker.Address);
        await apart.StartAsync(projectors, relays);
        account.AssertEquals(await Account.AtEndAsync(apart.Http, new Giver(gifts)));

        // Every partition has one owner, and the owners have even shares.
        var status = await apart.UntilAsync("/v1/status", s => SharesOf(s) is var shares && shares.Length == projectors && shares.All(n => n >= 33 / projectors), "A fair share for every Projector");
        Assert.Equal(33, SharesOf(status).Sum());
        Assert.All(status.GetProperty("partitions").EnumerateArray(), p => Assert.Equal(JsonValueKind.Null, p.GetProperty("waits").ValueKind));
    }

    [Fact]
    public async Task Without_a_broker_events_are_still_taken_and_when_it_returns_everything_catches_up_by_itself()
    {
        var own = new RabbitMqServer();
        await own.InitializeAsync();
        try
        {
            using var apart = new ServicesApart(timeline, own.Address);
            await apart.StartAsync();
            await apart.CaughtUpAsync(2);
            await own.KillAsync();
            using var given = await apart.Http.PostAsync("/v1/events", new StringContent(Given.Warning("while-away"), System.Text.Encoding.UTF8, "application/json"));
            Assert.Equal(System.Net.HttpStatusCode.Created, given.StatusCode);
            await UntilAsync(async () => (await apart.AskAsync("Relay-1", "/health/ready")).Contains("127.0.0.1", StringComparison.Ordinal));
            await own.StartAgainAsync();
            await apart.CaughtUpAsync(3);
            await UntilAsync(async () => await apart.AskAsync("Relay-1", "/health/ready") == """{"status":"ready"}""");
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_service_says_what_is_wrong_with_its_options_and_ends()
    {
        await EndsAsync(2, "no option 'brocker'", ("TIMELINE_OPTIONS", timeline.Write("wrong.jsonc", """{ "brocker": "amqp://x/" }""")));
        await EndsAsync(2, "amqp://", ("TIMELINE_BROKER", "http://127.0.0.1/"));
        await EndsAsync(2, "listen is 'here'", ("TIMELINE_LISTEN", "here"));
        var holder = timeline.StartOnData("serve", "--listen", "0");
        Assert.StartsWith("Timeline answers", await holder.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        await EndsAsync(3, "in one process", ("TIMELINE_DATA", timeline.Data));
    }

    [Fact]
    public async Task A_command_on_the_folder_finds_the_services_and_one_that_writes_is_sent_to_Ingest()
    {
        using var apart = new ServicesApart(timeline, broker.Address);
        await apart.StartAsync();
        await apart.CaughtUpAsync(2);
        var appended = await timeline.RunAsync("append", timeline.Write("one.json", Given.Warning("by-command")), "--wait");
        Assert.True(appended.Code == 0, appended.Error);
        var shown = await timeline.RunAsync("event", "by-command", "--json");
        Assert.Equal("by-command", shown.Json.GetProperty("id").GetString());
        var stopped = await apart.StopAsync("Relay-1");
        Assert.Equal((0, ""), (stopped.Code, stopped.Error));
    }

    [Fact]
    public async Task With_tokens_every_service_asks_for_one_and_a_command_is_known_at_both_ends_of_its_way()
    {
        var tokens = Path.Combine(timeline.Folder, "tokens.json");
        async Task<string> NewAsync(string name, params string[] roles) =>
            (await timeline.RunOnAsync(["token", "new", name, "--file", tokens, .. roles.SelectMany(r => new[] { "--role", r })])).Out.Trim();
        var (desk, auditor) = (await NewAsync("desk", "read", "write"), await NewAsync("auditor", "audit"));
        using var apart = new ServicesApart(timeline, broker.Address) { ["TIMELINE_TOKENS"] = tokens };
        await apart.StartAsync();
        await apart.StartAsync("Audit");
        await UntilAsync(async () => await apart.AskAsync("Query", "/health/ready") == """{"status":"ready"}""");

        Assert.Contains("names no token", await apart.AskAsync("Query", "/v1/status"), StringComparison.Ordinal);
        Assert.Contains("names no token", await apart.AskAsync("Audit", "/v1/audit"), StringComparison.Ordinal);
        Assert.Contains("knows no such token", await apart.AskAsync("Audit", "/v1/audit", desk[..^1]), StringComparison.Ordinal);
        Assert.Contains("needs the role audit", await apart.AskAsync("Audit", "/v1/audit", desk), StringComparison.Ordinal);
        Assert.Contains("\"partitions\"", await apart.AskAsync("Audit", "/v1/audit", auditor), StringComparison.Ordinal);

        var file = timeline.Write("one.json", Given.Warning("by-desk"));
        Assert.Equal(2, (await timeline.RunAsync("append", file)).Code);
        timeline.Environment["TIMELINE_TOKEN"] = desk;
        var appended = await timeline.RunAsync("append", file, "--wait");
        Assert.True(appended.Code == 0, appended.Error);
        var shown = await timeline.RunOnAsync("event", "by-desk", "--json", "--server", apart.Http.BaseAddress!.ToString());
        Assert.True(shown.Code == 0, shown.Error);
        Assert.Equal(("desk", true), (shown.Json.GetProperty("by").GetString(), shown.Json.GetProperty("verified").GetBoolean()));

        await EndsAsync(2, "is not loopback", "Query", ("TIMELINE_LISTEN", "0.0.0.0:0"));
        await EndsAsync(2, "There is no tokens file", "Query", ("TIMELINE_TOKENS", tokens + ".not"));
    }

    private Task EndsAsync(int code, string says, params (string Name, string Value)[] options) => EndsAsync(code, says, "Relay", options);

    private async Task EndsAsync(int code, string says, string service, params (string Name, string Value)[] options)
    {
        var all = options.ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal);
        all.TryAdd("TIMELINE_DATA", Path.Combine(timeline.Folder, "other"));
        all.TryAdd("TIMELINE_LISTEN", "0");
        using var process = timeline.StartProgram("Timeline." + service, all);
        using var ingest = code == 2 && all.ContainsKey("TIMELINE_BROKER") ? timeline.StartProgram("Timeline.Ingest", new Dictionary<string, string>(all) { ["TIMELINE_BROKER"] = "amqp://127.0.0.1/" }) : null;
        var ended = await process.ToEndAsync();
        Assert.True(ended.Code == code && ended.Error.Contains(says, StringComparison.Ordinal), $"{ended.Code}: {ended.Error}");
        ingest?.Kill();
    }

    private async Task<Account> InOneProcessAsync(IReadOnlyList<Gift> gifts)
    {
        await using var life = Life.On(timeline, Path.Combine(timeline.Folder, "reference"));
        return await Account.AtEndAsync(life, new Giver(gifts));
    }

    private static int[] SharesOf(JsonElement status) =>
        [.. status.GetProperty("partitions").EnumerateArray().Select(p => p.GetProperty("owner").GetString()).OfType<string>().GroupBy(o => o).Select(g => g.Count())];

    private static async Task UntilAsync(Func<Task<bool>> come)
    {
        using var patience = new CancellationTokenSource(TimelineCommand.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await come())
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
    }
}
