using Timeline.Domain.Changes;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>The fold of one partition joined to its store: entries, clusters, parked events and checkpoint in one transaction.</summary>
public sealed class PartitionProjection : IPartitionProjection, IDisposable
{
    /// <summary>Events of other partitions after which a quiet one is saved all the same: a restart reads the log from the lowest checkpoint.</summary>
    public const int MostPutOff = 10_000;

    /// <summary>Rows of a feed's file that touch past days are told once, after nothing more came for so long.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly IPartitionStore store;
    private readonly LedgerFold fold;
    private readonly PartitionChanges? changes;
    private readonly TimeProvider time;
    private readonly List<LedgerEntry> entries = [];
    private IPartitionTransaction? transaction;
    private LogPlace through;
    private LogPlace folded;
    private long lastFolded;
    private bool awaits = true;

    /// <summary>Changes are told where <paramref name="told"/> makes them and the store keeps them.</summary>
    public PartitionProjection(
        int partition, int partitions, FactReader reader, IPartitionStore store, IFactSource source, Func<IChangeStore, PartitionChanges?>? told = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(store);
        Projection = reader.Projection;
        Partition = partition;
        this.store = store;
        this.time = time ?? TimeProvider.System;
        bool Keeps(string subject) => Routing.PartitionOf(subject, partitions) == partition;
        fold = new LedgerFold(reader, Keeps, source);
        changes = told is not null && store.Changes is { } from ? told(from) : null;
        through = folded = store.Checkpoint;
        lastFolded = this.time.GetTimestamp();
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
            if (changes is not null && changes.Tells(events[i].Ordinal))
            {
                await FoldAndTellAsync(changes, events[i], ct).ConfigureAwait(false);
            }
            else
            {
                await fold.FoldAsync(events[i], transaction, entries, ct).ConfigureAwait(false);
            }

            folded = events[i].Log.Place;
        }

        lastFolded = time.GetTimestamp();
        Hand(transaction);
    }

    public async Task CommitAsync(LogPlace through, CancellationToken ct)
    {
        var putOff = through.Ordinal.Value - store.Checkpoint.Ordinal.Value;
        var holds = changes is EscalationChanges { Holds: true };
        if (transaction is not null || holds || putOff >= MostPutOff || (awaits && through.Ordinal > this.through.Ordinal))
        {
            // While something waits, the place where it will be told must not fall behind one that readers have passed: so nothing is put off.
            var rests = holds && transaction is null && HasRested;
            await CommitNowAsync(through, rests, ct).ConfigureAwait(false);
        }

        // A quiet partition's progress is mostly told to the process alone: after a restart the log says it again.
        this.through = through;
    }

    public Task RestAsync(CancellationToken ct) =>
        changes is EscalationChanges { Holds: true } && transaction is null && HasRested ? CommitNowAsync(through, rests: true, ct) : Task.CompletedTask;

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

    private bool HasRested => time.GetElapsedTime(lastFolded) >= Rest;

    // One that is named before it comes may come between two events of this partition: its changes lie between theirs.
    private async ValueTask FoldAndTellAsync(PartitionChanges telling, FeedEvent e, CancellationToken ct)
    {
        if (!telling.IsOpen)
        {
            await OpenAsync(telling, ct).ConfigureAwait(false);
        }

        await TakeAwaitedAsync(new Ordinal(e.Ordinal.Value - 1), ct).ConfigureAwait(false);
        var written = entries.Count;
        await fold.FoldAsync(e, transaction!, entries, ct).ConfigureAwait(false);
        await TellAsync(e, written).ConfigureAwait(false);
    }

    // Everything that makes no changes is committed before the first that does: readings are taken up from there.
    private async ValueTask OpenAsync(PartitionChanges telling, CancellationToken ct)
    {
        await TakeAwaitedAsync(store.Changes!.From, ct).ConfigureAwait(false);
        Hand(transaction!);
        transaction!.Commit(folded.Ordinal > through.Ordinal ? folded : through);
        transaction.Dispose();
        telling.Open();
        transaction = store.Begin();
    }

    private ValueTask TakeAwaitedAsync(Ordinal upTo, CancellationToken ct) =>
        fold.TakeAwaitedAsync(upTo, transaction!, entries, changes is { IsOpen: true } ? TellAsync : null, ct);

    private ValueTask TellAsync(FeedEvent e, int written) => changes!.ObserveAsync(e, entries, written, transaction!, CancellationToken.None);

    private async Task CommitNowAsync(LogPlace to, bool rests, CancellationToken ct)
    {
        transaction ??= store.Begin();
        if (changes is { IsOpen: false } && changes.Tells(to.Ordinal) && transaction.Awaited.Count > 0)
        {
            await OpenAsync(changes, ct).ConfigureAwait(false);
        }

        await TakeAwaitedAsync(to.Ordinal, ct).ConfigureAwait(false);
        awaits = transaction.Awaited.Count > 0;
        Hand(transaction);
        if (changes is EscalationChanges escalation)
        {
            if (rests)
            {
                escalation.TellHeld(to.Ordinal, transaction);
            }

            escalation.Keep(transaction);
        }

        transaction.Commit(to);
        transaction.Dispose();
        transaction = null;
    }

    // At once and not at the end: as objects they would be in the way of the garbage collector until the commit.
    private void Hand(IPartitionTransaction to)
    {
        to.Append(entries);
        entries.Clear();
    }
}
