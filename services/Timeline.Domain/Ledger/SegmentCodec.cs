using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>
/// Packed form of a run of ledger entries of one subject and month: variable-length integers, small differences, names by number.
/// Version 1. Written once, never changed.
/// </summary>
public static class SegmentCodec
{
    private const int Negative = 1, HasDay = 2, Machine = 4, Nuclear = 8, Lead = 16, HasWith = 32, HasDeaths = 64, HasIssue = 128, Contested = 256;

    /// <summary>Month bucket of an entry: 12 x year + month - 1 of its day, or 0 without a day.</summary>
    public static int MonthOf(int? day)
    {
        if (day is not { } number)
        {
            return 0;
        }

        var date = DateOnly.FromDayNumber(number);
        return date.Year * 12 + date.Month - 1;
    }

    /// <summary>Appends entries to a buffer.</summary>
    public static void Encode(IEnumerable<LedgerEntry> entries, Func<string, int> nameId, VarintWriter to)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(nameId);
        ArgumentNullException.ThrowIfNull(to);
        long ordinal = 0;
        long day = 0;
        foreach (var entry in entries)
        {
            var c = entry.Contribution;
            var deaths = c.DeathsLow != 0 || c.DeathsBest != 0 || c.DeathsHigh != 0;
            to.Unsigned((ulong)(
                (entry.Sign < 0 ? Negative : 0) | (c.Day is null ? 0 : HasDay) | (c.Machine ? Machine : 0) | (c.Nuclear ? Nuclear : 0) | (c.Lead ? Lead : 0)
                | (c.With.Count > 0 ? HasWith : 0) | (deaths ? HasDeaths : 0) | (c.Issue is null ? 0 : HasIssue) | (c.ContestedBy.Count > 0 ? Contested : 0)));
            to.Unsigned((ulong)((int)c.Side | c.Hostility << 3));
            to.Signed(entry.Ordinal.Value - ordinal);
            to.Signed(c.Event.Value - entry.Ordinal.Value);
            if (c.Day is { } number)
            {
                to.Signed(number - day);
                day = number;
                to.Signed(entry.Reported - day);
            }
            else
            {
                to.Signed(entry.Reported);
            }

            if (c.Day is null || c.From != c.Day || c.To != c.Day)
            {
                to.Unsigned(1);
                to.Signed(c.From);
                to.Signed(c.To);
            }
            else
            {
                to.Unsigned(0);
            }

            to.Signed(c.G);
            to.Signed(c.Severity);
            to.Signed(c.Weight);
            EncodeRest(c, deaths, nameId, to);
            ordinal = entry.Ordinal.Value;
        }
    }

    /// <summary>Reads a segment back. Throws <see cref="FormatException"/> for bytes that are none.</summary>
    public static void Decode(string subject, ReadOnlySpan<byte> bytes, Func<int, string> name, ICollection<LedgerEntry> to)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(to);
        var from = new VarintReader(bytes);
        long ordinal = 0;
        long day = 0;
        while (!from.AtEnd)
        {
            var flags = (int)from.Unsigned();
            var side = (int)from.Unsigned();
            ordinal += from.Signed();
            var at = new Ordinal(ordinal + from.Signed());
            int? on = null;
            if ((flags & HasDay) != 0)
            {
                day += from.Signed();
                on = (int)day;
            }

            var reported = (int)(from.Signed() + (on ?? 0));
            var (first, last) = from.Unsigned() == 1 ? ((int)from.Signed(), (int)from.Signed()) : (on ?? 0, on ?? 0);
            var contribution = new Contribution
            {
                Subject = subject,
                Day = on,
                From = first,
                To = last,
                Event = at,
                Side = (Side)(side & 7),
                Hostility = side >> 3,
                Machine = (flags & Machine) != 0,
                Nuclear = (flags & Nuclear) != 0,
                Lead = (flags & Lead) != 0,
                G = (int)from.Signed(),
                Severity = (int)from.Signed(),
                Weight = (int)from.Signed(),
                With = (flags & HasWith) != 0 ? Names(ref from, name) : [],
                DeathsLow = (flags & HasDeaths) != 0 ? (int)from.Signed() : 0,
                DeathsBest = (flags & HasDeaths) != 0 ? (int)from.Signed() : 0,
                DeathsHigh = (flags & HasDeaths) != 0 ? (int)from.Signed() : 0,
                Issue = (flags & HasIssue) != 0 ? name((int)from.Unsigned()) : null,
                Position = (flags & HasIssue) != 0 ? (int)from.Signed() : 0,
                Office = (flags & HasIssue) != 0 ? (int)from.Signed() : 0,
                ClaimId = (flags & HasIssue) != 0 ? name((int)from.Unsigned()) : null,
                ContestedBy = (flags & Contested) != 0 ? Ordinals(ref from) : [],
            };
            to.Add(new LedgerEntry(new Ordinal(ordinal), reported, (flags & Negative) != 0 ? -1 : 1, contribution));
        }
    }

    private static void EncodeRest(Contribution c, bool deaths, Func<string, int> nameId, VarintWriter to)
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

    private static string[] Names(ref VarintReader from, Func<int, string> name)
    {
        var names = new string[(int)from.Unsigned()];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = name((int)from.Unsigned());
        }

        return names;
    }

    private static Ordinal[] Ordinals(ref VarintReader from)
    {
        var ordinals = new Ordinal[(int)from.Unsigned()];
        for (var i = 0; i < ordinals.Length; i++)
        {
            ordinals[i] = new Ordinal((long)from.Unsigned());
        }

        return ordinals;
    }
}
