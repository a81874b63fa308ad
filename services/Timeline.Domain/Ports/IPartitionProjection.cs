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
    /// Folds events that come after the checkpoint and after those folded before, in log order. Nothing of it holds before <see cref="CommitAsync"/>, and
    /// the events need not be kept until then. Throws <see cref="CheckpointMovedException"/> if another owner has committed in between. After any failure
    /// the projection is of no more use.
    /// </summary>
    Task FoldAsync(IReadOnlyList<FeedEvent> events, CancellationToken ct);

    /// <summary>
    /// Commits what was folded with the new checkpoint <paramref name="through"/>. Where nothing was it may put the write off: a crash then only asks
    /// again. Throws as <see cref="FoldAsync"/> does, having written nothing.
    /// </summary>
    Task CommitAsync(LogPlace through, CancellationToken ct);

    /// <summary>Nothing new has come for a while: what waited for that may be finished and committed. Throws as <see cref="FoldAsync"/> does.</summary>
    Task RestAsync(CancellationToken ct);
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
