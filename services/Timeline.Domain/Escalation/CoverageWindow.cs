using Timeline.Domain.Ledger;

namespace Timeline.Domain.Escalation;

/// <summary>Which days are covered: a day is when declared intervals together fill it.</summary>
public static class CoverageWindow
{
    private const int MinutesPerDay = 1440;
    private static readonly int UnixEpochDay = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>The number of covered days from the first to the last day number, both included.</summary>
    public static int CoveredDays(IEnumerable<Contribution> standing, int firstDay, int lastDay)
    {
        ArgumentNullException.ThrowIfNull(standing);
        var (start, end) = (Minute(firstDay), Minute(lastDay + 1));
        var covered = 0;
        var (from, to) = (start, start);
        foreach (var interval in standing.Where(c => c.Side == Side.Coverage && c.To > start && c.From < end).OrderBy(c => c.From))
        {
            if (interval.From > to)
            {
                // A hole: what was filled before it ends here.
                covered += WholeDays(from, to);
                from = to = interval.From;
            }

            to = Math.Max(to, Math.Min(interval.To, end));
        }

        return covered + WholeDays(from, to);
    }

    // Minutes before 1970 are negative; days start where a division that rounds down puts them.
    private static int WholeDays(long from, long to)
    {
        var first = Math.DivRem(from + MinutesPerDay - 1, MinutesPerDay, out var rest) - (rest < 0 ? 1 : 0);
        var last = Math.DivRem(to, MinutesPerDay, out rest) - (rest < 0 ? 1 : 0);
        return (int)Math.Max(0, last - first);
    }

    private static long Minute(int day) => (long)(day - UnixEpochDay) * MinutesPerDay;
}
