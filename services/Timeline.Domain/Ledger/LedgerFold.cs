using Timeline.Contracts;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>
/// The fold of one partition of one projection: an event becomes signed entries. Nearly every event stands alone and costs no look-up; one that
/// speaks of others, or that others have spoken of, is read together with them.
/// </summary>
public sealed class LedgerFold
{
    private readonly FactReader reader;
    private readonly Func<string, bool> keeps;
    private readonly IFactSource source;
    private readonly RepeatGroups groups = new();
    private readonly ClusterSearch clusters;
    private readonly ParkedFold parked;
    private Ordinal reached = Ordinal.None;

    /// <param name="keeps">Whether a subject is one of the partition's.</param>
    public LedgerFold(FactReader reader, Func<string, bool> keeps, IFactSource source)
    {
        this.reader = reader;
        this.keeps = keeps;
        this.source = source;
        clusters = new ClusterSearch(reader, source);
        parked = new ParkedFold(reader, IsKept, source, clusters, groups);
    }

    /// <summary>Folds one event; entries go to the list, all else to the transaction.</summary>
    public async ValueTask FoldAsync(FeedEvent e, IPartitionTransaction state, List<LedgerEntry> entries, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(e);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(entries);
        var written = entries.Count;
        reached = e.Ordinal > reached ? e.Ordinal : reached;
        try
        {
            if (reader.Read(e) is not { } fact)
            {
                if (e.Data is ParkedDecision decision)
                {
                    await parked.DecideAsync(decision, e.Ordinal, state, entries, ct).ConfigureAwait(false);
                    KeepOwn(entries, written);
                }

                return;
            }

            if (fact.IsPlain && (state.Awaited.Count == 0 || state.ClusterOf(fact.Id) is null))
            {
                foreach (var c in fact.Contributions)
                {
                    if (IsKept(c.Subject))
                    {
                        entries.Add(new LedgerEntry(fact.Ordinal, fact.Reported, 1, c));
                    }
                }

                // Repeats of a row mostly follow soon.
                if (e.Log.Type == EventTypes.CodedEventObserved)
                {
                    source.Keep(e);
                }

                return;
            }

            if (await RepeatsOfAsync(fact, state, ct).ConfigureAwait(false) is { } repeats && repeats.TryAdd(fact, entries))
            {
                state.AddRepeat(fact.RepeatOf!, fact.Id);
            }
            else
            {
                await JoinAsync(fact, state, entries, ct).ConfigureAwait(false);
            }

            KeepOwn(entries, written);
        }
        catch (Exception x) when (ClusterSearch.CantFold(x))
        {
            entries.RemoveRange(written, entries.Count - written);
            parked.Park(e, x, reached, state);
        }
    }

    /// <summary>
    /// Takes in events that were named before they came and that routing does not bring here, since only what speaks of them concerns this
    /// partition. To be called when everything routed here up to <paramref name="through"/> has been folded. They are folded in log order;
    /// <paramref name="folded"/> is told of each, and of the number of entries before its own.
    /// </summary>
    public async ValueTask TakeAwaitedAsync(
        Ordinal through, IPartitionTransaction state, List<LedgerEntry> entries, Func<FeedEvent, int, ValueTask>? folded, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(state);
        reached = through > reached ? through : reached;
        if (state.Awaited is not { Count: > 0 } awaited)
        {
            return;
        }

        var come = new List<FeedEvent>();
        foreach (var id in awaited)
        {
            // What is parked or dropped waits for somebody's decision.
            if (!IsOut(id, state) && await source.FindAsync(id, reached.Next, ct).ConfigureAwait(false) is { } e)
            {
                come.Add(e);
            }
        }

        foreach (var e in come.OrderBy(e => e.Ordinal))
        {
            // One that came in with another a moment ago is no longer awaited.
            if (!state.Awaited.Contains(e.Id, StringComparer.Ordinal))
            {
                continue;
            }

            var written = entries.Count;
            await FoldAsync(e, state, entries, ct).ConfigureAwait(false);
            if (folded is not null)
            {
                await folded(e, written).ConfigureAwait(false);
            }
        }
    }

    private bool IsKept(string subject) => keeps(subject) || subject == FactReader.World;

    // What others said of it is worked out for all subjects; those of other partitions keep their own.
    private void KeepOwn(List<LedgerEntry> entries, int from)
    {
        var to = from;
        for (var i = from; i < entries.Count; i++)
        {
            if (IsKept(entries[i].Contribution.Subject))
            {
                entries[to++] = entries[i];
            }
        }

        entries.RemoveRange(to, entries.Count - to);
    }

    private static bool IsOut(string id, IPartitionTransaction state) => state.HasParked && state.ParkedOf(id).Any(static p => p.IsOut);

    // Rows that repeat one another are read without looking at the whole group, as long as nothing else speaks of any of them.
    private async ValueTask<RepeatGroup?> RepeatsOfAsync(Fact fact, IPartitionTransaction state, CancellationToken ct)
    {
        if (fact.RepeatOf is not { } first || fact.Contests.Count > 0 || (state.Awaited.Count > 0 && state.ClusterOf(fact.Id) is not null) || IsOut(first, state))
        {
            return null;
        }

        if (groups.Find(first) is { } known)
        {
            return known;
        }

        if (await clusters.FindAsync(first, reached.Next, state, ct).ConfigureAwait(false) is not { } row || !RepeatGroup.CanHold(row, first))
        {
            return null;
        }

        var members = new List<Fact>(2) { row };
        foreach (var member in state.RepeatsOf(first, row.Ordinal) ?? [])
        {
            if (member.Id == first)
            {
                continue;
            }

            if (IsOut(member.Id, state) || await clusters.FindAsync(member.Id, reached.Next, state, ct).ConfigureAwait(false) is not { } found || !RepeatGroup.CanHold(found, first))
            {
                return null;
            }

            members.Add(found);
        }

        return groups.Keep(first, new RepeatGroup(members));
    }

    private async ValueTask JoinAsync(Fact fact, IPartitionTransaction state, List<LedgerEntry> entries, CancellationToken ct)
    {
        var members = await clusters.GatherAsync(fact, reached.Next, state, ct).ConfigureAwait(false);
        var standings = new Standings(state, IsKept);
        foreach (var added in members.Late.Append(fact))
        {
            standings.Add(members.Known, added, entries);
            members.Known.Add(added);
        }

        groups.Forget(members.ById.Keys.Append(fact.Id));
        members.Save(fact, state);
    }
}
