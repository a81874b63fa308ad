using System.Net;
using EventStore.Client.Protocol;
using EventStore.Client.Protocol.Gossip;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>Finds the node to talk to: the one that the settings name, or one of the cluster by gossip.</summary>
internal sealed class Discovery(EventStoreClientSettings settings, Channels channels)
{
    private readonly Random random = new(0);

    public async Task<GrpcChannel> FindAsync(CancellationToken cancellation)
    {
        var connectivity = settings.ConnectivitySettings;
        if (connectivity.IsSingleNode)
        {
            var address = connectivity.ResolvedAddressOrDefault;
            return channels.Get(new DnsEndPoint(address.Host, address.Port));
        }

        RpcException? last = null;
        var selector = new NodeSelector(connectivity.NodePreference, random);
        for (var attempt = 1; attempt <= connectivity.MaxDiscoverAttempts; attempt++)
        {
            if (attempt > 1)
            {
                await Task.Delay(connectivity.DiscoveryInterval, cancellation).ConfigureAwait(false);
            }

            foreach (var node in Candidates())
            {
                (var cluster, last) = await AskAsync(node, cancellation).ConfigureAwait(false);
                if (cluster is not null && selector.Select(cluster) is { } chosen)
                {
                    channels.Keep(cluster.Members.Select(member => new DnsEndPoint(member.HttpEndPoint.Address, (int)member.HttpEndPoint.Port)));
                    return channels.Get(chosen);
                }
            }
        }

        throw new DiscoveryException(connectivity.MaxDiscoverAttempts, last);
    }

    /// <summary>Who can tell of the cluster: the nodes known so far in any order, then the seeds.</summary>
    private List<DnsEndPoint> Candidates()
    {
        var known = channels.Known().ToArray();
        random.Shuffle(known);
        var seeds = settings.ConnectivitySettings.GossipSeeds.Select(seed => seed.ToDns()).Where(seed => !known.Contains(seed));
        return [.. known, .. seeds];
    }

    /// <summary>What a node says of its cluster, or why it says nothing.</summary>
    private async Task<(ClusterInfo? Cluster, RpcException? Error)> AskAsync(DnsEndPoint node, CancellationToken cancellation)
    {
        var options = CallOptions.Operation(settings, settings.ConnectivitySettings.GossipTimeout, null, cancellation);
        try
        {
            var channel = channels.Get(node);
            return (await channel.AskAsync("/event_store.client.gossip.Gossip/Read", new Empty(), ClusterInfo.Parser, options).ConfigureAwait(false), null);
        }
        catch (RpcException error) when (!cancellation.IsCancellationRequested)
        {
            return (null, error);
        }
    }
}
