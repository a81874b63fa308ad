using System.Numerics;
using Timeline.Domain.Escalation;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;

namespace Timeline.Tests.Domain.Ledger;

/// <summary>Readings as the methodology puts them, one contribution after another and every list whole: what the quick ones are held to.</summary>
internal static class PlainReadings
{
    /// <summary>Since when the log holds anything about the days of a window.</summary>
    public static Ordinal? FirstHeld(IEnumerable<LedgerEntry> entries, Ordinal knownAt, int? reportedBy, int asOf, int window)
    {
        Ordinal? first = null;
        foreach (var e in entries)
        {
            var c = e.Contribution;
            var touches = c.Day is { } day ? day <= asOf && asOf - day <= window : c.Side is not (Side.Coverage or Side.DayTurned) && c.From <= asOf;
            if (touches && e.Ordinal <= knownAt && (reportedBy is not { } by || e.Reported <= by) && (first is null || e.Ordinal < first))
            {
                first = e.Ordinal;
            }
        }

        return first;
    }

    /// <summary>Toward every other subject, without an order.</summary>
    public static Dictionary<string, (Int128 Cooperation, Int128 Conflict, Int128 Weight, int Events)> Toward(IReadOnlyCollection<Contribution> standing, int day, MethodologyVersion methodology)
    {
        var near = standing.Where(c => c.Side == Side.By && c.Day is { } on && on <= day && day - on < methodology.Decay.Count).ToList();
        return near.SelectMany(c => c.With).Distinct().ToDictionary(other => other, other =>
        {
            var toward = near.Where(c => c.With.Contains(other)).ToList();
            Int128 Sum(Func<Contribution, long> of) => toward.Aggregate((Int128)0, (sum, c) => sum + ((Int128)of(c) * methodology.Decay[day - c.Day!.Value]));
            return (Sum(c => c.Cooperation), Sum(c => c.Conflict), Sum(c => c.Weight), toward.DistinctBy(c => c.Event).Count());
        });
    }

    /// <summary>Reads the standing contributions of a subject and of the world's coverage on a day.</summary>
    public static EscalationReading Escalation(IReadOnlyCollection<Contribution> standing, IReadOnlyCollection<Contribution> world, int day, MethodologyVersion methodology)
    {
        var p = methodology.Parameters;
        var coverage = standing.Concat(world).Where(c => c.Side == Side.Coverage).ToList();
        var covered = CoverageWindow.CoveredDays(coverage, day - p.LevelWindowDays + 1, day);
        var full = covered == p.LevelWindowDays;
        var scored = standing.Where(c => c.Side is Side.By or Side.Against or Side.Internal && c.Weight > 0).ToList();
        var dated = scored.Where(c => c.Day is { } d && d <= day && day - d <= EscalationReading.LongestWindow(p)).ToList();
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
            EntriesTotal = entries.Count(w => w.Contribution.Hostility >= Levels.Threats && w.Raw > 0),
            Entries = [.. entries.Where(w => w.Contribution.Hostility >= Levels.Threats && w.Raw > 0)
                .OrderByDescending(w => w.Raw).ThenBy(w => w.Contribution.Event).ThenBy(w => w.Contribution.Side)],
        };
    }

    // A missing feed is unknown, never calm.
    private static int? Known(int level, bool full) => full || level >= Levels.Tension ? level : null;

    private static int LevelOf(List<Contribution> dated, Side side, int day, MethodologyParameters p)
    {
        var pairs = new Dictionary<string, PlainPairWindow>(StringComparer.Ordinal);
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

    private static PlainPairWindow PairOf(Dictionary<string, PlainPairWindow> pairs, string other, MethodologyParameters p, Side side)
    {
        if (!pairs.TryGetValue(other, out var window))
        {
            pairs[other] = window = new PlainPairWindow(p, side == Side.Internal);
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

/// <summary>
/// One directed pair, or what is internal, over the level window: weights of distinct events by hostility, graded and machine-coded apart.
/// </summary>
internal sealed class PlainPairWindow(MethodologyParameters parameters, bool isInternal)
{
    private readonly long[] gradedWeight = new long[6];
    private readonly long[] machineWeight = new long[6];
    private readonly int[] machineEvents = new int[6];
    private readonly UInt128[] machineDays = new UInt128[6];
    private UInt128 gradedForceDays;
    private long allMachineWeight;
    private long deaths;

    /// <summary>Adds a contribution; <paramref name="age"/> in days, below the level window (at most 128).</summary>
    public void Add(Contribution c, int age)
    {
        var day = UInt128.One << age;
        deaths += c.DeathsBest;
        if (c.Machine)
        {
            allMachineWeight += c.Weight;
        }
        else if (c.Hostility >= Levels.UseOfForce)
        {
            gradedForceDays |= day;
        }

        for (var h = 1; h <= c.Hostility; h++)
        {
            if (c.Machine)
            {
                machineWeight[h] += c.Weight;
                machineEvents[h]++;
                machineDays[h] |= day;
            }
            else
            {
                gradedWeight[h] += c.Weight;
            }
        }
    }

    /// <summary>The highest level that holds, from 2 up; below that 0.</summary>
    public int Level()
    {
        if (IsWar())
        {
            return Levels.War;
        }

        for (var level = Levels.UseOfForce; level >= Levels.Threats; level--)
        {
            if (Graded(level) || Machine(level))
            {
                return level;
            }
        }

        return Levels.Calm;
    }

    // Days and deaths make a war of what is a use of force already: a single doubtful report of many deaths does not.
    private bool IsWar()
    {
        var graded = Graded(Levels.UseOfForce);
        var machine = Machine(Levels.UseOfForce);
        var days = (graded ? gradedForceDays : 0) | (machine ? machineDays[Levels.UseOfForce] : 0);
        return Graded(Levels.War) || Machine(Levels.War)
            || (UInt128.PopCount(days) >= (UInt128)parameters.WarDays)
            || ((graded || machine) && deaths >= parameters.WarDeaths);
    }

    private bool Graded(int level) => gradedWeight[level] >= parameters.GradedWeight;

    private bool Machine(int level) =>
        !(isInternal && level > parameters.GdeltInternalCap)
        && machineEvents[level] >= parameters.MachineEvents
        && UInt128.PopCount(machineDays[level]) >= (UInt128)parameters.MachineDays
        && machineWeight[level] >= parameters.MachineWeight
        && 1000 * machineWeight[level] >= parameters.MachineSharePerMille * allMachineWeight;
}
