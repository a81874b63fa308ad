namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>A node as gossip tells of it.</summary>
internal sealed record Member(string Host, int Port, bool IsAlive = true);

/// <summary>The nodes of a cluster and which of them leads.</summary>
internal sealed class Membership
{
    private readonly Lock gate = new();
    private readonly List<Member> nodes = [];
    private int leader;

    /// <summary>The number of the node that leads.</summary>
    public int Leader
    {
        get => Volatile.Read(ref leader);
        set => Volatile.Write(ref leader, value);
    }

    public IReadOnlyList<Member> Nodes
    {
        get
        {
            lock (gate)
            {
                return [.. nodes];
            }
        }
    }

    public void Join(string host, int port)
    {
        lock (gate)
        {
            nodes.Add(new Member(host, port));
        }
    }

    public void Leave(int number)
    {
        lock (gate)
        {
            nodes[number] = nodes[number] with { IsAlive = false };
        }
    }
}
