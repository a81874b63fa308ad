namespace EventStore.Client;

/// <summary>What a subscription to $all leaves out, and how often it says how far it has come.</summary>
public class SubscriptionFilterOptions
{
    /// <param name="checkpointInterval">A checkpoint comes every so many search windows; at least 1.</param>
    public SubscriptionFilterOptions(IEventFilter filter, uint checkpointInterval = 1)
    {
        ArgumentOutOfRangeException.ThrowIfZero(checkpointInterval);
        Filter = filter;
        CheckpointInterval = checkpointInterval;
    }

    public IEventFilter Filter { get; }

    public uint CheckpointInterval { get; }
}
