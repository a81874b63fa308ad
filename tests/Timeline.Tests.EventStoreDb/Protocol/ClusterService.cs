using EventStore.Client.Protocol.Gossip;
using ClientEmpty = EventStore.Client.Protocol.Empty;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>Gossip: the nodes of the cluster, and which of them leads.</summary>
internal sealed class ClusterService(Node node)
{
    public async Task ReadAsync(GrpcCall call)
    {
        await call.ReadOneAsync(ClientEmpty.Parser);
        var info = new ClusterInfo();
        var nodes = node.Membership.Nodes;
        for (var number = 0; number < nodes.Count; number++)
        {
            info.Members.Add(new MemberInfo
            {
                InstanceId = Uuid.Of(new Guid(number + 1, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 1)),
                TimeStamp = (node.Store.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks,
                State = number == node.Membership.Leader ? MemberInfo.Types.VNodeState.Leader : MemberInfo.Types.VNodeState.Follower,
                IsAlive = nodes[number].IsAlive,
                HttpEndPoint = new EndPoint { Address = nodes[number].Host, Port = (uint)nodes[number].Port },
            });
        }

        await call.WriteAsync(info);
    }
}
