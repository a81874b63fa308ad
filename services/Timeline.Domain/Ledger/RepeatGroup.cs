using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>
/// A row and its repeats of which nobody else speaks: only those members are kept that count at some reported day, each ranked above the one
/// before it. Writes the same entries as <see cref="Steps"/> does over the whole group, which the laws of the ledger hold it to.
/// </summary>
internal sealed class RepeatGroup
{
    private readonly List<Fact> counting = [];
    private Ordinal last = Ordinal.None;

    public RepeatGroup(IEnumerable<Fact> members)
    {
        var unwritten = new List<LedgerEntry>();
        foreach (var member in members.OrderBy(m => m.Ordinal))
        {
            TryAdd(member, unwritten);
        }
    }

    /// <summary>The first row, or a repeat of it, and nothing more.</summary>
    public static bool CanHold(Fact fact, string first) =>
        fact.Scores && fact.IsClaim && fact.Replaces is null && fact.Contests.Count == 0 && (fact.Id == first ? fact.IsPlain : fact.RepeatOf == first);

    /// <summary>Adds a repeat that comes after all members in the log; false, and nothing written, for another.</summary>
    public bool TryAdd(Fact added, List<LedgerEntry> entries)
    {
        if (added.Ordinal <= last || !added.Scores)
        {
            return false;
        }

        last = added.Ordinal;
        var at = counting.FindLastIndex(f => f.Reported <= added.Reported);
        var before = at >= 0 ? counting[at] : null;
        if (before is not null && Beats(before, added))
        {
            Write(entries, added, added.Reported, added.AsDuplicate(), 1);
            return true;
        }

        Write(entries, added, added.Reported, added.Contributions, 1);
        Demote(entries, added, added.Reported, before, 1);
        var next = at + 1;
        if (before is not null && before.Reported == added.Reported)
        {
            counting.RemoveAt(at);
            next = at;
        }

        counting.Insert(next, added);
        next++;
        while (next < counting.Count)
        {
            var later = counting[next];
            Demote(entries, added, later.Reported, before, -1);
            if (Beats(later, added))
            {
                Demote(entries, added, later.Reported, added, 1);
                break;
            }

            Demote(entries, added, later.Reported, later, 1);
            before = later;
            counting.RemoveAt(next);
        }

        return true;
    }

    private static bool Beats(Fact a, Fact b) => Fact.CompareRank(a.ClaimWeight, a.Reported, a.Id, b.ClaimWeight, b.Reported, b.Id) < 0;

    // From counting to duplicate (+1), or back (-1).
    private static void Demote(List<LedgerEntry> entries, Fact cause, int reported, Fact? fact, int sign)
    {
        if (fact is not null)
        {
            Write(entries, cause, reported, fact.Contributions, -sign);
            Write(entries, cause, reported, fact.AsDuplicate(), sign);
        }
    }

    private static void Write(List<LedgerEntry> entries, Fact cause, int reported, IEnumerable<Contribution> contributions, int sign)
    {
        foreach (var c in contributions)
        {
            entries.Add(new LedgerEntry(cause.Ordinal, reported, sign, c));
        }
    }
}

/// <summary>The groups met last, by their first row.</summary>
internal sealed class RepeatGroups
{
    private const int Kept = 16;
    private readonly Dictionary<string, RepeatGroup> groups = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();

    public RepeatGroup? Find(string first) => groups.GetValueOrDefault(first);

    public RepeatGroup Keep(string first, RepeatGroup group)
    {
        if (groups.TryAdd(first, group))
        {
            order.Enqueue(first);
            if (order.Count > Kept)
            {
                groups.Remove(order.Dequeue());
            }
        }

        return group;
    }

    public void Forget(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            groups.Remove(id);
        }
    }
}
