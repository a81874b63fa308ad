using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>
/// Packed form of a run of ledger entries of one subject and month: variable-length integers, small differences, names by number.
/// Version 1. Written once by a <see cref="SegmentEncoder"/>, never changed.
/// </summary>
public static class SegmentCodec
{
    internal const int Negative = 1, HasDay = 2, Machine = 4, Nuclear = 8, Lead = 16, HasWith = 32, HasDeaths = 64, HasIssue = 128, Contested = 256;

    /// <summary>Month bucket of an entry: 12 x year + month - 1 of its day, or 0 without a day.</summary>
    public static int MonthOf(int? day)
    {
        if (day is not { } number)
        {
            return 0;
        }

        var (year, month, _) = DateOnly.FromDayNumber(number);
        return (year * 12) + month - 1;
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
