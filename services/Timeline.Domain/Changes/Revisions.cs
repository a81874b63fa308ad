using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Changes;

/// <summary>Which past days' readings entries may change; those of a feed's rows are kept until the run of the file's rows ends.</summary>
internal sealed class Revisions
{
    private readonly int window;
    private readonly SortedDictionary<string, HeldRevision> held = new(StringComparer.Ordinal);
    private bool isChanged;

    /// <summary>Starts with what was kept; <paramref name="window"/>: how many days after its own an entry still matters.</summary>
    public Revisions(int window, IEnumerable<HeldRevision> kept)
    {
        this.window = window;
        foreach (var revision in kept)
        {
            held[revision.Subject] = revision;
        }
    }

    public bool IsHolding => held.Count > 0;

    /// <summary>Whether an event is of another stream than the rows that are held.</summary>
    public bool EndsWith(FeedEvent e) => held.Values.First().Stream != e.Log.Stream.Value;

    /// <summary>The past days of each subject that entries touch, by subject; those of the world touch everybody.</summary>
    public IEnumerable<(string Subject, int From, int To)> Of(IReadOnlyList<LedgerEntry> entries, int first, int today, IReadOnlyCollection<string> everybody)
    {
        SortedDictionary<string, (int From, int To)>? days = null;
        for (var i = first; i < entries.Count; i++)
        {
            var c = entries[i].Contribution;
            if (DaysOf(c, today) is not var (from, to))
            {
                continue;
            }

            days ??= new SortedDictionary<string, (int From, int To)>(StringComparer.Ordinal);
            foreach (var subject in c.Subject == FactReader.World ? everybody : [c.Subject])
            {
                days[subject] = days.TryGetValue(subject, out var d) ? (Math.Min(d.From, from), Math.Max(d.To, to)) : (from, to);
            }
        }

        return days?.Select(d => (d.Key, d.Value.From, d.Value.To)) ?? [];
    }

    /// <summary>Keeps a revision together with what is kept of its subject already.</summary>
    public void Hold(HeldRevision r)
    {
        isChanged = true;
        held[r.Subject] = held.TryGetValue(r.Subject, out var h)
            ? r with { From = Math.Min(h.From, r.From), To = Math.Max(h.To, r.To), Events = h.Events + r.Events }
            : r;
    }

    /// <summary>Everything that is kept, which then is no longer.</summary>
    public List<HeldRevision> TakeHeld()
    {
        List<HeldRevision> all = [.. held.Values];
        held.Clear();
        isChanged = true;
        return all;
    }

    /// <summary>Everything that is kept, if it is another than when this was asked last; else null.</summary>
    public IReadOnlyCollection<HeldRevision>? TakeChanged()
    {
        var changed = isChanged;
        isChanged = false;
        return changed ? [.. held.Values] : null;
    }

    // An entry weighs on the readings of its own day and of those after it.
    private (int From, int To)? DaysOf(Contribution c, int today)
    {
        int first, last;
        if (c.Side == Side.Coverage)
        {
            (first, last) = CoverageWindow.DaysOf(c);
        }
        else if (c.Side is Side.By or Side.Against or Side.Internal && c.Weight > 0)
        {
            (first, last) = c.Day is { } day ? (day, day) : (c.From, c.To);
        }
        else
        {
            return null;
        }

        return first < today ? (first, (int)Math.Min((long)last + window, today - 1)) : null;
    }
}
