using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>
/// A cluster as a step function of the reported day: at each day on which one of its facts became public its contributions change. What an
/// added fact changes is written as signed entries under that fact's ordinal, or, if it comes late, also under those of the facts after it.
/// </summary>
internal static class Steps
{
    /// <summary>The entries that turn the ledger of <paramref name="before"/> into that of <paramref name="before"/> and <paramref name="added"/>.</summary>
    public static void Added(IReadOnlyCollection<Fact> before, Fact added, ICollection<LedgerEntry> to)
    {
        if (before.Count == 0)
        {
            foreach (var c in ClusterReading.Of([added]))
            {
                to.Add(new LedgerEntry(added.Ordinal, added.Reported, 1, c));
            }

            return;
        }

        var already = new Dictionary<(int, Contribution), int>();
        foreach (var cause in before.Select(f => f.Ordinal).Where(o => o > added.Ordinal).Append(added.Ordinal).Distinct().Order())
        {
            var known = before.Where(f => f.Ordinal <= cause).ToList();
            var change = Changes(known.Append(added));
            Accumulate(change, Changes(known), -1);
            foreach (var (key, net) in Difference(change, already))
            {
                for (var i = 0; i < Math.Abs(net); i++)
                {
                    to.Add(new LedgerEntry(cause, key.Reported, Math.Sign(net), key.Contribution));
                }
            }

            already = change;
        }
    }

    private static Dictionary<(int Reported, Contribution Contribution), int> Changes(IEnumerable<Fact> facts)
    {
        var ordered = facts.OrderBy(f => f.Reported).ToList();
        var changes = new Dictionary<(int, Contribution), int>();
        var counted = new Dictionary<Contribution, int>();
        for (var i = 0; i < ordered.Count;)
        {
            var day = ordered[i].Reported;
            while (i < ordered.Count && ordered[i].Reported == day)
            {
                i++;
            }

            var now = new Dictionary<Contribution, int>();
            foreach (var c in ClusterReading.Of(ordered.Take(i)))
            {
                now[c] = now.GetValueOrDefault(c) + 1;
            }

            foreach (var (c, n) in now)
            {
                Add(changes, (day, c), n - counted.GetValueOrDefault(c));
            }

            foreach (var (c, n) in counted)
            {
                if (!now.ContainsKey(c))
                {
                    Add(changes, (day, c), -n);
                }
            }

            counted = now;
        }

        return changes;
    }

    private static IEnumerable<KeyValuePair<(int Reported, Contribution Contribution), int>> Difference(
        Dictionary<(int Reported, Contribution Contribution), int> now, Dictionary<(int, Contribution), int> already)
    {
        var difference = new Dictionary<(int Reported, Contribution Contribution), int>(now);
        Accumulate(difference, already, -1);
        return difference.Where(d => d.Value != 0);
    }

    private static void Accumulate(Dictionary<(int, Contribution), int> to, Dictionary<(int, Contribution), int> from, int sign)
    {
        foreach (var (key, n) in from)
        {
            Add(to, key, sign * n);
        }
    }

    private static void Add(Dictionary<(int, Contribution), int> to, (int, Contribution) key, int n)
    {
        if (n != 0)
        {
            to[key] = to.GetValueOrDefault(key) + n;
        }
    }
}
