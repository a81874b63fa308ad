using Timeline.Contracts;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>
/// The fold of one partition of one projection: an event becomes signed entries. Nearly every event stands alone and costs no look-up; one that
/// speaks of others, or that others have spoken of, is read together with them.
/// </summary>
public sealed class LedgerFold(FactReader reader, Func<string, bool> keeps, IFactSource source)
{
    /// <summary>Facts of rows kept at hand, since repeats mostly follow soon.</summary>
    private const int RecentRows = 8192;

    private readonly Dictionary<string, Fact> recent = new(StringComparer.Ordinal);
    private readonly Queue<string> recentOrder = new();
    private Ordinal reached = Ordinal.None;

    /// <summary>Forgets what it has at hand, after a rollback.</summary>
    public void Reset()
    {
        recent.Clear();
        recentOrder.Clear();
    }

    /// <summary>Folds one event; entries and parked events go to the lists.</summary>
    public async ValueTask FoldAsync(FeedEvent e, IPartitionTransaction state, List<LedgerEntry> entries, List<Parked> parked, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(e);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(parked);
        var written = entries.Count;
        reached = e.Ordinal > reached ? e.Ordinal : reached;
        try
        {
            if (reader.Read(e) is not { } fact)
            {
                return;
            }

            var plain = fact is { Replaces: null, RepeatOf: null, Unlinks: null } && fact.Links.Count == 0 && fact.Contests.Count == 0;
            if (plain && (state.Awaited == 0 || state.ClusterOf(fact.Id) is null))
            {
                foreach (var c in fact.Contributions)
                {
                    entries.Add(new LedgerEntry(fact.Ordinal, fact.Reported, 1, c));
                }

                Remember(e, fact);
                return;
            }

            await JoinAsync(fact, state, entries, ct).ConfigureAwait(false);
        }
        catch (Exception x) when (x is FormatException or OverflowException or System.Text.Json.JsonException)
        {
            entries.RemoveRange(written, entries.Count - written);
            foreach (var subject in SubjectsOf(e).Where(keeps).DefaultIfEmpty(Parked.Anybody))
            {
                parked.Add(new Parked(e.Id, e.Ordinal, subject, x.Message));
            }
        }
    }

    private static IEnumerable<string> SubjectsOf(FeedEvent e) => e.Envelope is { } envelope ? Pairs.SubjectsOf(envelope) : [];

    private async ValueTask JoinAsync(Fact fact, IPartitionTransaction state, List<LedgerEntry> entries, CancellationToken ct)
    {
        var members = new Dictionary<string, Fact?>(StringComparer.Ordinal);
        var open = new Stack<string>(fact.References().Append(fact.Id));
        while (open.TryPop(out var id))
        {
            if (members.ContainsKey(id))
            {
                continue;
            }

            var cluster = state.ClusterOf(id) ?? [new ClusterMember(id, id != fact.Id)];
            foreach (var member in cluster)
            {
                if (members.ContainsKey(member.Id))
                {
                    continue;
                }

                var found = member.Id == fact.Id ? null : await FindAsync(member.Id, ct).ConfigureAwait(false);
                members[member.Id] = found;
                foreach (var reference in found?.References() ?? [])
                {
                    open.Push(reference);
                }
            }
        }

        members[fact.Id] = null;
        Steps.Added([.. members.Values.OfType<Fact>()], fact, entries);
        members[fact.Id] = fact;
        state.SaveCluster([.. members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => new ClusterMember(m.Key, m.Value is not null))]);
    }

    // What the log holds beyond the last event folded has not come yet: it takes effect when it does.
    // A reference to an event that can't be folded can't be folded either: FormatException says which.
    private async ValueTask<Fact?> FindAsync(string id, CancellationToken ct)
    {
        if (recent.TryGetValue(id, out var known))
        {
            return known;
        }

        if (await source.FindAsync(id, reached.Next, ct).ConfigureAwait(false) is not { } e)
        {
            return null;
        }

        try
        {
            return reader.Read(e);
        }
        catch (Exception x) when (x is FormatException or OverflowException or System.Text.Json.JsonException)
        {
            throw new FormatException($"It speaks of {id}, which is parked: {x.Message}", x);
        }
    }

    private void Remember(FeedEvent e, Fact fact)
    {
        if (e.Log.Type != EventTypes.CodedEventObserved)
        {
            return;
        }

        if (recentOrder.Count == RecentRows)
        {
            recent.Remove(recentOrder.Dequeue());
        }

        if (recent.TryAdd(fact.Id, fact))
        {
            recentOrder.Enqueue(fact.Id);
        }
    }
}
