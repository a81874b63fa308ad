using Timeline.Contracts;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>
/// Parks what can't be folded, and folds what is decided about it: a redrive tries again, a drop takes it out for good. Whoever an event does not name
/// follows the last decision. What comes back counts under its own ordinal, as if it had never been parked; so a rebuild by a reader that can fold it
/// from the start, where the redrive finds nothing to do, gives the same ledger.
/// </summary>
internal sealed class ParkedFold(FactReader reader, Func<string, bool> isKept, IFactSource source, ClusterSearch clusters, RepeatGroups groups)
{
    /// <summary>Parks an event for everybody kept here whom it names, and for those whom it may move through what it speaks of.</summary>
    public void Park(FeedEvent e, Exception cause, Ordinal at, IPartitionTransaction state)
    {
        var about = cause as SpeaksOfParkedException;
        var named = ClusterSearch.SubjectsOf(e).Concat(about?.Subjects ?? []).Distinct(StringComparer.Ordinal).ToList();
        foreach (var subject in named.Count == 0 ? [Parked.Anybody] : named.Where(isKept).Append(Parked.Others))
        {
            state.Park(new Parked(e.Id, e.Ordinal, subject, cause.Message) { About = about?.About }, at);
        }
    }

    public async ValueTask DecideAsync(ParkedDecision decision, Ordinal at, IPartitionTransaction state, List<LedgerEntry> entries, CancellationToken ct)
    {
        if (decision.Projection is { } projection && projection != reader.Projection)
        {
            return;
        }

        if (decision is ParkedDroppedData dropped)
        {
            await DropAsync(dropped, at, state, entries, ct).ConfigureAwait(false);
        }
        else
        {
            foreach (var parked in state.ParkedOf(decision.Event).Where(p => IsRedriven(decision, p)).ToList())
            {
                await TryAgainAsync(parked, at, state, entries, ct).ConfigureAwait(false);
            }
        }

        // They come back with it, or without it where it was dropped; who still waits for it goes on waiting.
        foreach (var parked in state.ParkedAbout(decision.Event))
        {
            if (!state.ParkedOf(decision.Event).Any(p => p.State == ParkedState.Outstanding && (p.Subject == parked.Subject || p.Subject is Parked.Anybody or Parked.Others)))
            {
                await TryAgainAsync(parked, at, state, entries, ct).ConfigureAwait(false);
            }
        }
    }

    private static bool IsRedriven(ParkedDecision decision, Parked parked) => parked.Subject == Parked.Others || (parked.Subject == Parked.Anybody && decision.Subject != Parked.Anybody)
        ? parked.IsOut
        : parked.State == ParkedState.Outstanding && (decision.Subject == Parked.Anybody || parked.Subject == decision.Subject);

    private async ValueTask TryAgainAsync(Parked parked, Ordinal at, IPartitionTransaction state, List<LedgerEntry> entries, CancellationToken ct)
    {
        var written = entries.Count;
        try
        {
            var e = await source.FindAsync(parked.Event, at, ct).ConfigureAwait(false)
                ?? throw new FormatException($"The log holds no event {parked.Event} before ordinal {at}.");
            if (reader.Read(e) is { } fact)
            {
                await MoveAsync(fact, parked.Subject, 1, at, state, entries, ct).ConfigureAwait(false);
            }

            state.Park(parked with { State = ParkedState.Redriven, Settled = at }, null);
        }
        catch (Exception x) when (ClusterSearch.CantFold(x))
        {
            entries.RemoveRange(written, entries.Count - written);
            var about = (x as SpeaksOfParkedException)?.About;
            state.Park(parked with { Cause = x.Message, About = about, Attempts = parked.Attempts + 1, State = ParkedState.Outstanding, Settled = null, Reason = null }, at);
        }
    }

    private async ValueTask DropAsync(ParkedDroppedData decision, Ordinal at, IPartitionTransaction state, List<LedgerEntry> entries, CancellationToken ct)
    {
        if (await source.FindAsync(decision.Event, at, ct).ConfigureAwait(false) is not { } e)
        {
            return;
        }

        // One that was named before it came, and is taken in with the next commit only, has not been counted.
        var counted = state.ClusterOf(e.Id)?.FirstOrDefault(m => m.Id == e.Id) is not { Id: not null, Arrived: false };
        KeepNamed(e, decision, at, state);
        var rows = state.ParkedOf(decision.Event);
        var rest = rows.FirstOrDefault(static p => p.Subject is Parked.Anybody or Parked.Others)?.Subject ?? (decision.Subject == Parked.Anybody ? Parked.Anybody : Parked.Others);
        IEnumerable<string> subjects = decision.Subject == Parked.Anybody ? [.. rows.Select(static p => p.Subject), rest] : isKept(decision.Subject) ? [decision.Subject, rest] : [rest];
        foreach (var subject in subjects.Distinct(StringComparer.Ordinal).ToList())
        {
            var row = rows.FirstOrDefault(p => p.Subject == subject) ?? Unparked(e, subject, at);
            if (counted && row.State == ParkedState.Redriven)
            {
                await TakeOutAsync(e, subject, at, state, entries, ct).ConfigureAwait(false);
            }

            if (row.State != ParkedState.Dropped)
            {
                state.Park(row with { State = ParkedState.Dropped, Settled = at, Reason = decision.Reason }, null);
            }
        }
    }

    // Where it was never parked, as in a rebuild by a newer reader, those whom the decision leaves alone keep it.
    private void KeepNamed(FeedEvent e, ParkedDroppedData decision, Ordinal at, IPartitionTransaction state)
    {
        var rows = state.ParkedOf(e.Id);
        foreach (var subject in (decision.ParkedFor ?? []).Append(decision.Subject).Where(s => s != Parked.Anybody && isKept(s) && rows.All(p => p.Subject != s)).Distinct(StringComparer.Ordinal))
        {
            state.Park(Unparked(e, subject, at), null);
        }
    }

    private static Parked Unparked(FeedEvent e, string subject, Ordinal at) =>
        new(e.Id, e.Ordinal, subject, "It could be folded here.") { Attempts = 0, State = ParkedState.Redriven, Settled = at };

    // It was folded here, in a rebuild by a newer reader or by a redrive, and is to count no more.
    private async ValueTask TakeOutAsync(FeedEvent e, string subject, Ordinal at, IPartitionTransaction state, List<LedgerEntry> entries, CancellationToken ct)
    {
        var written = entries.Count;
        try
        {
            if (reader.Read(e) is { } fact)
            {
                await MoveAsync(fact, subject, -1, at, state, entries, ct).ConfigureAwait(false);
            }
        }
        catch (Exception x) when (ClusterSearch.CantFold(x))
        {
            // What can't be folded has not been.
            entries.RemoveRange(written, entries.Count - written);
        }
    }

    private async ValueTask MoveAsync(Fact fact, string subject, int sign, Ordinal before, IPartitionTransaction state, List<LedgerEntry> entries, CancellationToken ct)
    {
        var members = await clusters.GatherAsync(fact, before, state, ct).ConfigureAwait(false);
        var standings = new Standings(state, isKept);
        foreach (var late in members.Late)
        {
            // With the fact itself for those for whom it counts at this moment.
            standings.Add([.. members.Known, fact], late, entries);
            members.Known.Add(late);
        }

        standings.Move(members.Known, fact, subject, sign, entries);
        groups.Forget(members.ById.Keys.Append(fact.Id));
        members.Save(fact, state);
    }
}
