using Timeline.Domain.Ports;
using Timeline.Hosting;
using Timeline.Projector;

namespace Timeline.Host.Embedding;

/// <summary>What Query asks of the Projector that runs in the same process.</summary>
internal sealed class ProjectorProgress(IReadOnlyList<string> projections, int partitions) : IProjectionProgress
{
    private static readonly string Owner = $"{Environment.MachineName}:{Environment.ProcessId}";
    private FeedProjector? _projector;

    /// <summary>The two know each other; the Projector comes second.</summary>
    public void Of(FeedProjector projector) => _projector = projector;

    public LogPlace? Through(string projection, int partition) => Status(projection, partition)?.Through;

    public PartitionStanding? Of(string projection, int partition) =>
        Status(projection, partition) is { } s ? new PartitionStanding(Owner, s.LastCommit, s.GapsHealed, s.Failures, s.LastError) : null;

    public Task WaitUntilAsync(Ordinal ordinal, CancellationToken ct) =>
        _projector?.WaitUntilAsync(ordinal, ct) ?? throw new InvalidOperationException("The Projector comes first.");

    // Workers stand by projection, then by partition; those of a single partition come last.
    private WorkerStatus? Status(string projection, int partition)
    {
        var workers = _projector?.Status ?? [];
        if (!projections.Contains(projection))
        {
            return workers.FirstOrDefault(w => w.Projection == projection && w.Partition == partition);
        }

        for (var i = 0; i < projections.Count; i++)
        {
            if (projections[i] == projection && workers.Count > i * partitions + partition)
            {
                return workers[i * partitions + partition];
            }
        }

        return null;
    }
}
