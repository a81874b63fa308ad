namespace Timeline.Domain.Ledger;

/// <summary>Writes one segment, entry by entry; <see cref="SegmentCodec"/> reads it back. Used again after <see cref="Clear"/>.</summary>
public sealed class SegmentEncoder(Func<string, int> nameId)
{
    private readonly VarintWriter to = new();
    private long ordinal;
    private long day;

    /// <summary>The segment so far; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Written => to.Written;

    public void Clear()
    {
        to.Clear();
        ordinal = 0;
        day = 0;
    }

    /// <summary>Adds an entry of the segment's subject and month.</summary>
    public void Add(in LedgerEntry entry)
    {
        var c = entry.Contribution;
        var deaths = c.DeathsLow != 0 || c.DeathsBest != 0 || c.DeathsHigh != 0;
        var isRange = c.Day is null || c.From != c.Day || c.To != c.Day;
        to.Unsigned((ulong)(
            (entry.Sign < 0 ? SegmentCodec.Negative : 0) | (c.Day is null ? 0 : SegmentCodec.HasDay) | (c.Machine ? SegmentCodec.Machine : 0)
            | (c.Nuclear ? SegmentCodec.Nuclear : 0) | (c.Lead ? SegmentCodec.Lead : 0) | (c.With.Count > 0 ? SegmentCodec.HasWith : 0)
            | (deaths ? SegmentCodec.HasDeaths : 0) | (c.Issue is null ? 0 : SegmentCodec.HasIssue) | (c.ContestedBy.Count > 0 ? SegmentCodec.Contested : 0)));
        to.Unsigned((ulong)((int)c.Side | c.Hostility << 3));
        to.Signed(entry.Ordinal.Value - ordinal);
        to.Signed(c.Event.Value - entry.Ordinal.Value);
        if (c.Day is { } number)
        {
            to.Signed(number - day);
            day = number;
        }

        to.Signed(entry.Reported - (c.Day is null ? 0 : day));
        to.Unsigned(isRange ? 1u : 0u);
        if (isRange)
        {
            to.Signed(c.From);
            to.Signed(c.To);
        }

        to.Signed(c.G);
        to.Signed(c.Severity);
        to.Signed(c.Weight);
        AddRest(c, deaths);
        ordinal = entry.Ordinal.Value;
    }

    private void AddRest(Contribution c, bool deaths)
    {
        if (c.With.Count > 0)
        {
            to.Unsigned((ulong)c.With.Count);
            foreach (var other in c.With)
            {
                to.Unsigned((ulong)nameId(other));
            }
        }

        if (deaths)
        {
            to.Signed(c.DeathsLow);
            to.Signed(c.DeathsBest);
            to.Signed(c.DeathsHigh);
        }

        if (c.Issue is { } issue)
        {
            to.Unsigned((ulong)nameId(issue));
            to.Signed(c.Position);
            to.Signed(c.Office);
            to.Unsigned((ulong)nameId(c.ClaimId ?? ""));
        }

        if (c.ContestedBy.Count > 0)
        {
            to.Unsigned((ulong)c.ContestedBy.Count);
            foreach (var contester in c.ContestedBy)
            {
                to.Unsigned((ulong)contester.Value);
            }
        }
    }
}
