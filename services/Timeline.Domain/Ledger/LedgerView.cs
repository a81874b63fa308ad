using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>The ledger within its clocks: entries netted to the contributions that stand.</summary>
public static class LedgerView
{
    /// <summary>The contributions that stand at an ordinal and a reported day, in no particular order.</summary>
    public static List<Contribution> Standing(IEnumerable<LedgerEntry> entries, Ordinal knownAt, int? reportedBy)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var standing = new List<Contribution>();
        var touched = new HashSet<Ordinal>();
        List<LedgerEntry> within = [];
        foreach (var entry in entries)
        {
            if (entry.Ordinal <= knownAt && (reportedBy is not { } day || entry.Reported <= day))
            {
                within.Add(entry);
                if (entry.Sign < 0)
                {
                    touched.Add(entry.Contribution.Event);
                }
            }
        }

        // Only where something was taken back do counts differ from one.
        Dictionary<Contribution, int>? net = null;
        foreach (var entry in within)
        {
            if (touched.Count == 0 || !touched.Contains(entry.Contribution.Event))
            {
                standing.Add(entry.Contribution);
            }
            else
            {
                net ??= [];
                net[entry.Contribution] = net.GetValueOrDefault(entry.Contribution) + entry.Sign;
            }
        }

        foreach (var (contribution, count) in net ?? [])
        {
            for (var i = 0; i < count; i++)
            {
                standing.Add(contribution);
            }
        }

        return standing;
    }
}
