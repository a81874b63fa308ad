using System.Net;
using EventStore.Client;
using EventStore.Client.Protocol.Gossip;
using EndPoint = EventStore.Client.Protocol.Gossip.EndPoint;
using State = EventStore.Client.Protocol.Gossip.MemberInfo.Types.VNodeState;

namespace Timeline.Tests.EventStoreDbClient;

public sealed class NodeSelectorTests
{
    [Theory]
    [InlineData(NodePreference.Leader, nameof(State.Leader))]
    [InlineData(NodePreference.Follower, nameof(State.Follower))]
    [InlineData(NodePreference.ReadOnlyReplica, nameof(State.ReadOnlyReplica))]
    public void The_preferred_kind_of_node_is_taken(NodePreference preference, string state)
    {
        var cluster = Cluster((State.Follower, true), (State.Leader, true), (State.ReadOnlyReplica, true));

        Assert.Equal(Node(cluster, Enum.Parse<State>(state)), Select(preference, cluster));
    }

    [Theory]
    [InlineData(NodePreference.Leader, nameof(State.Follower))]
    [InlineData(NodePreference.Follower, nameof(State.ReadOnlyReplica))]
    [InlineData(NodePreference.ReadOnlyReplica, nameof(State.ReadOnlyLeaderless))]
    public void Without_it_the_next_best_is(NodePreference preference, string state)
    {
        var all = new[] { State.Leader, State.Follower, State.ReadOnlyReplica, State.ReadOnlyLeaderless };
        var better = Better(preference);
        var cluster = Cluster([.. all.Select(s => (s, Alive: !better.Contains(s)))]);

        Assert.Equal(Node(cluster, Enum.Parse<State>(state)), Select(preference, cluster));
    }

    [Fact]
    public void Nodes_that_are_dead_or_take_no_calls_are_never_taken()
    {
        State[] closed =
        [
            State.Initializing, State.DiscoverLeader, State.Unknown, State.PreReplica, State.CatchingUp, State.Clone, State.PreLeader,
            State.Manager, State.ShuttingDown, State.Shutdown, State.PreReadOnlyReplica, State.ResigningLeader,
        ];

        Assert.Null(Select(NodePreference.Random, Cluster([.. closed.Select(s => (s, true)), (State.Leader, false)])));
        Assert.Null(Select(NodePreference.Leader, new ClusterInfo()));
    }

    [Fact]
    public void Among_equals_each_is_taken_at_times()
    {
        var cluster = Cluster((State.Follower, true), (State.Follower, true), (State.Leader, true));
        var selector = new NodeSelector(NodePreference.Random, new Random(1));

        Assert.Equal(3, Enumerable.Range(0, 100).Select(_ => selector.Select(cluster)).Distinct().Count());
    }

    private static State[] Better(NodePreference preference) => preference switch
    {
        NodePreference.Leader => [State.Leader],
        NodePreference.Follower => [State.Follower, State.Leader],
        _ => [State.ReadOnlyReplica],
    };

    private static DnsEndPoint? Select(NodePreference preference, ClusterInfo cluster) => new NodeSelector(preference, new Random(1)).Select(cluster);

    private static DnsEndPoint Node(ClusterInfo cluster, State state) => new("node", (int)cluster.Members.Single(m => m.State == state).HttpEndPoint.Port);

    private static ClusterInfo Cluster(params (State State, bool Alive)[] members) => new()
    {
        Members = { members.Select((m, n) => new MemberInfo { State = m.State, IsAlive = m.Alive, HttpEndPoint = new EndPoint { Address = "node", Port = (uint)(2000 + n) } }) },
    };
}
