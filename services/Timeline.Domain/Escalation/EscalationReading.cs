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

    /// <summary>Acts and threats of the intensity window that count in the subject's sums, the heaviest first.</summary>
    public required IReadOnlyList<Weighed> Entries { get; init; }

    /// <summary>How many days before the day anything can still matter to its reading.</summary>
    public static int LongestWindow(MethodologyParameters p) =>
        Math.Max(Math.Max(p.IntensityWindowDays, p.NuclearWindowDays), p.LevelWindowDays + p.UnusualWindowDays) - 1;

    /// <summary>Reads the standing contributions of a subject and of the world's coverage on a day.</summary>
    public static EscalationReading Of(IReadOnlyCollection<Contribution> standing, IReadOnlyCollection<Contribution> world, int day, MethodologyVersion methodology)
    {
        ArgumentNullException.ThrowIfNull(standing);
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(methodology);
        var p = methodology.Parameters;
        var coverage = standing.Concat(world).Where(c => c.Side == Side.Coverage).ToList();
        var covered = CoverageWindow.CoveredDays(coverage, day - p.LevelWindowDays + 1, day);
        var full = covered == p.LevelWindowDays;
        var scored = standing.Where(c => c.Side is Side.By or Side.Against or Side.Internal && c.Weight > 0).ToList();
        var dated = scored.Where(c => c.Day is { } d && d <= day && day - d <= LongestWindow(p)).ToList();
        var by = LevelOf(dated, Side.By, day, p);
        var against = LevelOf(dated, Side.Against, day, p);
        var inside = LevelOf(dated, Side.Internal, day, p);
        var entries = Weigh(dated, day, methodology);
        return new EscalationReading
        {
            FullCoverage = full,
            CoveredDays = covered,
            Level = Known(Math.Max(by, Math.Max(against, inside)), full),
            LevelBy = Known(by, full),
            LevelAgainst = Known(against, full),
            LevelInternal = Known(inside, full),
            By = Sum(entries, Side.By),
            Against = Sum(entries, Side.Against),
            Internal = Sum(entries, Side.Internal),
            Trend = Between(dated, day, 0, p.TrendDays) - Between(dated, day, p.TrendDays, 2 * p.TrendDays),
            Unusual = UnusualOf(dated, coverage, day, p),
            NuclearBy = HasNuclear(dated, Side.By, day, p),
            NuclearAgainst = HasNuclear(dated, Side.Against, day, p),
            Deaths = DeathsOf(dated, day, p),
            Uncounted = UncountedOf(scored, day, p),
            Entries = [.. entries.Where(w => w.Contribution.Hostility >= Levels.Threats && w.Raw > 0)
                .OrderByDescending(w => w.Raw).ThenBy(w => w.Contribution.Event).ThenBy(w => w.Contribution.Side)],
        };
    }

    // A missing feed is unknown, never calm.
    private static int? Known(int level, bool full) => full || level >= Levels.Tension ? level : null;

    private static int LevelOf(List<Contribution> dated, Side side, int day, MethodologyParameters p)
    {
        var pairs = new Dictionary<string, PairWindow>(StringComparer.Ordinal);
        var tension = false;
        foreach (var c in dated)
        {
            var age = day - c.Day!.Value;
            if (c.Side != side || age >= p.LevelWindowDays)
            {
                continue;
            }

            tension |= c.Hostility >= 1;
            if (c.With.Count == 0 && side == Side.Internal)
            {
                PairOf(pairs, "", p, side).Add(c, age);
            }

            foreach (var other in c.With)
            {
                PairOf(pairs, other, p, side).Add(c, age);
            }
        }

        var level = pairs.Values.Select(w => w.Level()).DefaultIfEmpty(Levels.Calm).Max();
        return Math.Max(level, tension ? Levels.Tension : Levels.Calm);
    }

    private static PairWindow PairOf(Dictionary<string, PairWindow> pairs, string other, MethodologyParameters p, Side side)
    {
        if (!pairs.TryGetValue(other, out var window))
        {
            pairs[other] = window = new PairWindow(p, side == Side.Internal);
        }

        return window;
    }

    private static List<Weighed> Weigh(List<Contribution> dated, int day, MethodologyVersion methodology)
    {
        var weighed = new List<Weighed>(dated.Count);
        foreach (var c in dated)
        {
            var age = day - c.Day!.Value;
            if (c.Lead && age < methodology.Decay.Count)
            {
                weighed.Add(new Weighed(c, (Int128)c.Conflict * methodology.Decay[age]));
            }
        }

        return weighed;
    }

    private static SideSums Sum(List<Weighed> entries, Side side)
    {
        var sums = default(SideSums);
        foreach (var (c, raw) in entries)
        {
            if (c.Side == side)
            {
                sums += c.Hostility switch
                {
                    >= Levels.DisplayOfForce => new SideSums(raw, 0, 0),
                    Levels.Threats => new SideSums(0, raw, 0),
                    _ => new SideSums(0, 0, raw),
                };
            }
        }

        return sums;
    }

    private static long Between(List<Contribution> dated, int day, int from, int to)
    {
        var sum = 0L;
        foreach (var c in dated)
        {
            var age = day - c.Day!.Value;
            sum += c.Lead && c.Hostility >= Levels.Threats && age >= from && age < to ? c.Conflict : 0;
        }

        return sum;
    }

    // 1000 x C30 / (C30 + C360 / 12), on integers; with no conflict at all nothing is unusual.
    private static int? UnusualOf(List<Contribution> dated, List<Contribution> coverage, int day, MethodologyParameters p)
    {
        var window = p.LevelWindowDays + p.UnusualWindowDays;
        if (CoverageWindow.CoveredDays(coverage, day - window + 1, day) < window)
        {
            return null;
        }

        Int128 recent = Between(dated, day, 0, p.LevelWindowDays);
        Int128 before = Between(dated, day, p.LevelWindowDays, window);
        var months = p.UnusualWindowDays / p.LevelWindowDays;
        return recent + before == 0 ? 500 : (int)(1000 * months * recent / (months * recent + before));
    }

    private static bool HasNuclear(List<Contribution> dated, Side side, int day, MethodologyParameters p) =>
        dated.Exists(c => c.Nuclear && c.Side == side && c.Hostility >= Levels.Threats && day - c.Day!.Value < p.NuclearWindowDays);

    // An event in which the subject is on both sides kills once.
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
