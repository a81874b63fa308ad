using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
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
    private IPartitionTransaction? transaction;
    private LogPlace through;
    private bool awaits = true;

    public PartitionProjection(int partition, int partitions, FactReader reader, IPartitionStore store, IFactSource source)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(store);
        Projection = reader.Projection;
        Partition = partition;
        this.store = store;
        bool Keeps(string subject) => Routing.PartitionOf(subject, partitions) == partition;
        fold = new LedgerFold(reader, Keeps, source);
        through = store.Checkpoint;
    }

    public string Projection { get; }

    public int Partition { get; }

    public LogPlace Checkpoint => through;

    public async Task FoldAsync(IReadOnlyList<FeedEvent> events, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count == 0)
        {
            return;
        }

        transaction ??= store.Begin();
        for (var i = 0; i < events.Count; i++)
        {
            await fold.FoldAsync(events[i], transaction, entries, ct).ConfigureAwait(false);
        }

        Hand(transaction);
    }

    public async Task CommitAsync(LogPlace through, CancellationToken ct)
    {
        var putOff = through.Ordinal.Value - store.Checkpoint.Ordinal.Value;
        if (transaction is not null || putOff >= MostPutOff || (awaits && through.Ordinal > this.through.Ordinal))
        {
            transaction ??= store.Begin();
            await fold.TakeAwaitedAsync(through.Ordinal, transaction, entries, ct).ConfigureAwait(false);
            awaits = transaction.Awaited.Count > 0;
            Hand(transaction);
            transaction.Commit(through);
            transaction.Dispose();
            transaction = null;
        }

        // A quiet partition's progress is mostly told to the process alone: after a restart the log says it again.
        this.through = through;
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

    // At once and not at the end: as objects they would be in the way of the garbage collector until the commit.
    private void Hand(IPartitionTransaction to)
    {
        to.Append(entries);
        entries.Clear();
    }
}
