using System.Net;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>
/// Keeps the one connection that all calls share. Callers that come while it is being made wait for the same attempt; when one
/// says that it broke, or that another node leads, the next call makes a new one.
/// </summary>
internal sealed class Nodes : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource closing = new();
    private readonly EventStoreClientSettings settings;
    private readonly Channels channels;
    private readonly Discovery discovery;
    private Task<NodeConnection>? current;
    private DnsEndPoint? leader;

    public Nodes(EventStoreClientSettings settings, string connectionName)
    {
        this.settings = settings;
        channels = new Channels(settings, connectionName);
        discovery = new Discovery(settings, channels);
    }

    /// <summary>The connection, made now if there is none.</summary>
    /// <exception cref="DiscoveryException">No node of the cluster takes calls.</exception>
    /// <exception cref="RpcException">The node could not be asked what it can do.</exception>
    public ValueTask<NodeConnection> GetAsync(CancellationToken cancellation)
    {
        Task<NodeConnection> task;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closing.IsCancellationRequested, typeof(EventStoreClient));
            if (current is null || current.IsFaulted || current.IsCanceled)
            {
                var named = leader;
                leader = null;
                current = Task.Run(() => ConnectAsync(named), CancellationToken.None);
            }

            task = current;
        }

        return new ValueTask<NodeConnection>(task.IsCompletedSuccessfully ? task : task.WaitAsync(cancellation));
    }

    public void Dispose()
    {
        Task<NodeConnection>? last;
        lock (gate)
        {
            if (closing.IsCancellationRequested)
            {
                return;
            }

            closing.Cancel();
            last = current;
        }

        if (last is { IsCompletedSuccessfully: true })
        {
            last.GetAwaiter().GetResult().Close(new ObjectDisposedException(nameof(EventStoreClient)));
        }

        channels.Dispose();
    }

    private async Task<NodeConnection> ConnectAsync(DnsEndPoint? named)
    {
        var channel = named is null ? await discovery.FindAsync(closing.Token).ConfigureAwait(false) : channels.Get(named);
        try
        {
            return new NodeConnection(channel, await ServerMethods.HasBatchAppendAsync(channel, settings, closing.Token).ConfigureAwait(false), settings, OnError);
        }
        catch (RpcException error)
        {
            throw TypedErrors.Of(error);
        }
    }

    private void OnError(NodeConnection connection, Exception error)
    {
        if (error is not (NotLeaderException or RpcException { StatusCode: StatusCode.Unavailable }))
        {
            return;
        }

        lock (gate)
        {
            // Of many calls that fail together, the first one counts.
            if (current is { IsCompletedSuccessfully: true } task && task.GetAwaiter().GetResult() == connection)
            {
                current = null;
                leader = (error as NotLeaderException)?.LeaderEndpoint;
            }
            else
            {
                return;
            }
        }

        connection.Retire();
    }
}
