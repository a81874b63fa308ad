using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>What a partition has taken since its last commit.</summary>
internal sealed class PendingCommit(IPartitionProjection projection)
{
    private LogPlace committed = projection.Checkpoint;

    public IPartitionProjection Projection { get; } = projection;

    public List<FeedEvent> Events { get; private set; } = [];

    /// <summary>Where the partition stands once this is committed.</summary>
    public LogPlace Through { get; private set; } = projection.Checkpoint;

    public bool HasNews => Through != committed;

    public void Add(IReadOnlyList<FeedEvent> events, int first, LogPlace through)
    {
        for (var i = first; i < events.Count; i++)
        {
            Events.Add(events[i]);
        }

        Through = through;
    }

    public void Committed()
    {
        committed = Through;
        if (Events.Count > 0)
        {
            // The projection may keep the list that it was given.
            Events = [];
        }
    }
}
