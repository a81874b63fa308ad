using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Stance;

/// <summary>Where a subject stands on an issue on a day.</summary>
public sealed record IssueReading(
    string Issue, int Position, int Since, int? Before, bool Ambiguous, IReadOnlyList<Ordinal> ContestedBy, Ordinal Event, bool OwnWords, bool Dated);

/// <summary>Toward another subject: undivided decayed sums and the score in tenths, -100 to 100.</summary>
public sealed record TowardReading(string Other, int Score, int Events, Int128 Cooperation, Int128 Conflict, Int128 Weight);

/// <summary>Stance of a subject on a day, from its standing contributions. Stance never feeds escalation.</summary>
public static class StanceReading
{
    private static readonly string[] Names = ["opposes", "leans against", "open", "leans for", "supports"];

    /// <summary>The name of a position from -2 to 2.</summary>
    public static string NameOf(int position) => Names[position + 2];

    /// <summary>Every issue on which the subject holds a position by the day, ordinally sorted.</summary>
    public static List<IssueReading> Issues(IEnumerable<Contribution> standing, int day, MethodologyVersion methodology)
    {
        ArgumentNullException.ThrowIfNull(standing);
        ArgumentNullException.ThrowIfNull(methodology);
        var readings = new List<IssueReading>();
        var byIssue = standing
            .Where(c => c.Side is Side.OwnWords or Side.Report && c.Issue is not null && c.From <= day)
            .GroupBy(c => c.Issue!, StringComparer.Ordinal);
        foreach (var issue in byIssue.OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            readings.Add(ReadIssue(issue.Key, [.. issue], day, methodology.Parameters));
        }

        return readings;
    }

    /// <summary>Toward every other subject of the directed pairs, the strongest first.</summary>
    public static List<TowardReading> Toward(IEnumerable<Contribution> standing, int day, MethodologyVersion methodology)
    {
        ArgumentNullException.ThrowIfNull(standing);
        ArgumentNullException.ThrowIfNull(methodology);
        var tally = new TowardTally(day, methodology, null);
        foreach (var c in standing)
        {
            tally.Add(c);
        }

        return Read(tally, methodology);
    }

    /// <summary>As the other <c>Toward</c>, of a ledger within the clocks of a question.</summary>
    public static List<TowardReading> Toward(PackedView view, int day, MethodologyVersion methodology)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(methodology);
        var tally = new TowardTally(day, methodology, view);
        foreach (var c in view.Unpacked)
        {
            tally.Add(c);
        }

        tally.AddPacked();
        return Read(tally, methodology);
    }

    private static List<TowardReading> Read(TowardTally tally, MethodologyVersion methodology) =>
        [.. tally.Sums
            .Select(s => new TowardReading(s.Key, Score(s.Value.Cooperation - s.Value.Conflict, s.Value.Weight, methodology), s.Value.CountEvents(), s.Value.Cooperation, s.Value.Conflict, s.Value.Weight))
            .OrderByDescending(t => Math.Abs(t.Score)).ThenByDescending(t => t.Weight).ThenBy(t => t.Other, StringComparer.Ordinal)];

    // (C - K) / (W + dampening x decay[0]); the division truncates toward zero. Severity can carry it past the scale.
    internal static int Score(Int128 difference, Int128 weight, MethodologyVersion methodology) =>
        (int)Int128.Clamp(difference / (weight + (Int128)methodology.Parameters.StanceDampening * methodology.Decay[0]), -100, 100);

    private static IssueReading ReadIssue(string issue, List<Contribution> positions, int day, MethodologyParameters p)
    {
        // The holder's own words outrank reports; a position without a date speaks only where no dated one does.
        var own = positions.Where(c => c.Side == Side.OwnWords).ToList();
        var speaking = own.Count > 0 ? own : positions;
        var dated = speaking.Where(c => c.Day is not null).ToList();
        var counted = dated.Count > 0 ? dated : speaking;
        var (deciding, since, before) = History(counted, p);
        var recent = counted.Where(c => day - c.From < p.AmbiguityWindowDays).ToList();
        var contested = deciding.ContestedBy
            .Concat(positions.Where(c => c.Side == Side.Report && !ReferenceEquals(c, deciding) && c.Position != deciding.Position && day - c.From < p.AmbiguityWindowDays).Select(c => c.Event))
            .Concat(positions.Where(c => c.Position == deciding.Position && day - c.From < p.AmbiguityWindowDays).SelectMany(c => c.ContestedBy));
        return new IssueReading(
            issue,
            deciding.Position,
            since,
            before,
            recent.Exists(c => c.Position > 0) && recent.Exists(c => c.Position < 0),
            [.. contested.Distinct().Order()],
            deciding.Event,
            deciding.Side == Side.OwnWords,
            deciding.Day is not null);
    }

    // The position on each day on which one was taken; the last run of equal ones says since when, the one before it what it was.
    private static (Contribution Deciding, int Since, int? Before) History(List<Contribution> positions, MethodologyParameters p)
    {
        Contribution? deciding = null;
        var since = 0;
        int? before = null;
        foreach (var on in positions.Select(c => c.From).Distinct().Order())
        {
            var now = positions
                .Where(c => c.From <= on && on - c.From < p.PositionWindowDays)
                .OrderByDescending(c => c.Office).ThenByDescending(c => c.From).ThenBy(c => c.ClaimId, StringComparer.Ordinal)
                .First();
            if (deciding is null || now.Position != deciding.Position)
            {
                before = deciding?.Position;
                since = on;
            }

            deciding = now;
        }

        return (deciding!, since, before);
    }
}
