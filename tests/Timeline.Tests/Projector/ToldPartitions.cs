using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Contracts.Changes;
using Timeline.Domain.Changes;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;
using Timeline.Projector;
using Timeline.Tests.Ingest;

namespace Timeline.Tests.Projector;

/// <summary>All partitions of both projections over files, fed with a log as a Projector would, telling what comes after an ordinal.</summary>
internal sealed class ToldPartitions : IDisposable
{
    public const int Partitions = 3;
    private readonly List<FeedEvent> log;
    private readonly int from;
    private readonly MethodologyVersion methodology;
    private readonly Dictionary<string, FactReader> readers;
    private readonly GenerationInfo info;
    private readonly int kept;
    private List<PartitionProjection> open = [];

    public ToldPartitions(string folder, List<FeedEvent> log, int from, MethodologyVersion methodology, int kept = OutboxOptions.DefaultKept)
    {
        (this.log, this.from, this.methodology, this.kept) = (log, from, methodology, kept);
        info = new GenerationInfo("log", "live", 1, Partitions, methodology.Name, methodology.Hash);
        readers = new IContributor[] { new EscalationContributor(), new StanceContributor(methodology) }
            .ToDictionary(c => c.Projection, c => new FactReader(methodology, c), StringComparer.Ordinal);
        Models = new SqliteReadModels(folder, info, (projection, partition) => Of(projection, partition)?.Checkpoint);
        Reopen();
    }

    public SqliteReadModels Models { get; }

    public SetClock Clock { get; } = new(DateTimeOffset.UnixEpoch);

    public IReadOnlyList<PartitionProjection> Open => open;

    /// <summary>As after a crash: what was not committed is gone.</summary>
    public void Reopen()
    {
        open.ForEach(p => p.Dispose());
        open = [.. readers.Keys.SelectMany(projection => Enumerable.Range(0, Partitions).Select(p => Make(projection, p)))];
    }

    /// <summary>Folds events that come next, and commits.</summary>
    public async Task FoldAsync(IReadOnlyList<FeedEvent> events, bool commits = true)
    {
        foreach (var partition in open)
        {
            await partition.FoldAsync([.. events.Where(e => Routing.PartitionsOf(e, Partitions).Contains(partition.Partition))], CancellationToken.None);
            if (commits)
            {
                await partition.CommitAsync(events[^1].Log.Place, CancellationToken.None);
            }
        }
    }

    /// <summary>All that was told, in order.</summary>
    public List<Change> Told()
    {
        var feed = Feed();
        var range = feed.Range();
        return [.. feed.Read(range.Oldest, range.Through, int.MaxValue).Select(c => c.Read())];
    }

    /// <summary>The outboxes as one feed.</summary>
    public SqliteChangeFeed Feed() => new(Models, static (_, ct) => Task.Delay(Timeout.Infinite, ct), TimeProvider.System);

    public void Dispose()
    {
        open.ForEach(p => p.Dispose());
        Models.Dispose();
    }

    private PartitionProjection? Of(string projection, int partition) => open.Find(p => p.Projection == projection && p.Partition == partition);

    private PartitionProjection Make(string projection, int partition)
    {
        var source = new WholeLog(log);
        return new PartitionProjection(
            partition, Partitions, readers[projection], Models.OpenStore(projection, partition, new OutboxOptions(new Ordinal(from), kept)), source,
            store => PartitionChanges.For(projection, partition, info, methodology, store, source), Clock);
    }

    private sealed class WholeLog(List<FeedEvent> log) : IFactSource
    {
        private readonly Dictionary<string, FeedEvent> events = log.ToDictionary(e => e.Id, StringComparer.Ordinal);

        public ValueTask<FeedEvent?> FindAsync(string id, Ordinal before, CancellationToken ct) => new(events.TryGetValue(id, out var e) && e.Ordinal < before ? e : null);

        public ValueTask<string> IdAtAsync(Ordinal ordinal, CancellationToken ct) => new(log[(int)ordinal.Value].Id);

        public void Keep(FeedEvent row)
        {
            // All of them are at hand.
        }
    }
}
