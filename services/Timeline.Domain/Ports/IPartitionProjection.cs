using Timeline.Domain.Feed;

namespace Timeline.Domain.Ports;

/// <summary>One projection's state for one partition: folds events and keeps them with its checkpoint in one transaction.</summary>
public interface IPartitionProjection
{
    /// <summary><c>escalation</c>, <c>stance</c> or <c>setaside</c>.</summary>
    string Projection { get; }

    int Partition { get; }

    /// <summary>Everything of this partition up to here has been folded and committed.</summary>
    LogPlace Checkpoint { get; }

    /// <summary>
    /// Folds events that come after the checkpoint, in log order, and commits them with the new checkpoint <paramref name="through"/>.
    /// Without events it may put the write off: a crash then only asks again. Throws <see cref="CheckpointMovedException"/>, having
    /// written nothing, if another owner has committed in between.
    /// </summary>
    Task ApplyAsync(IReadOnlyList<FeedEvent> events, LogPlace through, CancellationToken ct);
}

/// <summary>Another owner has taken over the partition: drop caches and let go.</summary>
public sealed class CheckpointMovedException(string message) : Exception(message);

/// <summary>The Relay's only own state.</summary>
public interface IRelayCheckpointStore
{
    /// <summary>The saved checkpoint, or null before the first.</summary>
    Task<RelayCheckpoint?> LoadAsync(CancellationToken ct);

    Task SaveAsync(RelayCheckpoint checkpoint, CancellationToken ct);
}

/// <summary>How far the Relay has published with confirms, and the last place that each partition was sent.</summary>
public sealed record RelayCheckpoint(string LogId, LogPlace Place, IReadOnlyList<LogPlace> LastPerPartition);
