using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Domain.Quarantine;

namespace Timeline.Projector;

/// <summary>The fold of the rows that were set aside, joined to its store. It lives in one partition, most of whose events pass it by.</summary>
public sealed class SetAsideProjection(ISetAsideStore store) : IPartitionProjection, IDisposable
{
    private LogPlace through = store.Checkpoint;

    public string Projection => SetAsideFold.Name;

    public int Partition => Routing.Quarantine;

    public LogPlace Checkpoint => through;

    public Task ApplyAsync(IReadOnlyList<FeedEvent> events, LogPlace through, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (events.Any(SetAsideFold.Concerns) || through.Ordinal.Value - store.Checkpoint.Ordinal.Value >= PartitionProjection.MostPutOff)
        {
            using var transaction = store.Begin();
            foreach (var e in events)
            {
                SetAsideFold.Fold(e, transaction);
            }

            transaction.Commit(through);
        }

        // As with every quiet partition: what was put off is told to this process alone, and the log says it again after a restart.
        this.through = through;
        return Task.CompletedTask;
    }

    public void Dispose() => store.Dispose();
}
