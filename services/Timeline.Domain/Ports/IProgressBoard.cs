namespace Timeline.Domain.Ports;

/// <summary>
/// Where one projection's partition stands, as its owner tells other processes. <see cref="Owner"/>: the process that says so. <see cref="Through"/>: everything up to here is in its
/// answers; that stays true whoever owns it next. Counts are since that process started. <see cref="Failures"/> in a row: 0 while all is well.
/// </summary>
public sealed record PartitionProgress(
    string Projection, int Partition, string Owner, LogPlace Through, DateTimeOffset? LastCommit, long Events, long GapsHealed, long MessagesRefused, int Failures, string? LastError);

/// <summary>
/// Where Projectors tell how far they have come, for other processes on the same read models. Derived: a board that is lost is filled again as partitions go on.
/// </summary>
public interface IProgressBoard
{
    /// <summary>Tells where partitions stand, and that their owner lives.</summary>
    void Tell(string owner, DateTimeOffset now, IReadOnlyList<PartitionProgress> changed);
}

/// <summary>The board as other processes read it. Nothing where nobody has told anything yet.</summary>
public interface IProgressReadings
{
    /// <summary>All that was told last.</summary>
    IReadOnlyList<PartitionProgress> Read();

    /// <summary>When each owner was last heard of.</summary>
    IReadOnlyDictionary<string, DateTimeOffset> Owners();

    /// <summary>A number that changes whenever something has been told; 0 before the first time.</summary>
    long Version { get; }
}
