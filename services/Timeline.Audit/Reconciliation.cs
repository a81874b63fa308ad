using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Ports;

namespace Timeline.Audit;

/// <summary>What a re-derivation found: of one projection's partition, at an ordinal. <see cref="Differ"/>: subjects whose history is not what the log gives.</summary>
public sealed record Reconciled(string Projection, int Partition, Ordinal At, int Subjects, long Events, IReadOnlyList<string> Differ);

/// <summary>Somewhere to fold a partition again from nothing, and to read what came of it; what it used is gone when it is disposed of.</summary>
public interface IScratchFold : IDisposable
{
    IPartitionProjection Projection { get; }

    /// <summary>Every subject and its entries.</summary>
    IEnumerable<(string Subject, IReadOnlyList<LedgerEntry> Entries)> Ledgers();
}

/// <summary>
/// Re-derives a partition from the log alone and holds its ledgers against those that are served, up to the place that these have come to: the history digests must be the same.
/// Reads the log and the read models; writes neither.
/// </summary>
public sealed class Reconciliation(IEventLog log, IReadModels models, Func<string, int, IScratchFold> scratch)
{
    private const int PageEvents = 1024;
    private const int EventsPerCommit = 16_384;

    /// <summary>Checks one partition. Takes about as long as a rebuild of it. Throws what the log throws.</summary>
    public async Task<Reconciled> CheckAsync(string projection, int partition, CancellationToken ct)
    {
        var at = models.Through(projection, partition);
        using var fold = scratch(projection, partition);
        var events = await FoldAsync(fold.Projection, partition, at, ct).ConfigureAwait(false);
        var derived = fold.Ledgers().Where(static l => Answers(l.Subject)).Select(l => (l.Subject, Digest: LedgerDigest.History(l.Entries))).Where(static l => l.Digest != Nothing).ToDictionary(static l => l.Subject, static l => l.Digest, StringComparer.Ordinal);
        var served = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var subject in models.Subjects(projection, partition).Where(Answers))
        {
            // It may have gone on meanwhile: what it held then is what counts.
            var digest = LedgerDigest.History(models.ReadAll(projection, subject).Entries.Where(e => e.Ordinal <= at.Ordinal));
            if (digest != Nothing)
            {
                served[subject] = digest;
            }
        }

        var differ = derived.Keys.Union(served.Keys, StringComparer.Ordinal)
            .Where(s => derived.GetValueOrDefault(s) != served.GetValueOrDefault(s)).Order(StringComparer.Ordinal).ToList();
        return new Reconciled(projection, partition, at.Ordinal, derived.Count, events, differ);
    }

    // What concerns everybody is kept with every partition, and is no subject of its own.
    private static bool Answers(string subject) => subject != FactReader.World;

    private static string Nothing { get; } = LedgerDigest.History([]);

    private async Task<long> FoldAsync(IPartitionProjection fold, int partition, LogPlace until, CancellationToken ct)
    {
        var (events, waiting) = (0L, 0);
        if (until.Ordinal < new Ordinal(0))
        {
            return events;
        }

        await foreach (var page in log.ReadAllAsync(LogPlace.Start, PageEvents, ct).ConfigureAwait(false))
        {
            var mine = page.Events.Where(e => e.Ordinal <= until.Ordinal).Select(FeedEvent.Decode).Where(e => Routing.PartitionsOf(e, models.Info.Partitions).Contains(partition)).ToList();
            await fold.FoldAsync(mine, ct).ConfigureAwait(false);
            events += mine.Count;
            waiting += mine.Count;
            var done = page.Through.Ordinal >= until.Ordinal;
            if (done || waiting >= EventsPerCommit)
            {
                await fold.CommitAsync(done ? until : page.Through, ct).ConfigureAwait(false);
                waiting = 0;
            }

            if (done)
            {
                break;
            }
        }

        return events;
    }
}
