using Timeline.Domain.Ledger;

namespace Timeline.Domain.Changes;

/// <summary>The contributions of few that stand, netted as they come.</summary>
internal sealed class Standing
{
    private readonly Dictionary<Contribution, int> net = [];

    /// <summary>Another after every addition.</summary>
    public long Version { get; private set; }

    /// <summary>Each as often as it counts.</summary>
    public IEnumerable<Contribution> All
    {
        get
        {
            foreach (var (c, n) in net)
            {
                for (var i = 0; i < n; i++)
                {
                    yield return c;
                }
            }
        }
    }

    public void Add(Contribution c, int sign)
    {
        Version++;
        if ((net.GetValueOrDefault(c) + sign) is var n && n == 0)
        {
            net.Remove(c);
        }
        else
        {
            net[c] = n;
        }
    }

    /// <summary>Forgets those that can't matter any more.</summary>
    public void Forget(Predicate<Contribution> isPast)
    {
        foreach (var c in net.Keys.Where(c => isPast(c)).ToList())
        {
            net.Remove(c);
        }
    }
}
