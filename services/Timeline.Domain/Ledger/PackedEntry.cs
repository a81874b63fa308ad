using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>
/// A <see cref="Contribution"/> of the kind that fills ledgers, in 24 bytes: machine-coded, on one day, with one opponent at most, and without deaths,
/// issue or contesters. Compared by value; equal packed contributions of one subject are equal contributions.
/// </summary>
/// <param name="Event">Ordinal of the event, in the version in force.</param>
/// <param name="Day">Day number.</param>
/// <param name="Weight">Per mille.</param>
/// <param name="With">Number of the opponent's name in the partition; <see cref="Nobody"/> for none.</param>
/// <param name="G">Goldstein tenths, -100 to 100.</param>
/// <param name="Coded">Side and hostility.</param>
/// <param name="Marks">What a flag of the segment says.</param>
public readonly record struct PackedContribution(long Event, int Day, int Weight, int With, sbyte G, byte Coded, byte Marks)
{
    public const int Nobody = -1;

    public Side Side => (Side)(Coded & 7);
    public int Hostility => Coded >> 3;
    public bool Nuclear => (Marks & SegmentCodec.Nuclear) != 0;
    public bool Lead => (Marks & SegmentCodec.Lead) != 0;

    /// <summary>As <see cref="Contribution.Conflict"/>.</summary>
    public long Conflict => G < 0 ? (long)-G * Weight : 0;

    /// <summary>As <see cref="Contribution.Cooperation"/>.</summary>
    public long Cooperation => G > 0 ? (long)G * Weight : 0;

    /// <summary>Of what differs between the contributions of a ledger; the rest hardly does.</summary>
    public override int GetHashCode() => unchecked((int)(((ulong)Event * 0x9E3779B97F4A7C15) >> 32) ^ (Weight << 8) ^ (With << 4) ^ Coded);

    /// <summary>The same as an object.</summary>
    public Contribution ToContribution(string subject, Func<int, string> name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new Contribution
        {
            Subject = subject, Day = Day, From = Day, To = Day, Event = new Ordinal(Event), Side = Side, Hostility = Hostility, G = G, Weight = Weight,
            Machine = true, Nuclear = Nuclear, Lead = Lead, With = With == Nobody ? [] : [name(With)],
        };
    }
}

/// <summary>A <see cref="LedgerEntry"/> with a packed contribution, in 40 bytes.</summary>
public readonly record struct PackedEntry(long Ordinal, int Reported, sbyte Sign, PackedContribution Contribution);

/// <summary>Packed entries of one month bucket, as <see cref="SegmentCodec.MonthOf"/> numbers it.</summary>
public readonly record struct PackedMonth(int Month, ReadOnlyMemory<PackedEntry> Entries);

/// <summary>What one commit of a partition holds of a subject: packed what can be, and the other entries as they are.</summary>
/// <param name="Name">The name of a number; numbers never change their names.</param>
public sealed record PackedLedger(string Subject, IReadOnlyList<PackedMonth> Months, IReadOnlyList<LedgerEntry> Unpacked, Func<int, string> Name, IReadOnlyList<Parked> Parked)
{
    public static PackedLedger Empty(string subject, IReadOnlyList<Parked>? parked = null) =>
        new(subject, [], [], static id => throw new InvalidDataException($"An empty ledger names {id}."), parked ?? []);
}
