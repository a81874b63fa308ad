using Timeline.Domain.Ledger;

namespace Timeline.Domain.Escalation;

/// <summary>Which days are covered: a day is when declared intervals together fill it.</summary>
public static class CoverageWindow
{
    private const int MinutesPerDay = 1440;
    private static readonly int UnixEpochDay = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>The number of covered days from the first to the last day number, both included.</summary>
    public static int CoveredDays(IEnumerable<Contribution> standing, int firstDay, int lastDay) => Days(standing, firstDay, lastDay).Count(covered => covered);

    /// <summary>For each day from the first to the last day number, both included, whether it is covered.</summary>
    public static bool[] Days(IEnumerable<Contribution> standing, int firstDay, int lastDay)
    {
        ArgumentNullException.ThrowIfNull(standing);
        var days = new bool[lastDay - firstDay + 1];
        var (start, end) = (Minute(firstDay), Minute(lastDay + 1));
        var (from, to) = (start, start);
        foreach (var interval in standing.Where(c => c.Side == Side.Coverage && c.To > start && c.From < end).OrderBy(c => c.From))
        {
            if (interval.From > to)
            {
                // A hole: what was filled before it ends here.
                Mark(days, from - start, to - start);
                from = to = interval.From;
            }

            to = Math.Max(to, Math.Min(interval.To, end));
        }

        Mark(days, from - start, to - start);
        return days;
    }

    /// <summary>Whether an interval ends before a day begins.</summary>
    internal static bool EndsBefore(Contribution interval, int day) => interval.To <= Minute(day);

    /// <summary>The days that an interval touches, as day numbers.</summary>
    internal static (int First, int Last) DaysOf(Contribution interval) =>
        (UnixEpochDay + (int)Math.Floor((double)interval.From / MinutesPerDay), UnixEpochDay + (int)Math.Floor((double)(interval.To - 1) / MinutesPerDay));

    /// <summary>Coverage of one whole day.</summary>
    internal static Contribution Whole(int day) =>
        new() { Subject = FactReader.World, Side = Side.Coverage, From = (int)Minute(day), To = (int)Minute(day + 1) };

    // The days that lie whole between two minutes, counted from the first day's beginning; an interval may have begun before it.
    private static void Mark(bool[] days, long from, long to)
    {
        for (var d = (Math.Max(0, from) + MinutesPerDay - 1) / MinutesPerDay; d < to / MinutesPerDay; d++)
        {
            days[d] = true;
        }
    }

    private static long Minute(int day) => (long)(day - UnixEpochDay) * MinutesPerDay;
}
