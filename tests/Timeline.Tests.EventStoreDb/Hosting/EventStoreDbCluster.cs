using Timeline.Tests.EventStoreDb.Protocol;
using Timeline.Tests.EventStoreDb.Store;

namespace Timeline.Tests.EventStoreDb.Hosting;

/// <summary>Several nodes over one log in this process. One of them leads; the others refuse what asks for the leader, and forward the rest.</summary>
public sealed class EventStoreDbCluster : IAsyncDisposable
{
    private readonly StreamStore store;
    private readonly Membership membership;

    private EventStoreDbCluster(StreamStore store, Membership membership, IReadOnlyList<EventStoreDbServer> nodes)
    {
        this.store = store;
        this.membership = membership;
        Nodes = nodes;
    }

    public IReadOnlyList<EventStoreDbServer> Nodes { get; }

    /// <summary>The number of the node that leads; setting it moves the leadership.</summary>
    public int Leader
    {
        get => membership.Leader;
        set => membership.Leader = value >= 0 && value < Nodes.Count ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <summary>All nodes: the clients ask them who leads.</summary>
    public string ConnectionString =>
        $"esdb://{string.Join(',', Nodes.Select(n => $"127.0.0.1:{n.Address.Port}"))}?tls={(Nodes[0].Options.Tls ? "true" : "false")}";

    /// <summary>Every node takes any free port; node 0 leads.</summary>
    public static async Task<EventStoreDbCluster> StartAsync(int nodes, EventStoreDbServerOptions? options = null, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        options = (options ?? new EventStoreDbServerOptions()) with { Port = 0 };
        var store = await StreamStore.OpenAsync(options.Store);
        var membership = new Membership();
        var started = new List<EventStoreDbServer>();
        try
        {
            for (var number = 0; number < nodes; number++)
            {
                started.Add(await EventStoreDbServer.StartAsync(options, store, membership, number, ownsStore: false, ct));
            }

            return new EventStoreDbCluster(store, membership, started);
        }
        catch
        {
            await EndAsync(started, store);
            throw;
        }
    }

    /// <summary>Ends a node; the others say of it that it is not alive.</summary>
    public async Task StopAsync(int number)
    {
        membership.Leave(number);
        await Nodes[number].DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await EndAsync(Nodes, store);

    private static async Task EndAsync(IEnumerable<EventStoreDbServer> nodes, StreamStore store)
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        await store.DisposeAsync();
    }
}
