namespace Timeline.Domain.Feed;

/// <summary>How long to wait before trying again: doubling, bounded, so that a fault neither spins nor keeps a partition waiting after its mend.</summary>
public static class RetryDelay
{
    /// <summary>Before the first retry.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);

    /// <summary>Never longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Before the retry that follows the <paramref name="failures"/>th failure in a row, from 1.</summary>
    public static TimeSpan After(int failures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        return failures > 7 ? Longest : TimeSpan.FromTicks(Math.Min(First.Ticks << (failures - 1), Longest.Ticks));
    }
}
