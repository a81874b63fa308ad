using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>
/// Where one projection's partition stands. <see cref="Checkpoint"/>: the projection's own. <see cref="Through"/>: everything up to here is
/// in its answers; it may be ahead of the checkpoint by events that concern other partitions alone. Counts are since the process started.
/// <see cref="Failures"/> in a row: 0 while all is well. <see cref="LastError"/> stays for the operator to read.
/// </summary>
public sealed record WorkerStatus(
    string Projection,
    int Partition,
    LogPlace Checkpoint,
    LogPlace Through,
    long AppliedEvents,
    long Commits,
    long GapsHealed,
    long MessagesRefused,
    int Failures,
    string? LastError)
{
    /// <summary>Whether the feed gives the partition to this process.</summary>
    public bool Owns { get; init; }

    /// <summary>When this process committed last; null: not yet.</summary>
    public DateTimeOffset? LastCommit { get; init; }
}
