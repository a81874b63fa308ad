namespace Timeline.Domain.Ports;

/// <summary>What the Projectors know beyond their files.</summary>
public interface IProjectionProgress
{
    /// <summary>How far the partition has come, or null where no Projector has told.</summary>
    LogPlace? Through(string projection, int partition);

    /// <summary>What its owner tells of a partition; null where nobody has told of it.</summary>
    PartitionStanding? Of(string projection, int partition);

    /// <summary>Completes when every partition of every projection has come through the ordinal.</summary>
    Task WaitUntilAsync(Ordinal ordinal, CancellationToken ct);
}

/// <summary>
/// A partition as its owner tells it. <see cref="Owner"/>: null where the one that told last is gone. <see cref="GapsHealed"/>: how often it read from the log what the feed had not
/// brought, since that process started. <see cref="Failures"/> in a row: 0 while all is well.
/// </summary>
public sealed record PartitionStanding(string? Owner, DateTimeOffset? LastCommit, long GapsHealed, int Failures, string? LastError);
