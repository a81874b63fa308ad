namespace Timeline.Adapters.EventStoreDb;

/// <summary>What the adapter can be told. The defaults serve.</summary>
public sealed record EventStoreDbOptions
{
    /// <summary>How long a call may go on trying while the store is away: 15 s, 100 ms to 10 min.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one attempt may take: 10 s, 100 ms to 10 min.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the store may look for Timeline's next events among others': 10 min, 100 ms to 1 day.</summary>
    public TimeSpan ScanTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long opening may take before it says that the store can't be reached: 6 s, 100 ms to 10 min.</summary>
    public TimeSpan OpenPatience { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>The wait before the first retry, doubled for each further one, with jitter: 50 ms, 1 ms to 1 min.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>No wait between two attempts is longer: 2 s, 1 ms to 1 min.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long nobody is sent to a store that nine of ten calls in 10 s could not reach: 1 s, 500 ms to 1 min.</summary>
    public TimeSpan BreakFor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether opening makes the log where there is none; true. If not, <c>LogUnusableException</c>.</summary>
    public bool MayMake { get; init; } = true;

    internal void Validate()
    {
        Within(Patience, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10), nameof(Patience));
        Within(AttemptTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10), nameof(AttemptTimeout));
        Within(ScanTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1), nameof(ScanTimeout));
        Within(OpenPatience, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10), nameof(OpenPatience));
        Within(FirstRetry, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), nameof(FirstRetry));
        Within(LongestRetry, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), nameof(LongestRetry));
        Within(BreakFor, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(1), nameof(BreakFor));
    }

    private static void Within(TimeSpan value, TimeSpan least, TimeSpan most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
