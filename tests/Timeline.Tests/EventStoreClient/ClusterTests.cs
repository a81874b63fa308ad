using EventStore.Client;
using EventStore.Client.Protocol.Gossip;
using EventStore.Client.Protocol.Streams;
using Grpc.Core;
using State = EventStore.Client.Protocol.Gossip.MemberInfo.Types.VNodeState;

namespace Timeline.Tests.EventStoreDbClient;

public sealed class ClusterTests
{
    [Theory]
    [InlineData("leader", 0)]
    [InlineData("follower", 1)]
    public async Task Calls_go_to_the_node_that_gossip_and_preference_name(string preference, int node)
    {
        await using var leader = await ScriptedServer.StartAsync();
        await using var follower = await ScriptedServer.StartAsync();
        ScriptedServer[] nodes = [leader, follower];
        foreach (var each in nodes)
        {
            each.On("Gossip", context => Script.AnswerAsync(context, Cluster((leader, State.Leader), (follower, State.Follower))));
            each.On("Delete", context => Script.AnswerAsync(context, new DeleteResp()));
        }

        await using var client = WireSamples.Client($"esdb+discover://127.0.0.1:{follower.Address.Port}?tls=false&nodePreference={preference}");
        await client.DeleteAsync("s", StreamState.Any);

        Assert.Equal([node == 0, node == 1], nodes.Select(n => n.Calls.Any(call => call.Method == "Delete")));
    }

    [Fact]
    public async Task A_node_that_is_not_the_leader_sends_the_next_call_to_the_one_it_names()
    {
        await using var leader = await ScriptedServer.StartAsync();
        await using var other = await ScriptedServer.StartAsync();
        leader.On("Delete", context => Script.AnswerAsync(context, new DeleteResp { Position = new() { CommitPosition = 9, PreparePosition = 9 } }));
        other.On("Delete", context => Script.FailAsync(
            context, 5, "not leader", ("exception", "not-leader"), ("leader-endpoint-host", "127.0.0.1"), ("leader-endpoint-port", leader.Address.Port.ToString())));
        await using var client = WireSamples.Client(other.ConnectionString);

        var error = await Assert.ThrowsAsync<NotLeaderException>(() => client.DeleteAsync("s", StreamState.Any));
        var deleted = await client.DeleteAsync("s", StreamState.Any);

        Assert.Equal(leader.Address.Port, error.LeaderEndpoint.Port);
        Assert.Equal(new Position(9, 9), deleted.LogPosition);
        await client.DeleteAsync("s", StreamState.Any);
        Assert.Single(other.Calls, call => call.Method == "Delete");
    }

    [Fact]
    public async Task A_node_that_is_gone_is_replaced_by_asking_who_leads_now()
    {
        var first = await ScriptedServer.StartAsync();
        await using var second = await ScriptedServer.StartAsync();
        first.On("Gossip", context => Script.AnswerAsync(context, Cluster((first, State.Leader), (second, State.Follower))));
        second.On("Gossip", context => Script.AnswerAsync(context, Cluster((second, State.Leader))));
        first.On("Delete", context => Script.AnswerAsync(context, new DeleteResp()));
        second.On("Delete", context => Script.AnswerAsync(context, new DeleteResp()));
        await using var client = WireSamples.Client($"esdb://127.0.0.1:{first.Address.Port},127.0.0.1:{second.Address.Port}?tls=false");

        await client.DeleteAsync("s", StreamState.Any);
        await first.DisposeAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => client.DeleteAsync("s", StreamState.Any));
        await client.DeleteAsync("s", StreamState.Any);

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Single(second.Calls, call => call.Method == "Delete");
    }

    [Fact]
    public async Task A_cluster_without_a_node_that_takes_calls_is_given_up_after_the_attempts_that_are_set()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("Gossip", context => Script.AnswerAsync(context, Cluster((server, State.CatchingUp))));
        await using var client = WireSamples.Client($"esdb+discover://127.0.0.1:{server.Address.Port}?tls=false&maxDiscoverAttempts=3&discoveryInterval=1");

        var error = await Assert.ThrowsAsync<DiscoveryException>(() => client.DeleteAsync("s", StreamState.Any));

        Assert.Equal(3, error.MaxDiscoverAttempts);
        Assert.Equal(3, server.Calls.Count(call => call.Method == "Gossip"));
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_says_why()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("Gossip", context => Script.FailAsync(context, 7, "not for you"));
        await using var client = WireSamples.Client($"esdb+discover://127.0.0.1:{server.Address.Port}?tls=false&maxDiscoverAttempts=1");

        var error = await Assert.ThrowsAsync<DiscoveryException>(() => client.DeleteAsync("s", StreamState.Any));

        Assert.Contains("not for you", error.Message, StringComparison.Ordinal);
    }

    private static ClusterInfo Cluster(params (ScriptedServer Server, State State)[] members) => new()
    {
        Members = { members.Select(m => new MemberInfo { State = m.State, IsAlive = true, HttpEndPoint = new EndPoint { Address = "127.0.0.1", Port = (uint)m.Server.Address.Port } }) },
    };
}
