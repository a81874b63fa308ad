using Timeline.Domain.Changes;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Escalation;
using Timeline.Domain.Stance;

namespace Timeline.Tests.Domain.Ledger;

/// <summary>All partitions of one projection in memory, fed with events in any order of arrival.</summary>
internal sealed class MemoryLedger
{
    private const string Others = Timeline.Domain.Ports.Parked.Others;
    private readonly List<Partition> partitions = [];
    private readonly int count;

    public MemoryLedger(string projection, int count, MethodologyVersion methodology)
    {
        this.count = count;
        IContributor contributor = projection == EscalationContributor.Name ? new EscalationContributor() : new StanceContributor(methodology);
        var reader = new FactReader(methodology, contributor);
        for (var p = 0; p < count; p++)
        {
            var number = p;
            bool Keeps(string s) => Routing.PartitionOf(s, count) == number;
            var arrived = new Arrived();
            partitions.Add(new Partition(new LedgerFold(reader, Keeps, arrived), new State(), arrived));
        }
    }

    /// <summary>What is or was parked, but for those whom an event does not name.</summary>
    public IEnumerable<Parked> Parked => partitions.SelectMany(static p => p.State.Parked).Where(static p => p.Subject != Others);

    public IEnumerable<string> Subjects => partitions.SelectMany(p => p.State.Entries).Select(e => e.Contribution.Subject).Distinct().Order(StringComparer.Ordinal);

    public static async Task<MemoryLedger> FoldAsync(string projection, int partitions, MethodologyVersion methodology, IEnumerable<FeedEvent> events)
    {
        var ledger = new MemoryLedger(projection, partitions, methodology);
        foreach (var e in events)
        {
            await ledger.AddAsync(e);
        }

        return ledger;
    }

    /// <summary>As a Projector does: a log that holds all of it already, folded in its order, so many events to a commit.</summary>
    public static async Task<MemoryLedger> FoldInBatchesAsync(string projection, int partitions, MethodologyVersion methodology, IReadOnlyList<FeedEvent> log, int batch)
    {
        var ledger = new MemoryLedger(projection, partitions, methodology);
        foreach (var partition in ledger.partitions)
        {
            partition.Arrived.InLogOrder = true;
            foreach (var e in log)
            {
                partition.Arrived.Events[e.Id] = e;
            }
        }

        foreach (var events in log.Chunk(batch))
        {
            for (var p = 0; p < partitions; p++)
            {
                var (fold, state, _) = ledger.partitions[p];
                foreach (var e in events.Where(e => Routing.PartitionsOf(e, partitions).Contains(p)))
                {
                    await fold.FoldAsync(e, state, state.Entries, CancellationToken.None);
                }

                await fold.TakeAwaitedAsync(events[^1].Ordinal, state, state.Entries, null, CancellationToken.None);
            }
        }

        return ledger;
    }

    public IReadOnlyList<LedgerEntry> EntriesOf(string subject) =>
        [.. partitions[Routing.PartitionOf(subject, count)].State.Entries.Where(e => e.Contribution.Subject == subject)];

    /// <summary>State and history digest of every subject, as one text.</summary>
    public string Digests(bool history) => string.Join('\n', Subjects
        .Where(s => s != FactReader.World)
        .Select(s => (Subject: s, State: LedgerDigest.State(EntriesOf(s)), History: LedgerDigest.History(EntriesOf(s))))
        .Where(d => d.State != EmptyState || (history && d.History != EmptyState))
        .Select(d => $"{d.Subject} {d.State} {(history ? d.History : "")}"));

    private static readonly string EmptyState = LedgerDigest.State([]);

    /// <summary>As another reader decodes an event that has arrived.</summary>
    public void Replace(FeedEvent e) => partitions.ForEach(p => p.Arrived.Events[e.Id] = e);

    public async Task AddAsync(FeedEvent e)
    {
        var set = Routing.PartitionsOf(e, count);
        for (var p = 0; p < count; p++)
        {
            partitions[p].Arrived.Events[e.Id] = e;
            if (set.Contains(p))
            {
                await partitions[p].Fold.FoldAsync(e, partitions[p].State, partitions[p].State.Entries, CancellationToken.None);
            }

            await partitions[p].Fold.TakeAwaitedAsync(e.Ordinal, partitions[p].State, partitions[p].State.Entries, null, CancellationToken.None);
        }
    }

    private sealed record Partition(LedgerFold Fold, State State, Arrived Arrived);

    private sealed class Arrived : IFactSource
    {
        public Dictionary<string, FeedEvent> Events { get; } = new(StringComparer.Ordinal);

        /// <summary>False: whatever has arrived has been folded, whatever its ordinal.</summary>
        public bool InLogOrder { get; set; }

        public ValueTask<FeedEvent?> FindAsync(string id, Ordinal before, CancellationToken ct) =>
            new(Events.TryGetValue(id, out var e) && (!InLogOrder || e.Ordinal < before) ? e : null);

        public ValueTask<string> IdAtAsync(Ordinal ordinal, CancellationToken ct) => new(Events.Values.Single(e => e.Ordinal == ordinal).Id);

        public void Keep(FeedEvent row)
        {
            // All of them are at hand.
        }
    }

    private sealed class State : IPartitionTransaction
    {
        private readonly Dictionary<string, (string Cluster, bool Arrived)> clusters = new(StringComparer.Ordinal);

        public List<LedgerEntry> Entries { get; } = [];

        public IReadOnlyList<string> Awaited => [.. clusters.Where(c => !c.Value.Arrived).Select(c => c.Key).Order(StringComparer.Ordinal)];

        public IReadOnlyList<ClusterMember>? ClusterOf(string id) => clusters.TryGetValue(id, out var found)
            ? [.. clusters.Where(c => c.Value.Cluster == found.Cluster).Select(c => new ClusterMember(c.Key, c.Value.Arrived))]
            : null;

        public IReadOnlyList<ClusterMember>? RepeatsOf(string first, Ordinal at) => ClusterOf(first);

        public void SaveCluster(IReadOnlyList<ClusterMember> members)
        {
            foreach (var member in members)
            {
                clusters[member.Id] = (members[0].Id, member.Arrived);
            }
        }

        public void AddRepeat(string first, string id)
        {
            clusters.TryAdd(first, (first, true));
            clusters[id] = (clusters[first].Cluster, true);
        }

        public void Append(IReadOnlyList<LedgerEntry> entries) => Entries.AddRange(entries);

        public bool HasParked => Parked.Any(static p => p.IsOut);

        public List<Parked> Parked { get; } = [];

        public IReadOnlyList<Parked> ParkedOf(string id) => [.. Parked.Where(p => p.Event == id)];

        public IReadOnlyList<Parked> ParkedAbout(string id) => [.. Parked.Where(p => p.About == id && p.State == ParkedState.Outstanding).OrderBy(static p => p.Ordinal)];

        public void Park(Parked parked, Ordinal? failedAt)
        {
            Parked.RemoveAll(p => p.Event == parked.Event && p.Subject == parked.Subject);
            Parked.Add(parked);
        }

        public IReadOnlyList<string> IncompleteOf(string subject) => throw new NotSupportedException();

        public void Tell(StoredChange change) => throw new NotSupportedException();

        public Guid? LastTold(string type, string subject) => throw new NotSupportedException();

        public void Hold(IReadOnlyCollection<HeldRevision> revisions) => throw new NotSupportedException();

        public void Commit(LogPlace through) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
