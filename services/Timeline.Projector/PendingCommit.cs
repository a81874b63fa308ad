using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>What a partition has folded since its last commit.</summary>
internal sealed class PendingCommit(IPartitionProjection projection)
{
    private LogPlace committed = projection.Checkpoint;

    public IPartitionProjection Projection { get; } = projection;

    public int Events { get; private set; }

    /// <summary>Where the partition stands once this is committed.</summary>
    public LogPlace Through { get; private set; } = projection.Checkpoint;

    public bool HasNews => Through != committed;

    /// <summary>Folds the events from the <paramref name="first"/> one on. Not cancelled with the worker: what has begun is finished.</summary>
    public async ValueTask AddAsync(IReadOnlyList<FeedEvent> events, int first, LogPlace through)
    {
        if (events.Count > first)
        {
            await Projection.FoldAsync(first == 0 ? events : [.. events.Skip(first)], CancellationToken.None);
            Events += events.Count - first;
        }

        Through = through;
    }

    public void Committed()
    {
        committed = Through;
        Events = 0;
    }
}
