using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>The fold of one partition joined to its store: entries, clusters, parked events and checkpoint in one transaction.</summary>
public sealed class PartitionProjection : IPartitionProjection, IDisposable
{
    /// <summary>Events of other partitions after which a quiet one is saved all the same: a restart reads the log from the lowest checkpoint.</summary>
    public const int MostPutOff = 10_000;

    private readonly IPartitionStore store;
    private readonly LedgerFold fold;
    private readonly List<LedgerEntry> entries = [];
    private readonly List<Parked> parked = [];
    private LogPlace through;
    private bool awaits = true;

    public PartitionProjection(int partition, int partitions, IContributor contributor, MethodologyVersion methodology, IPartitionStore store, IFactSource source)
    {
        ArgumentNullException.ThrowIfNull(contributor);
        ArgumentNullException.ThrowIfNull(store);
        Projection = contributor.Projection;
        Partition = partition;
        this.store = store;
        bool Keeps(string subject) => Routing.PartitionOf(subject, partitions) == partition;
        fold = new LedgerFold(new FactReader(methodology, contributor, Keeps), Keeps, source);
        through = store.Checkpoint;
    }

    public string Projection { get; }

    public int Partition { get; }

    public LogPlace Checkpoint => through;

    public async Task ApplyAsync(IReadOnlyList<FeedEvent> events, LogPlace through, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(events);
        var putOff = through.Ordinal.Value - store.Checkpoint.Ordinal.Value;
        if (events.Count > 0 || putOff >= MostPutOff || (awaits && through.Ordinal > this.through.Ordinal))
        {
            await CommitAsync(events, through, ct).ConfigureAwait(false);
        }

        // A quiet partition's progress is mostly told to the process alone: after a restart the log says it again.
        this.through = through;
    }

    public void Dispose() => store.Dispose();

    private async Task CommitAsync(IReadOnlyList<FeedEvent> events, LogPlace next, CancellationToken ct)
    {
        entries.Clear();
        parked.Clear();
        using var transaction = store.Begin();
        try
        {
            foreach (var e in events)
            {
                await fold.FoldAsync(e, transaction, entries, parked, ct).ConfigureAwait(false);
            }

            await fold.TakeAwaitedAsync(next.Ordinal, transaction, entries, parked, ct).ConfigureAwait(false);
            awaits = transaction.Awaited.Count > 0;
            transaction.Append(entries);
            foreach (var p in parked)
            {
                transaction.Park(p);
            }

            transaction.Commit(next);
        }
        catch
        {
            awaits = true;
            fold.Reset();
            throw;
        }
    }
}
