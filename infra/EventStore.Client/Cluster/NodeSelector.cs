using System.Net;
using EventStore.Client.Protocol.Gossip;
using State = EventStore.Client.Protocol.Gossip.MemberInfo.Types.VNodeState;

namespace EventStore.Client;

/// <summary>Chooses a node of a cluster by what the nodes say of each other and by preference.</summary>
internal sealed class NodeSelector(NodePreference preference, Random random)
{
    /// <summary>The node to talk to, or null when none takes calls. Among equals, one at random.</summary>
    public DnsEndPoint? Select(ClusterInfo cluster) => cluster.Members
        .Where(member => member.IsAlive && Rank(member.State) is not null)
        .Select(member => (member.HttpEndPoint, Rank: Rank(member.State)!.Value, Lot: random.Next()))
        .OrderBy(member => member.Rank)
        .ThenBy(member => member.Lot)
        .Select(member => new DnsEndPoint(member.HttpEndPoint.Address, (int)member.HttpEndPoint.Port))
        .FirstOrDefault();

    /// <summary>Lower is better; null for nodes that take no calls.</summary>
    private int? Rank(State state) => (preference, state) switch
    {
        (NodePreference.Random, State.Leader or State.Follower or State.ReadOnlyReplica or State.ReadOnlyLeaderless) => 0,
        (NodePreference.Leader, State.Leader) => 0,
        (NodePreference.Leader, State.Follower) => 1,
        (NodePreference.Follower, State.Follower) => 0,
        (NodePreference.Follower, State.Leader) => 1,
        (NodePreference.ReadOnlyReplica, State.ReadOnlyReplica) => 0,
        (NodePreference.ReadOnlyReplica, State.ReadOnlyLeaderless) => 1,
        (NodePreference.ReadOnlyReplica, State.Leader) => 2,
        (NodePreference.ReadOnlyReplica, State.Follower) => 3,
        (_, State.ReadOnlyReplica) => 2,
        (_, State.ReadOnlyLeaderless) => 3,
        _ => null,
    };
}
