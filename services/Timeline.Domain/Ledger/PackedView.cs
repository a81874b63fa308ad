using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>Takes entries within the clocks, with their signs: enough for sums, in which what was taken back cancels.</summary>
internal interface IEntryVisitor
{
    void Visit(in PackedContribution c, int sign);
}

/// <summary>Takes contributions that stand.</summary>
internal interface IStandingVisitor
{
    /// <summary>False for what would change nothing anyway, which is then spared the netting.</summary>
    bool Wants(in PackedContribution c);

    void Visit(in PackedContribution c);
}

/// <summary>A packed ledger within the clocks of a question. What stands is what <see cref="LedgerView.Standing"/> says of the same entries.</summary>
public sealed class PackedView
{
    private readonly PackedLedger ledger;
    private readonly long knownAt;
    private readonly int reportedBy;

    public PackedView(PackedLedger ledger, Ordinal knownAt, int? reportedBy)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        this.ledger = ledger;
        this.knownAt = knownAt.Value;
        this.reportedBy = reportedBy ?? int.MaxValue;
        Unpacked = LedgerView.Standing(ledger.Unpacked, knownAt, reportedBy);
    }

    public string Subject => ledger.Subject;

    /// <summary>What stands of the entries that are not packed. An entry and what takes it back are packed both or neither.</summary>
    public IReadOnlyList<Contribution> Unpacked { get; }

    public string NameOf(int id) => ledger.Name(id);

    /// <summary>The least ordinal of an entry of the window, or of one without a day that may lie before its end; null: none.</summary>
    public Ordinal? FirstHeld(int firstDay, int lastDay)
    {
        var least = long.MaxValue;
        foreach (var e in ledger.Unpacked)
        {
            var c = e.Contribution;
            var touches = c.Day is { } day ? day >= firstDay && day <= lastDay : c.Side is not (Side.Coverage or Side.DayTurned) && c.From <= lastDay;
            if (touches && e.Ordinal.Value <= knownAt && e.Reported <= reportedBy)
            {
                least = Math.Min(least, e.Ordinal.Value);
            }
        }

        foreach (var month in MonthsOf(firstDay, lastDay))
        {
            foreach (ref readonly var e in month.Entries.Span)
            {
                if (e.Ordinal < least && IsWithin(e, firstDay, lastDay))
                {
                    least = e.Ordinal;
                }
            }
        }

        return least == long.MaxValue ? null : new Ordinal(least);
    }

    /// <summary>All that stands unpacked, and of the packed what lies between the day numbers and names one of these opponents, or is internal if that is asked for.</summary>
    public List<Contribution> Between(int firstDay, int lastDay, Func<string, bool> isOpponent, bool isInternalToo)
    {
        var chosen = new Choice(this, isOpponent, isInternalToo);
        chosen.To.AddRange(Unpacked);
        EachStanding(firstDay, lastDay, chosen);
        return chosen.To;
    }

    internal void EachEntry<T>(int firstDay, int lastDay, T visitor) where T : struct, IEntryVisitor
    {
        foreach (var month in MonthsOf(firstDay, lastDay))
        {
            foreach (ref readonly var e in month.Entries.Span)
            {
                if (IsWithin(e, firstDay, lastDay))
                {
                    visitor.Visit(e.Contribution, e.Sign);
                }
            }
        }
    }

    internal void EachStanding<T>(int firstDay, int lastDay, T visitor) where T : struct, IStandingVisitor
    {
        var touched = Touched(firstDay, lastDay);
        Dictionary<PackedContribution, int>? net = null;
        foreach (var month in MonthsOf(firstDay, lastDay))
        {
            foreach (ref readonly var e in month.Entries.Span)
            {
                if (!IsWithin(e, firstDay, lastDay) || !visitor.Wants(e.Contribution))
                {
                    continue;
                }

                if (touched is null || !touched.Contains(e.Contribution.Event))
                {
                    visitor.Visit(e.Contribution);
                }
                else
                {
                    net ??= [];
                    net[e.Contribution] = net.GetValueOrDefault(e.Contribution) + e.Sign;
                }
            }
        }

        foreach (var (contribution, count) in net ?? [])
        {
            for (var i = 0; i < count; i++)
            {
                visitor.Visit(contribution);
            }
        }
    }

    // Events of which something was taken back: only there do counts differ from one.
    private HashSet<long>? Touched(int firstDay, int lastDay)
    {
        HashSet<long>? touched = null;
        foreach (var month in MonthsOf(firstDay, lastDay))
        {
            foreach (ref readonly var e in month.Entries.Span)
            {
                if (e.Sign < 0 && IsWithin(e, firstDay, lastDay))
                {
                    (touched ??= []).Add(e.Contribution.Event);
                }
            }
        }

        return touched;
    }

    private IEnumerable<PackedMonth> MonthsOf(int firstDay, int lastDay)
    {
        var (first, last) = (SegmentCodec.MonthOf(Math.Max(0, firstDay)), SegmentCodec.MonthOf(lastDay));
        return ledger.Months.Where(m => m.Month >= first && m.Month <= last);
    }

    private bool IsWithin(in PackedEntry e, int firstDay, int lastDay) =>
        e.Contribution.Day >= firstDay && e.Contribution.Day <= lastDay && e.Ordinal <= knownAt && e.Reported <= reportedBy;

    private readonly struct Choice(PackedView view, Func<string, bool> isOpponent, bool isInternalToo) : IStandingVisitor
    {
        private readonly Dictionary<int, bool> chosen = [];

        public List<Contribution> To { get; } = [];

        public bool Wants(in PackedContribution c)
        {
            if (isInternalToo && c.Side == Side.Internal)
            {
                return true;
            }

            if (c.With == PackedContribution.Nobody)
            {
                return false;
            }

            if (!chosen.TryGetValue(c.With, out var wanted))
            {
                chosen[c.With] = wanted = isOpponent(view.NameOf(c.With));
            }

            return wanted;
        }

        public void Visit(in PackedContribution c) => To.Add(c.ToContribution(view.Subject, view.ledger.Name));
    }
}
