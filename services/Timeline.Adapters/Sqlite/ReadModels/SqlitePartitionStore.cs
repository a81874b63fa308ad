using Microsoft.Data.Sqlite;
using SQLitePCL;
using Timeline.Domain.Changes;
using Timeline.Domain.Ledger;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>The writing side of one partition's file. Used by one thread at a time.</summary>
public sealed class SqlitePartitionStore : IPartitionStore
{
    private readonly SqliteConnection connection;
    private readonly StoredNames names;
    private readonly StoredClusters clusters;
    private readonly SegmentBatch segments;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement readCheckpoint;
    private readonly SqliteStatement saveCheckpoint;
    private readonly StoredParked parked;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement rollback;
    private readonly StoredOutbox outbox;
    private readonly StoredChangeSource? changes;
    private readonly Action? told;
    private long entries;

    /// <summary>Opens the file, making it if it is new; <paramref name="options"/>: how changes are kept, without which none are told.</summary>
    public SqlitePartitionStore(string path, string projection, int partition, GenerationInfo info, OutboxOptions? options = null)
    {
        connection = PartitionSchema.Open(path, projection, partition, info);
        begin = Statement("BEGIN IMMEDIATE");
        readCheckpoint = Statement("SELECT ordinal, commit_position, prepare_position, entries FROM checkpoint");
        saveCheckpoint = Statement("UPDATE checkpoint SET ordinal = ?1, commit_position = ?2, prepare_position = ?3, entries = ?4");
        commit = Statement("COMMIT");
        rollback = Statement("ROLLBACK");
        names = new StoredNames(connection.Handle!);
        clusters = new StoredClusters(connection.Handle!, names);
        parked = new StoredParked(connection.Handle!);
        segments = new SegmentBatch(connection.Handle!, names);
        outbox = new StoredOutbox(connection, options?.Kept ?? OutboxOptions.DefaultKept);
        changes = options is null ? null : new StoredChangeSource(path, outbox.Since(options.Head), outbox);
        (Checkpoint, entries) = ReadCheckpoint();
        told = options?.Told;
        told?.Invoke();
    }

    public IChangeStore? Changes => changes;

    public LogPlace Checkpoint { get; private set; }

    public IPartitionTransaction Begin()
    {
        begin.Step();
        var (stored, count) = ReadCheckpoint();
        if (stored != Checkpoint)
        {
            rollback.Step();
            throw new CheckpointMovedException($"The checkpoint stands at {stored.Ordinal}, not at {Checkpoint.Ordinal}: another Projector owns this partition now.");
        }

        entries = count;
        clusters.Begin();
        parked.Begin();
        return new Transaction(this);
    }

    public void Dispose()
    {
        foreach (var statement in (IDisposable[])[begin, readCheckpoint, saveCheckpoint, commit, rollback, names, clusters, parked, segments, outbox])
        {
            statement.Dispose();
        }

        changes?.Dispose();
        connection.Dispose();
    }

    private SqliteStatement Statement(string sql) => new(connection.Handle!, sql);

    private (LogPlace Place, long Entries) ReadCheckpoint()
    {
        readCheckpoint.Step();
        var position = unchecked(new Position((ulong)readCheckpoint.Number(1), (ulong)readCheckpoint.Number(2)));
        var read = (new LogPlace(new Ordinal(readCheckpoint.Number(0)), position), readCheckpoint.Number(3));
        readCheckpoint.Reset();
        return read;
    }

    private sealed class Transaction(SqlitePartitionStore store) : IPartitionTransaction
    {
        private bool done;
        private long count = store.entries;

        public IReadOnlyList<string> Awaited => store.clusters.Awaited;

        public IReadOnlyList<ClusterMember>? ClusterOf(string id) => store.clusters.Of(id);

        public IReadOnlyList<ClusterMember>? RepeatsOf(string first, Ordinal at) => store.clusters.RepeatsOf(first, at > store.Checkpoint.Ordinal);

        public void SaveCluster(IReadOnlyList<ClusterMember> members) => store.clusters.Save(members);

        public void AddRepeat(string first, string id) => store.clusters.AddRepeat(first, id);

        public void Append(IReadOnlyList<LedgerEntry> entries)
        {
            store.segments.Add(entries);
            count += entries.Count;
        }

        public bool HasParked => store.parked.HasAny;

        public IReadOnlyList<Parked> ParkedOf(string id) => store.parked.Of(id);

        public IReadOnlyList<Parked> ParkedAbout(string id) => store.parked.About(id);

        public void Park(Parked parked, Ordinal? failedAt) => store.parked.Save(parked, failedAt);

        public IReadOnlyList<string> IncompleteOf(string subject) => store.outbox.IncompleteOf(subject);

        public void Tell(StoredChange change) => store.outbox.Add(change);

        public Guid? LastTold(string type, string subject) => store.outbox.LastOf(type, subject);

        public void Hold(IReadOnlyCollection<HeldRevision> revisions) => store.outbox.Hold(revisions);

        public void Commit(LogPlace through)
        {
            var tells = store.outbox.Prune();
            store.segments.Write(store.entries);
            store.clusters.Write();
            store.saveCheckpoint.Bind(1, through.Ordinal.Value).Bind(2, unchecked((long)through.Position.Commit)).Bind(3, unchecked((long)through.Position.Prepare)).Bind(4, count).Step();
            store.commit.Step();
            done = true;
            store.Checkpoint = through;
            store.entries = count;
            if (tells)
            {
                store.told?.Invoke();
            }
        }

        public void Dispose()
        {
            if (!done)
            {
                done = true;
                store.segments.Clear();
                store.parked.Rollback();
                if (raw.sqlite3_get_autocommit(store.connection.Handle) == 0)
                {
                    // Where a failed write has ended the transaction already, a rollback would only hide its error.
                    store.rollback.Step();
                }

                store.names.Load();
            }
        }
    }
}
