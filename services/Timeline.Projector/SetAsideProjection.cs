using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Domain.Quarantine;

namespace Timeline.Projector;

/// <summary>The fold of the rows that were set aside, joined to its store. It lives in one partition, most of whose events pass it by.</summary>
public sealed class SetAsideProjection(ISetAsideStore store) : IPartitionProjection, IDisposable
{
    private ISetAsideTransaction? transaction;
    private LogPlace through = store.Checkpoint;

    public string Projection => SetAsideFold.Name;

    public int Partition => Routing.Quarantine;

    public LogPlace Checkpoint => through;

    public Task FoldAsync(IReadOnlyList<FeedEvent> events, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(events);
        foreach (var e in events.Where(SetAsideFold.Concerns))
        {
            SetAsideFold.Fold(e, transaction ??= store.Begin());
        }

        return Task.CompletedTask;
    }

    public Task RestAsync(CancellationToken ct) => Task.CompletedTask;

    public Task CommitAsync(LogPlace through, CancellationToken ct)
    {
        if (transaction is not null || through.Ordinal.Value - store.Checkpoint.Ordinal.Value >= PartitionProjection.MostPutOff)
        {
            transaction ??= store.Begin();
            transaction.Commit(through);
            transaction.Dispose();
            transaction = null;
        }

        // As with every quiet partition: what was put off is told to this process alone, and the log says it again after a restart.
        this.through = through;
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        try
        {
            transaction?.Dispose();
        }
        finally
        {
            store.Dispose();
        }
    }
}
