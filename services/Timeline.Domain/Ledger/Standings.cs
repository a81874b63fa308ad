using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>
/// What adding or taking a fact changes, where some facts are parked or dropped for some subjects: each subject's ledger is that of the facts which count
/// for it.
/// </summary>
internal sealed class Standings(IPartitionTransaction state, Func<string, bool> isKept)
{
    private readonly Dictionary<string, IReadOnlyList<Parked>> rows = new(StringComparer.Ordinal);

    /// <summary>Adds a fact to those counted, for everybody for whom it counts.</summary>
    public void Add(IReadOnlyCollection<Fact> known, Fact added, List<LedgerEntry> to)
    {
        if (state.HasParked)
        {
            Count(known, added, subject => !IsOut(added.Id, subject), 1, to);
        }
        else
        {
            Steps.Added(known, added, to);
        }
    }

    /// <summary>Brings a fact in (+1), or takes it out (-1), for the subjects that a row of its parked ones stands for.</summary>
    public void Move(IReadOnlyCollection<Fact> known, Fact fact, string row, int sign, List<LedgerEntry> to)
    {
        var own = RowsOf(fact.Id);
        Count(known, fact, row is Parked.Anybody or Parked.Others ? subject => own.All(p => p.Subject != subject) : subject => subject == row, sign, to);
    }

    private void Count(IReadOnlyCollection<Fact> known, Fact fact, Func<string, bool> concerns, int sign, List<LedgerEntry> to)
    {
        var subjects = known.Append(fact).SelectMany(static f => f.Contributions).Select(static c => c.Subject)
            .Distinct(StringComparer.Ordinal).Where(isKept).Where(concerns);
        foreach (var alike in subjects.GroupBy(subject => string.Join('\n', known.Where(f => IsOut(f.Id, subject)).Select(static f => f.Id).Order(StringComparer.Ordinal)), StringComparer.Ordinal))
        {
            var them = alike.ToHashSet(StringComparer.Ordinal);
            var one = alike.First();
            var entries = new List<LedgerEntry>();
            Steps.Added([.. known.Where(f => !IsOut(f.Id, one))], fact, entries);
            to.AddRange(entries.Where(e => them.Contains(e.Contribution.Subject)).Select(e => e with { Sign = sign * e.Sign }));
        }
    }

    // Who has a row of his own is told by it; everybody else by the one for all others.
    private bool IsOut(string id, string subject)
    {
        var all = RowsOf(id);
        return (all.FirstOrDefault(p => p.Subject == subject) ?? all.FirstOrDefault(static p => p.Subject is Parked.Anybody or Parked.Others)) is { IsOut: true };
    }

    private IReadOnlyList<Parked> RowsOf(string id)
    {
        if (!rows.TryGetValue(id, out var found))
        {
            rows.Add(id, found = state.ParkedOf(id));
        }

        return found;
    }
}
