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
    private readonly RepeatGroups groups = new();
    private Ordinal reached = Ordinal.None;

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
        catch (Exception x) when (x is FormatException or OverflowException or System.Text.Json.JsonException)
        {
            entries.RemoveRange(written, entries.Count - written);
            Park(e, x, parked);
        }
    }

    /// <summary>
    /// Takes in events that were named before they came and that routing does not bring here, since only what speaks of them concerns this
    /// partition. To be called when everything routed here up to <paramref name="through"/> has been folded. They are folded in log order;
    /// <paramref name="folded"/> is told of each, and of the number of entries before its own.
    /// </summary>
    public async ValueTask TakeAwaitedAsync(
        Ordinal through, IPartitionTransaction state, List<LedgerEntry> entries, List<Parked> parked, Func<FeedEvent, int, ValueTask>? folded, CancellationToken ct)
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
            if (await source.FindAsync(id, reached.Next, ct).ConfigureAwait(false) is { } e)
            {
                come.Add(e);
            }
        }

        foreach (var e in come.OrderBy(e => e.Ordinal))
        {
            // One that came in with another a moment ago is no longer awaited.
            if (state.Awaited.Contains(e.Id, StringComparer.Ordinal))
            {
                var written = entries.Count;
                await FoldAsync(e, state, entries, parked, ct).ConfigureAwait(false);
                if (folded is not null)
                {
                    await folded(e, written).ConfigureAwait(false);
                }
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

    // Where the bytes name nobody, it may concern anybody; where they name only subjects of other partitions, those park it.
    private void Park(FeedEvent e, Exception cause, List<Parked> parked)
    {
        var named = SubjectsOf(e).Concat(cause is SpeaksOfParkedException { Subjects: var others } ? others : []).Distinct(StringComparer.Ordinal).ToList();
        foreach (var subject in named.Count == 0 ? [Parked.Anybody] : named.Where(keeps))
        {
            parked.Add(new Parked(e.Id, e.Ordinal, subject, cause.Message));
        }
    }

    private static IEnumerable<string> SubjectsOf(FeedEvent e)
    {
        var content = e.Data is CorrectedData corrected ? Pairs.SubjectsOf(corrected.Event) : [];
        return e.Envelope is { } envelope ? Pairs.SubjectsOf(envelope).Concat(content) : [];
    }

    // Rows that repeat one another are read without looking at the whole group, as long as nothing else speaks of any of them.
    private async ValueTask<RepeatGroup?> RepeatsOfAsync(Fact fact, IPartitionTransaction state, CancellationToken ct)
    {
        if (fact.RepeatOf is not { } first || fact.Contests.Count > 0 || (state.Awaited.Count > 0 && state.ClusterOf(fact.Id) is not null))
        {
            return null;
        }

        if (groups.Find(first) is { } known)
        {
            return known;
        }

        if (await FindAsync(first, ct).ConfigureAwait(false) is not { } row || !RepeatGroup.CanHold(row, first))
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

            if (await FindAsync(member.Id, ct).ConfigureAwait(false) is not { } found || !RepeatGroup.CanHold(found, first))
            {
                return null;
            }

            members.Add(found);
        }

        return groups.Keep(first, new RepeatGroup(members));
    }

    private async ValueTask JoinAsync(Fact fact, IPartitionTransaction state, List<LedgerEntry> entries, CancellationToken ct)
    {
        var members = new Dictionary<string, Fact?>(StringComparer.Ordinal);
        var late = new List<Fact>();
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
                if (found is not null && !member.Arrived)
                {
                    late.Add(found);
                }

                foreach (var reference in found?.References() ?? [])
                {
                    open.Push(reference);
                }
            }
        }

        // What was named before it came, and came between two events of this batch without being routed here, has not been counted yet.
        members[fact.Id] = fact;
        late.Sort(static (a, b) => a.Ordinal.CompareTo(b.Ordinal));
        late.Add(fact);
        var known = members.Values.OfType<Fact>().Except(late, ReferenceEqualityComparer.Instance).Cast<Fact>().ToList();
        foreach (var added in late)
        {
            Steps.Added(known, added, entries);
            known.Add(added);
        }

        groups.Forget(members.Keys);
        state.SaveCluster([.. members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => new ClusterMember(m.Key, m.Value is not null))]);
    }

    // What the log holds beyond the last event folded has not come yet: it takes effect when it does.
    // A reference to an event that can't be folded can't be folded either.
    private async ValueTask<Fact?> FindAsync(string id, CancellationToken ct)
    {
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
            throw new SpeaksOfParkedException($"It speaks of {id}, which is parked: {x.Message}", [.. SubjectsOf(e)]);
        }
    }

    private sealed class SpeaksOfParkedException(string message, IReadOnlyList<string> subjects) : FormatException(message)
    {
        public IReadOnlyList<string> Subjects { get; } = subjects;
    }
}
