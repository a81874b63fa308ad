using Grpc.Core;

namespace EventStore.Client;

/// <summary>What every client of the database has: settings, a name, and the connection to a node.</summary>
public abstract class EventStoreClientBase : IDisposable, IAsyncDisposable
{
    private readonly Nodes nodes;

    /// <param name="exceptionMap">Not used here: the errors that a client of streams meets are known.</param>
    protected EventStoreClientBase(EventStoreClientSettings? settings, Dictionary<string, Func<RpcException, Exception>> exceptionMap)
    {
        _ = exceptionMap;
        Settings = settings ?? new EventStoreClientSettings();
        ConnectionName = Settings.ConnectionName ?? $"ES-{Uuid.NewUuid()}";
        nodes = new Nodes(Settings, ConnectionName);
    }

    public string ConnectionName { get; }

    protected EventStoreClientSettings Settings { get; }

    /// <summary>Ends the connections; calls that run fail.</summary>
    public virtual void Dispose() => nodes.Dispose();

    public virtual ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    private protected ValueTask<NodeConnection> ConnectAsync(CancellationToken cancellation) => nodes.GetAsync(cancellation);
}
