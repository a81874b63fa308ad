using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>Reads a segment entry by entry, without making an object of each.</summary>
internal ref struct SegmentReader(ReadOnlySpan<byte> bytes)
{
    private VarintReader from = new(bytes);
    private long day;
    private int flags, coded, reported, first, last, g, severity, weight;
    private int withCount, withFirst, deathsLow, deathsBest, deathsHigh, issue, position, office, claim;
    private long at;
    private bool isRange;
    private int[]? withOthers;
    private Ordinal[]? contested;

    /// <summary>Of the entry just read.</summary>
    public long Ordinal { get; private set; }

    /// <summary>Whether the entry just read can be a <see cref="PackedEntry"/>.</summary>
    public readonly bool IsPackable =>
        (flags & (SegmentCodec.HasDay | SegmentCodec.Machine | SegmentCodec.HasDeaths | SegmentCodec.HasIssue | SegmentCodec.Contested)) == (SegmentCodec.HasDay | SegmentCodec.Machine)
        && !isRange && severity == 1 && withCount <= 1 && g is >= sbyte.MinValue and <= sbyte.MaxValue && coded <= byte.MaxValue;

    /// <summary>Reads the next entry; false at the end. Throws <see cref="FormatException"/> for bytes that are none.</summary>
    public bool Read()
    {
        if (from.AtEnd)
        {
            return false;
        }

        flags = (int)from.Unsigned();
        coded = (int)from.Unsigned();
        Ordinal += from.Signed();
        at = Ordinal + from.Signed();
        var hasDay = (flags & SegmentCodec.HasDay) != 0;
        day += hasDay ? from.Signed() : 0;
        reported = (int)(from.Signed() + (hasDay ? day : 0));
        isRange = from.Unsigned() == 1;
        first = isRange ? (int)from.Signed() : hasDay ? (int)day : 0;
        last = isRange ? (int)from.Signed() : first;
        g = (int)from.Signed();
        severity = (int)from.Signed();
        weight = (int)from.Signed();
        ReadRest();
        return true;
    }

    public readonly PackedEntry ToPacked() => new(
        Ordinal, reported, (sbyte)Sign, new PackedContribution(
            at, (int)day, weight, withCount == 0 ? PackedContribution.Nobody : withFirst, (sbyte)g, (byte)coded, (byte)(flags & (SegmentCodec.Nuclear | SegmentCodec.Lead))));

    public readonly LedgerEntry ToEntry(string subject, Func<int, string> name) => new(
        new Ordinal(Ordinal),
        reported,
        Sign,
        new Contribution
        {
            Subject = subject,
            Day = (flags & SegmentCodec.HasDay) != 0 ? (int)day : null,
            From = first,
            To = last,
            Event = new Ordinal(at),
            Side = (Side)(coded & 7),
            Hostility = coded >> 3,
            Machine = (flags & SegmentCodec.Machine) != 0,
            Nuclear = (flags & SegmentCodec.Nuclear) != 0,
            Lead = (flags & SegmentCodec.Lead) != 0,
            G = g,
            Severity = severity,
            Weight = weight,
            With = Names(name),
            DeathsLow = deathsLow,
            DeathsBest = deathsBest,
            DeathsHigh = deathsHigh,
            Issue = (flags & SegmentCodec.HasIssue) != 0 ? name(issue) : null,
            Position = position,
            Office = office,
            ClaimId = (flags & SegmentCodec.HasIssue) != 0 ? name(claim) : null,
            ContestedBy = (flags & SegmentCodec.Contested) != 0 ? contested! : [],
        });

    private readonly int Sign => (flags & SegmentCodec.Negative) != 0 ? -1 : 1;

    private void ReadRest()
    {
        withCount = (flags & SegmentCodec.HasWith) != 0 ? (int)from.Unsigned() : 0;
        withFirst = withCount > 0 ? (int)from.Unsigned() : 0;
        if (withCount > 1)
        {
            withOthers = new int[withCount - 1];
            for (var i = 0; i < withOthers.Length; i++)
            {
                withOthers[i] = (int)from.Unsigned();
            }
        }

        var hasDeaths = (flags & SegmentCodec.HasDeaths) != 0;
        deathsLow = hasDeaths ? (int)from.Signed() : 0;
        deathsBest = hasDeaths ? (int)from.Signed() : 0;
        deathsHigh = hasDeaths ? (int)from.Signed() : 0;
        var hasIssue = (flags & SegmentCodec.HasIssue) != 0;
        issue = hasIssue ? (int)from.Unsigned() : 0;
        position = hasIssue ? (int)from.Signed() : 0;
        office = hasIssue ? (int)from.Signed() : 0;
        claim = hasIssue ? (int)from.Unsigned() : 0;
        if ((flags & SegmentCodec.Contested) != 0)
        {
            contested = new Ordinal[(int)from.Unsigned()];
            for (var i = 0; i < contested.Length; i++)
            {
                contested[i] = new Ordinal((long)from.Unsigned());
            }
        }
    }

    private readonly string[] Names(Func<int, string> name)
    {
        var names = new string[withCount];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = name(i == 0 ? withFirst : withOthers![i - 1]);
        }

        return names;
    }
}
