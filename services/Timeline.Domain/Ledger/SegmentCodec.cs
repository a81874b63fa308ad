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
        var from = new SegmentReader(bytes);
        while (from.Read())
        {
            to.Add(from.ToEntry(subject, name));
        }
    }

    /// <summary>
    /// As the other <c>Decode</c>, with all that can be packed into <paramref name="packed"/> and the rest into <paramref name="unpacked"/>; without
    /// <paramref name="packed"/> only the rest. Every name is asked for once, so that it can be found later.
    /// </summary>
    public static void Decode(string subject, ReadOnlySpan<byte> bytes, Func<int, string> name, List<PackedEntry>? packed, List<LedgerEntry> unpacked)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(unpacked);
        var from = new SegmentReader(bytes);
        while (from.Read())
        {
            if (!from.IsPackable)
            {
                unpacked.Add(from.ToEntry(subject, name));
            }
            else if (packed is not null)
            {
                var entry = from.ToPacked();
                if (entry.Contribution.With != PackedContribution.Nobody)
                {
                    name(entry.Contribution.With);
                }

                packed.Add(entry);
            }
        }
    }

    /// <summary>The least ordinal of a segment's entries; null for an empty one.</summary>
    public static Ordinal? FirstOf(ReadOnlySpan<byte> bytes)
    {
        long? least = null;
        var from = new SegmentReader(bytes);
        while (from.Read())
        {
            least = least < from.Ordinal ? least : from.Ordinal;
        }

        return least is { } first ? new Ordinal(first) : null;
    }
}
