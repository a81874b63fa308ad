namespace Timeline.Domain.Feed;

/// <summary>
/// What a message must agree on with whoever folds it: the log it was read from, how many partitions the subjects are spread over, and the
/// generation of read models that it feeds.
/// </summary>
public sealed record FeedIdentity
{
    /// <summary>As many as a <see cref="PartitionSet"/> holds.</summary>
    public const int MaxPartitions = 64;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> unless there are 1 to 64 partitions.</summary>
    public FeedIdentity(string logId, int partitions, string generation)
    {
        ArgumentException.ThrowIfNullOrEmpty(logId);
        ArgumentException.ThrowIfNullOrEmpty(generation);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitions, MaxPartitions);
        LogId = logId;
        Partitions = partitions;
        Generation = generation;
    }

    public string LogId { get; }

    public int Partitions { get; }

    public string Generation { get; }
}
