namespace Timeline.Adapters.Sqlite;

/// <summary>How the log waits for other processes. The defaults serve; validated when the log is opened.</summary>
public sealed record SqliteEventLogOptions
{
    /// <summary>
    /// How long to wait for another process's transaction before giving up: 10 s, from 0 to 10 minutes. The longest transaction that
    /// Timeline writes takes well under a second, so who waits longer meets a process that hangs.
    /// </summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often followers look for what other processes appended: 10 ms, from 1 ms to 10 s. A look costs a few microseconds;
    /// the first follower starts them. Appends of this process wake followers at once.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    internal void Validate()
    {
        Within(BusyTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10), nameof(BusyTimeout));
        Within(PollInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10), nameof(PollInterval));
    }

    private static void Within(TimeSpan value, TimeSpan least, TimeSpan most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} lies from {least} to {most}.");
        }
    }
}
