using EventStore.Client.Protocol.Streams;
using Timeline.Tests.EventStoreDb.Hosting;

namespace Timeline.Tests.Integration.EventStoreDb;

/// <summary>What the test server does wrong when it is asked to, and that it does it no more often than asked.</summary>
public sealed class ServerFaultTests : IAsyncLifetime
{
    private EventStoreDbServer server = null!;
    private RawClient client = null!;

    public async Task InitializeAsync()
    {
        server = await EventStoreDbServer.StartAsync();
        client = new RawClient(server.Address);
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
        Assert.Empty(server.Errors);
    }

    [Fact]
    public async Task An_answer_that_is_lost_was_stored_and_its_repetition_is_counted_once()
    {
        server.Faults.BreakAnswers(1);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.AppendAsync("s", Id(1), Id(2)));

        var again = AppendResp.Parser.ParseFrom(Assert.Single((await client.AppendAsync("s", Id(1), Id(2))).Messages));

        Assert.Equal(1ul, again.Success.CurrentRevision);
        Assert.Equal([(Id(1), 0L), (Id(2), 1L)], await client.ReadAsync("s"));
    }

    [Fact]
    public async Task An_unavailable_server_stores_nothing()
    {
        server.Faults.Unavailable(2);

        Assert.Equal(14, (await client.AppendAsync("s", Id(1))).Status);
        Assert.Equal(14, (await client.AppendAsync("s", Id(1))).Status);
        Assert.Equal(0, (await client.AppendAsync("s", Id(2))).Status);
        Assert.Equal([(Id(2), 0L)], await client.ReadAsync("s"));
    }

    [Fact]
    public async Task A_node_that_does_not_lead_says_who_does()
    {
        server.Faults.NotLeader(1, "example.org", 2114);

        var answer = await client.AppendAsync("s", Id(1));

        Assert.Equal(5, answer.Status);
        Assert.Equal(("not-leader", "example.org", "2114"), (answer.Trailers["exception"], answer.Trailers["leader-endpoint-host"], answer.Trailers["leader-endpoint-port"]));
        Assert.Equal(0, (await client.AppendAsync("s", Id(1))).Status);
    }

    [Fact]
    public async Task Reads_break_after_so_many_events_and_then_no_more()
    {
        await client.AppendAsync("s", [.. Enumerable.Range(1, 50).Select(Id)]);
        server.Faults.DropReadsAfter(20);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.ReadAsync("s"));
        Assert.Equal(50, (await client.ReadAsync("s")).Count);
    }

    [Fact]
    public async Task A_stalled_server_goes_on_where_it_stood()
    {
        server.Faults.Stall();
        var waiting = client.AppendAsync("s", Id(1));
        await PostFaultsAsync("{}");
        Assert.False(waiting.IsCompleted);

        await PostFaultsAsync("""{"stall":false}""");

        Assert.Equal(0, (await waiting).Status);
    }

    [Fact]
    public async Task The_leadership_of_a_cluster_can_move()
    {
        await using var cluster = await EventStoreDbCluster.StartAsync(2);
        using var first = new RawClient(cluster.Nodes[0].Address);
        using var second = new RawClient(cluster.Nodes[1].Address);
        Assert.Equal(0, (await first.AppendAsync("s", Id(1))).Status);
        Assert.Equal("not-leader", (await second.AppendAsync("s", Id(2))).Trailers["exception"]);

        cluster.Leader = 1;

        var refused = await first.AppendAsync("s", Id(2));
        Assert.Equal($"{cluster.Nodes[1].Address.Port}", refused.Trailers["leader-endpoint-port"]);
        Assert.Equal(0, (await second.AppendAsync("s", Id(2))).Status);
        Assert.Equal([(Id(1), 0L), (Id(2), 1L)], await second.ReadAsync("s"));
    }

    private static Guid Id(int n) => new(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    /// <summary>Over HTTP/1.1, on the same port: as a shell would.</summary>
    private async Task PostFaultsAsync(string json)
    {
        using var http = new HttpClient();
        using var content = new StringContent(json);
        using var answer = await http.PostAsync(new Uri(server.Address, "/faults"), content);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, answer.StatusCode);
    }
}
