using Timeline.Domain.Escalation;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Theatres;

/// <summary>What the ledger of one member holds within the clocks of a question.</summary>
public sealed record MemberLedger(string Subject, IReadOnlyList<Contribution> Standing);

/// <summary>What one member did to another: the same figures as in the reading of the two alone.</summary>
public sealed record TheatrePair(string From, string To, DirectedPairReading Reading);

/// <summary>A member's part: by and against other members, and beside them what is internal to it, which is no part of the theatre's sums.</summary>
public sealed record TheatreMember(string Subject, bool FullCoverage, int? LevelBy, int? LevelAgainst, int? LevelInternal, SideSums By, SideSums Against, SideSums Internal);

/// <summary>
/// Escalation between the members of a theatre on a day, undivided. An event counts once where one member acts and another is its target: in the
/// ledger of its member actor of smallest id, by its strongest value toward members. What a member does inside itself is between no two of them.
/// </summary>
public sealed record TheatreReading
{
    /// <summary>The sums stand on the side <c>by</c>; the level is that of the highest directed pair.</summary>
    public required EscalationReading Whole { get; init; }

    /// <summary>Directed pairs of members with anything between them, the highest level first, then the greatest conflict.</summary>
    public required IReadOnlyList<TheatrePair> Pairs { get; init; }

    /// <summary>Every member, ordinally sorted.</summary>
    public required IReadOnlyList<TheatreMember> Members { get; init; }

    /// <summary>Reads the members' ledgers and the world's coverage. What is given twice counts once, whatever the order.</summary>
    public static TheatreReading Of(IEnumerable<MemberLedger> ledgers, IReadOnlyCollection<Contribution> world, int day, MethodologyVersion methodology)
    {
        ArgumentNullException.ThrowIfNull(ledgers);
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(methodology);
        var members = ledgers.DistinctBy(l => l.Subject).OrderBy(l => l.Subject, StringComparer.Ordinal).ToList();
        var names = members.Select(m => m.Subject).ToHashSet(StringComparer.Ordinal);
        var counted = new Dictionary<Ordinal, Contribution>();
        var parts = new List<TheatreMember>(members.Count);
        var pairs = members.SelectMany(m => PairsOf(m, names, world, day, methodology)).ToList();
        foreach (var member in members)
        {
            var by = Strongest(member, Side.By, names);
            foreach (var c in by)
            {
                counted.TryAdd(c.Event, c);
            }

            parts.Add(PartOf(member, by, Strongest(member, Side.Against, names), pairs, world, day, methodology));
        }

        var whole = EscalationReading.Of([.. counted.Values, .. CoveredByAll(members, world, day, methodology.Parameters)], [], day, methodology);
        var level = HighestOf(pairs, whole.FullCoverage);
        return new TheatreReading
        {
            Whole = whole with { Level = level, LevelBy = level },
            Pairs = [.. pairs.OrderByDescending(p => p.Reading.Level ?? -1).ThenByDescending(p => p.Reading.Sums.Conflict)
                .ThenBy(p => p.From, StringComparer.Ordinal).ThenBy(p => p.To, StringComparer.Ordinal)],
            Members = parts,
        };
    }

    private static List<TheatrePair> PairsOf(MemberLedger member, HashSet<string> names, IReadOnlyCollection<Contribution> world, int day, MethodologyVersion methodology)
    {
        var coverage = member.Standing.Where(c => c.Side == Side.Coverage).ToList();
        var toward = new SortedDictionary<string, List<Contribution>>(StringComparer.Ordinal);
        foreach (var c in member.Standing.Where(c => c.Side == Side.By && c.Weight > 0))
        {
            foreach (var other in c.With.Where(o => o != member.Subject && names.Contains(o)))
            {
                if (!toward.TryGetValue(other, out var list))
                {
                    toward[other] = list = [.. coverage];
                }

                list.Add(c);
            }
        }

        return [.. toward.Select(t => new TheatrePair(member.Subject, t.Key, DirectedPairReading.Of(t.Value, world, t.Key, day, methodology)))];
    }

    // One contribution per event, the strongest value toward members; what it says of deaths stands with the value that leads in the ledger.
    private static List<Contribution> Strongest(MemberLedger member, Side side, HashSet<string> names)
    {
        var strongest = new Dictionary<Ordinal, Contribution>();
        var deaths = new Dictionary<Ordinal, (int Low, int High)>();
        foreach (var c in member.Standing.Where(c => c.Side == side && c.Weight > 0))
        {
            if (c.DeathsHigh > 0)
            {
                deaths[c.Event] = (c.DeathsLow, c.DeathsHigh);
            }

            if (c.With.Any(o => o != member.Subject && names.Contains(o)) && (!strongest.TryGetValue(c.Event, out var known) || IsStronger(c, known)))
            {
                strongest[c.Event] = c;
            }
        }

        return [.. strongest.Values.Select(c =>
        {
            var (low, high) = deaths.GetValueOrDefault(c.Event);
            return c with { With = [.. c.With.Where(o => o != member.Subject && names.Contains(o))], Lead = true, DeathsLow = low, DeathsHigh = high };
        })];
    }

    private static bool IsStronger(Contribution c, Contribution than) => c.G != than.G ? c.G < than.G : c.Hostility > than.Hostility;

    private static TheatreMember PartOf(
        MemberLedger member, List<Contribution> by, List<Contribution> against, List<TheatrePair> pairs, IReadOnlyCollection<Contribution> world, int day, MethodologyVersion methodology)
    {
        var own = member.Standing.Where(c => c.Side is Side.Internal or Side.Coverage);
        var reading = EscalationReading.Of([.. by, .. against, .. own], world, day, methodology);
        return new TheatreMember(
            member.Subject,
            reading.FullCoverage,
            HighestOf(pairs.Where(p => p.From == member.Subject), reading.FullCoverage),
            HighestOf(pairs.Where(p => p.To == member.Subject), reading.FullCoverage),
            reading.LevelInternal, reading.By, reading.Against, reading.Internal);
    }

    // A missing feed is unknown, never calm.
    private static int? HighestOf(IEnumerable<TheatrePair> pairs, bool full)
    {
        var level = pairs.Select(p => p.Reading.Level ?? Levels.Calm).DefaultIfEmpty(Levels.Calm).Max();
        return full || level >= Levels.Tension ? level : null;
    }

    // A day is covered for a theatre when it is covered for every member.
    private static IEnumerable<Contribution> CoveredByAll(List<MemberLedger> members, IReadOnlyCollection<Contribution> world, int day, MethodologyParameters p)
    {
        var first = day - p.LevelWindowDays - p.UnusualWindowDays + 1;
        var byWorld = CoverageWindow.Days(world, first, day);
        var all = Enumerable.Repeat(members.Count > 0, byWorld.Length).ToArray();
        foreach (var member in members)
        {
            var own = member.Standing.Where(c => c.Side == Side.Coverage).ToList();
            var covered = own.Count == 0 ? byWorld : CoverageWindow.Days(own.Concat(world), first, day);
            for (var d = 0; d < all.Length; d++)
            {
                all[d] &= covered[d];
            }
        }

        return all.Index().Where(d => d.Item).Select(d => CoverageWindow.Whole(first + d.Index));
    }
}
