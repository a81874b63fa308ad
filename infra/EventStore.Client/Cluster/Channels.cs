using System.Net;

namespace EventStore.Client;

/// <summary>The channels to the nodes that are known, one a node. Safe for use by several threads.</summary>
internal sealed class Channels(EventStoreClientSettings settings, string connectionName) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Host, int Port), GrpcChannel> byNode = [];
    private bool disposed;

    public GrpcChannel Get(DnsEndPoint node)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(EventStoreClient));
            if (!byNode.TryGetValue(Key(node), out var channel))
            {
                channel = new GrpcChannel(settings, connectionName, node);
                byNode[Key(node)] = channel;
            }

            return channel;
        }
    }

    /// <summary>The nodes that have a channel.</summary>
    public IReadOnlyList<DnsEndPoint> Known()
    {
        lock (gate)
        {
            return [.. byNode.Values.Select(channel => channel.EndPoint)];
        }
    }

    /// <summary>Closes the channels to all other nodes.</summary>
    public void Keep(IEnumerable<DnsEndPoint> nodes)
    {
        var kept = nodes.Select(Key).ToHashSet();
        lock (gate)
        {
            foreach (var gone in byNode.Keys.Where(node => !kept.Contains(node)).ToList())
            {
                byNode.Remove(gone, out var channel);
                channel!.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            foreach (var channel in byNode.Values)
            {
                channel.Dispose();
            }

            byNode.Clear();
        }
    }

    private static (string Host, int Port) Key(DnsEndPoint node) => (node.Host.ToLowerInvariant(), node.Port);
}
