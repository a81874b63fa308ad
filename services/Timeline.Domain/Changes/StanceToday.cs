using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;

namespace Timeline.Domain.Changes;

/// <summary>Where a subject stands on an issue, as far as changes tell it.</summary>
internal readonly record struct IssueNow(int Position, int Since, bool Ambiguous, IReadOnlyList<Ordinal> ContestedBy)
{
    public static IssueNow Of(IssueReading r) => new(r.Position, r.Since, r.Ambiguous, r.ContestedBy);

    public bool Equals(IssueNow other) =>
        Position == other.Position && Since == other.Since && Ambiguous == other.Ambiguous && ContestedBy.SequenceEqual(other.ContestedBy);

    public override int GetHashCode() => HashCode.Combine(Position, Since, Ambiguous);
}

/// <summary>
/// A subject's stances today, kept up to date entry by entry: positions are few and read anew; toward others there are sums per day.
/// </summary>
internal sealed class StanceToday(MethodologyVersion methodology)
{
    private readonly Standing positions = new();
    private readonly Dictionary<string, Dictionary<int, TowardDay>> toward = new(StringComparer.Ordinal);
    private readonly HashSet<string> touched = new(StringComparer.Ordinal);
    private bool areIssuesTouched;

    /// <summary>Positions as they were told last, by issue.</summary>
    public SortedDictionary<string, IssueNow> Issues { get; } = new(StringComparer.Ordinal);

    /// <summary>Scores as they were told last, by the other; never 0.</summary>
    public Dictionary<string, int> Scores { get; } = new(StringComparer.Ordinal);

    /// <summary>How many days up to today an entry toward others can lie and still matter; a position has no such limit.</summary>
    public static int Window(MethodologyVersion methodology) => methodology.Decay.Count;

    /// <summary>Adds an entry, or takes it back.</summary>
    public void Add(Contribution c, int sign)
    {
        if (c.Side is Side.OwnWords or Side.Report)
        {
            positions.Add(c, sign);
            areIssuesTouched = true;
        }
        else if (c.Side == Side.By && c.Day is { } day)
        {
            foreach (var other in c.With)
            {
                if (!toward.TryGetValue(other, out var days))
                {
                    toward[other] = days = [];
                }

                if (!days.TryGetValue(day, out var sums))
                {
                    days[day] = sums = new TowardDay();
                }

                sums.Add(c, sign);
                touched.Add(other);
            }
        }
    }

    /// <summary>Today is another day: everything is weighed anew, and what can't matter any more is forgotten.</summary>
    public void Turn(int today)
    {
        areIssuesTouched = true;
        foreach (var (other, days) in toward)
        {
            touched.Add(other);
            foreach (var day in days.Keys.Where(d => today - d >= Window(methodology)).ToList())
            {
                days.Remove(day);
            }

            if (days.Count == 0)
            {
                toward.Remove(other);
            }
        }
    }

    /// <summary>What is another now than it was when it was told last, ordinally sorted: then it counts as told.</summary>
    public List<StanceMove> Moves(int? today)
    {
        var moves = new List<StanceMove>();
        if (today is not { } day)
        {
            return moves;
        }

        if (areIssuesTouched)
        {
            areIssuesTouched = false;
            AddIssues(day, moves);
        }

        foreach (var other in touched.Order(StringComparer.Ordinal))
        {
            var (was, now) = (Scores.GetValueOrDefault(other), ScoreToward(other, day));
            if (was != now)
            {
                Remember(other, now);
                moves.Add(new StanceMove(null, other, null, null, was, now));
            }
        }

        touched.Clear();
        return moves;
    }

    private void AddIssues(int day, List<StanceMove> moves)
    {
        var now = StanceReading.Issues(positions.All, day, methodology).ToDictionary(r => r.Issue, IssueNow.Of, StringComparer.Ordinal);
        foreach (var issue in now.Keys.Union(Issues.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList())
        {
            IssueNow? before = Issues.TryGetValue(issue, out var b) ? b : null;
            IssueNow? after = now.TryGetValue(issue, out var a) ? a : null;
            if (before == after)
            {
                continue;
            }

            moves.Add(new StanceMove(issue, null, before, after, 0, 0));
            if (after is { } held)
            {
                Issues[issue] = held;
            }
            else
            {
                Issues.Remove(issue);
            }
        }
    }

    private void Remember(string other, int score)
    {
        if (score == 0)
        {
            Scores.Remove(other);
        }
        else
        {
            Scores[other] = score;
        }
    }

    private int ScoreToward(string other, int today)
    {
        if (!toward.TryGetValue(other, out var days))
        {
            return 0;
        }

        var decay = methodology.Decay;
        Int128 difference = 0, weight = 0;
        foreach (var (day, sums) in days)
        {
            if (day <= today && today - day < decay.Count)
            {
                difference += (Int128)sums.Difference * decay[today - day];
                weight += (Int128)sums.Weight * decay[today - day];
            }
        }

        return StanceReading.Score(difference, weight, methodology);
    }

    /// <summary>Tenths x per mille (x severity) of one day, cooperation less conflict, and the weight.</summary>
    private sealed class TowardDay
    {
        public long Difference { get; private set; }
        public long Weight { get; private set; }

        public void Add(Contribution c, int sign)
        {
            Difference += sign * (c.Cooperation - c.Conflict);
            Weight += (long)sign * c.Weight;
        }
    }
}

/// <summary>A stance that is another now: on an issue, or toward another subject.</summary>
internal sealed record StanceMove(string? Issue, string? Other, IssueNow? WasPosition, IssueNow? Position, int WasScore, int Score);
