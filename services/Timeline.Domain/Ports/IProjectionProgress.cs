namespace Timeline.Domain.Ports;

/// <summary>What the Projectors of this process know beyond their files.</summary>
public interface IProjectionProgress
{
    /// <summary>How far the partition has come, or null where no Projector of this process owns it.</summary>
    LogPlace? Through(string projection, int partition);

    /// <summary>How often the partition read from the log what the feed had not brought.</summary>
    long GapsHealed(string projection, int partition);

    /// <summary>Completes when every partition of every projection has come through the ordinal.</summary>
    Task WaitUntilAsync(Ordinal ordinal, CancellationToken ct);
}
