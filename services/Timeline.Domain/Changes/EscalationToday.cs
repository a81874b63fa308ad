using Timeline.Contracts.Changes;
using Timeline.Domain.Escalation;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;

namespace Timeline.Domain.Changes;

/// <summary>
/// A subject's escalation today, kept up to date entry by entry: an event costs the pairs that it touches. Everything that decides a level is linear in the
/// signed entries, so what <see cref="EscalationReading"/> reads from the whole ledger follows from sums per pair and day.
/// </summary>
internal sealed class EscalationToday(MethodologyParameters parameters)
{
    private readonly Dictionary<(Side Side, string Other), PairDays> pairs = [];
    private readonly Dictionary<(Side Side, int Day), int> tension = [];
    private readonly Dictionary<(Side Side, int Day), int> nuclear = [];
    private readonly Standing coverage = new();
    private (int Today, long Own, long World, int Covered) covered = (-1, -1, -1, 0);

    /// <summary>How many days up to today an entry can lie and still matter.</summary>
    public static int Window(MethodologyParameters p) => Math.Max(p.LevelWindowDays, p.NuclearWindowDays);

    /// <summary>What was told of the subject last; null: nothing yet.</summary>
    public EscalationState? Told { get; set; }

    /// <summary>Adds an entry, or takes it back.</summary>
    public void Add(Contribution c, int sign)
    {
        if (c.Side == Side.Coverage)
        {
            coverage.Add(c, sign);
        }
        else if (c.Side is Side.By or Side.Against or Side.Internal && c.Weight > 0 && c.Day is { } day)
        {
            if (c.Hostility >= Levels.Tension)
            {
                Count(tension, (c.Side, day), sign);
            }

            if (c.Nuclear && c.Hostility >= Levels.Threats)
            {
                Count(nuclear, (c.Side, day), sign);
            }

            foreach (var other in c.With.Count == 0 && c.Side == Side.Internal ? [""] : c.With)
            {
                PairOf(c.Side, other).Add(day, c, sign);
            }
        }
    }

    /// <summary>Today is another day: everything is weighed anew, and what can't matter any more is forgotten.</summary>
    public void Turn(int today)
    {
        var first = today - Window(parameters) + 1;
        foreach (var (key, pair) in pairs)
        {
            if (pair.Forget(first))
            {
                pairs.Remove(key);
            }
        }

        Forget(tension, first);
        Forget(nuclear, first);
        coverage.Forget(c => CoverageWindow.EndsBefore(c, first));
    }

    /// <summary>As the ledger reads today; null: no day has turned yet.</summary>
    public EscalationState Read(int? today, Standing world)
    {
        var days = parameters.LevelWindowDays;
        if (today is not { } day)
        {
            return EscalationStates.Unknown(parameters);
        }

        if ((covered.Today, covered.Own, covered.World) != (day, coverage.Version, world.Version))
        {
            covered = (day, coverage.Version, world.Version, CoverageWindow.CoveredDays(coverage.All.Concat(world.All), day - days + 1, day));
        }

        var level = Levels.Calm;
        foreach (var pair in pairs.Values)
        {
            level = Math.Max(level, pair.Level(day, parameters));
        }

        level = level == Levels.Calm && HasOne(tension, day, days, null) ? Levels.Tension : level;
        var signal = new NuclearSignal(HasOne(nuclear, day, parameters.NuclearWindowDays, Side.By), HasOne(nuclear, day, parameters.NuclearWindowDays, Side.Against));
        return EscalationStates.Of(EscalationReading.Known(level, covered.Covered == days), covered.Covered, days, signal);
    }

    private PairDays PairOf(Side side, string other)
    {
        if (!pairs.TryGetValue((side, other), out var pair))
        {
            pairs[(side, other)] = pair = new PairDays(side == Side.Internal);
        }

        return pair;
    }

    private static bool HasOne(Dictionary<(Side Side, int Day), int> counts, int today, int window, Side? side)
    {
        foreach (var ((of, day), n) in counts)
        {
            if (n > 0 && day <= today && today - day < window && (side is null || side == of))
            {
                return true;
            }
        }

        return false;
    }

    private static void Count(Dictionary<(Side, int), int> counts, (Side, int) key, int sign)
    {
        if ((counts.GetValueOrDefault(key) + sign) is var n && n == 0)
        {
            counts.Remove(key);
        }
        else
        {
            counts[key] = n;
        }
    }

    private static void Forget(Dictionary<(Side Side, int Day), int> counts, int first)
    {
        foreach (var key in counts.Keys.Where(k => k.Day < first).ToList())
        {
            counts.Remove(key);
        }
    }

    private sealed class PairDays(bool isInternal)
    {
        private readonly Dictionary<int, PairDay> days = [];
        private int? weighed;
        private int level;

        public void Add(int day, Contribution c, int sign)
        {
            if (!days.TryGetValue(day, out var sums))
            {
                days[day] = sums = new PairDay();
            }

            sums.Add(c.Hostility, c.Weight, c.Machine, c.DeathsBest, sign);
            weighed = null;
        }

        /// <summary>Forgets earlier days; true when nothing is left.</summary>
        public bool Forget(int first)
        {
            weighed = null;
            foreach (var day in days.Keys.Where(d => d < first).ToList())
            {
                days.Remove(day);
            }

            return days.Count == 0;
        }

        public int Level(int today, MethodologyParameters p)
        {
            if (weighed == today)
            {
                return level;
            }

            var window = new PairWindow(p, isInternal);
            foreach (var (day, sums) in days)
            {
                if (day <= today && today - day < p.LevelWindowDays)
                {
                    window.Add(sums, today - day);
                }
            }

            weighed = today;
            return level = window.Level();
        }
    }
}
