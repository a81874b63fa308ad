using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;

namespace Timeline.Domain.Escalation;

/// <summary>Undivided decayed sums of one side: Goldstein tenths x per mille x severity x decay.</summary>
public readonly record struct SideSums(Int128 Acts, Int128 Threats, Int128 Words)
{
    public Int128 Conflict => Acts + Threats;

    public static SideSums operator +(SideSums a, SideSums b) => new(a.Acts + b.Acts, a.Threats + b.Threats, a.Words + b.Words);
}

/// <summary>A contribution with its decayed, undivided conflict on the day.</summary>
public readonly record struct Weighed(Contribution Contribution, Int128 Raw);

/// <summary>Escalation of a subject on a day, undivided: every figure that an answer shows comes from here.</summary>
public sealed record EscalationReading
{
    public required int? Level { get; init; }
    public required bool FullCoverage { get; init; }
    public required int CoveredDays { get; init; }
    public required int? LevelBy { get; init; }
    public required int? LevelAgainst { get; init; }
    public required int? LevelInternal { get; init; }
    public required SideSums By { get; init; }
    public required SideSums Against { get; init; }
    public required SideSums Internal { get; init; }
    public required long Trend { get; init; }
    public required int? Unusual { get; init; }
    public required bool NuclearBy { get; init; }
    public required bool NuclearAgainst { get; init; }
    public required (long Low, long Best, long High) Deaths { get; init; }
    public required (int Events, long Deaths, int Hostility) Uncounted { get; init; }

    /// <summary>Acts and threats of the intensity window that count in the subject's sums, the heaviest first: as many as were asked for.</summary>
    public required IReadOnlyList<Weighed> Entries { get; init; }

    /// <summary>How many of them there are.</summary>
    public required int EntriesTotal { get; init; }

    /// <summary>How many days before the day anything can still matter to its reading.</summary>
    public static int LongestWindow(MethodologyParameters p) =>
        Math.Max(Math.Max(p.IntensityWindowDays, p.NuclearWindowDays), p.LevelWindowDays + p.UnusualWindowDays) - 1;

    /// <summary>Reads the standing contributions of a subject and of the world's coverage on a day.</summary>
    public static EscalationReading Of(IReadOnlyCollection<Contribution> standing, IReadOnlyCollection<Contribution> world, int day, MethodologyVersion methodology)
    {
        ArgumentNullException.ThrowIfNull(standing);
        return Read(standing, null, world, day, methodology, int.MaxValue);
    }

    /// <summary>Reads a subject's ledger within the clocks of a question, listing the heaviest entries, so many at most.</summary>
    public static EscalationReading Of(PackedView view, IReadOnlyCollection<Contribution> world, int day, MethodologyVersion methodology, int entries)
    {
        ArgumentNullException.ThrowIfNull(view);
        return Read(view.Unpacked, view, world, day, methodology, entries);
    }

    private static EscalationReading Read(
        IReadOnlyCollection<Contribution> standing, PackedView? view, IReadOnlyCollection<Contribution> world, int day, MethodologyVersion methodology, int entries)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(methodology);
        var p = methodology.Parameters;
        var coverage = standing.Concat(world).Where(c => c.Side == Side.Coverage).ToList();
        var covered = CoverageWindow.CoveredDays(coverage, day - p.LevelWindowDays + 1, day);
        var full = covered == p.LevelWindowDays;
        var scored = standing.Where(c => c.Side is Side.By or Side.Against or Side.Internal && c.Weight > 0).ToList();
        var dated = scored.Where(c => c.Day is { } d && d <= day && day - d <= LongestWindow(p)).ToList();
        var tally = new EscalationTally(day, methodology, view, entries);
        dated.ForEach(tally.Add);
        tally.AddPacked();
        var (by, against, inside) = (tally.LevelOf(Side.By), tally.LevelOf(Side.Against), tally.LevelOf(Side.Internal));
        return new EscalationReading
        {
            FullCoverage = full,
            CoveredDays = covered,
            Level = Known(Math.Max(by, Math.Max(against, inside)), full),
            LevelBy = Known(by, full),
            LevelAgainst = Known(against, full),
            LevelInternal = Known(inside, full),
            By = tally.Sums(Side.By),
            Against = tally.Sums(Side.Against),
            Internal = tally.Sums(Side.Internal),
            Trend = tally.Between(0, p.TrendDays) - tally.Between(p.TrendDays, 2 * p.TrendDays),
            Unusual = UnusualOf(tally, coverage, day, p),
            NuclearBy = tally.HasNuclear(Side.By),
            NuclearAgainst = tally.HasNuclear(Side.Against),
            Deaths = DeathsOf(dated, day, p),
            Uncounted = UncountedOf(scored, day, p),
            Entries = tally.Entries(),
            EntriesTotal = tally.Total,
        };
    }

    // A missing feed is unknown, never calm.
    internal static int? Known(int level, bool full) => full || level >= Levels.Tension ? level : null;

    // 1000 x C30 / (C30 + C360 / 12), on integers; with no conflict at all nothing is unusual.
    private static int? UnusualOf(EscalationTally tally, List<Contribution> coverage, int day, MethodologyParameters p)
    {
        var window = p.LevelWindowDays + p.UnusualWindowDays;
        if (CoverageWindow.CoveredDays(coverage, day - window + 1, day) < window)
        {
            return null;
        }

        Int128 recent = tally.Between(0, p.LevelWindowDays);
        Int128 before = tally.Between(p.LevelWindowDays, window);
        var months = p.UnusualWindowDays / p.LevelWindowDays;
        return recent + before == 0 ? 500 : (int)(1000 * months * recent / (months * recent + before));
    }

    // An event in which the subject is on both sides kills once. No packed contribution has deaths or is without a day.
    private static (long Low, long Best, long High) DeathsOf(List<Contribution> dated, int day, MethodologyParameters p)
    {
        var (low, best, high) = (0L, 0L, 0L);
        foreach (var c in dated.Where(c => c.Lead && day - c.Day!.Value < p.LevelWindowDays).DistinctBy(c => c.Event))
        {
            low += c.DeathsLow;
            best += c.DeathsBest;
            high += c.DeathsHigh;
        }

        return (low, best, high);
    }

    private static (int Events, long Deaths, int Hostility) UncountedOf(List<Contribution> scored, int day, MethodologyParameters p)
    {
        var touching = scored.Where(c => c.Day is null && c.From <= day && c.To >= day - p.IntensityWindowDays + 1).ToList();
        var deaths = touching.Where(c => c.Lead).DistinctBy(c => c.Event).Sum(c => (long)c.DeathsBest);
        return (touching.DistinctBy(c => c.Event).Count(), deaths, touching.Select(c => c.Hostility).DefaultIfEmpty(0).Max());
    }
}
