using Microsoft.Data.Sqlite;
using SQLitePCL;
using Timeline.Domain.Ledger;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>The writing side of one partition's file. Used by one thread at a time.</summary>
public sealed class SqlitePartitionStore : IPartitionStore
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, int> nameIds = new(StringComparer.Ordinal);
    private readonly SqliteCommand begin;
    private readonly SqliteCommand readCheckpoint;
    private readonly SqliteCommand saveCheckpoint;
    private readonly SqliteCommand insertSegment;
    private readonly SqliteCommand insertName;
    private readonly SqliteCommand clusterOf;
    private readonly SqliteCommand clusterNumber;
    private readonly SqliteCommand nextCluster;
    private readonly SqliteCommand saveMember;
    private readonly SqliteCommand park;
    private readonly SqliteCommand commit;
    private readonly SqliteCommand rollback;
    private long entries;

    public SqlitePartitionStore(string path, string projection, int partition, GenerationInfo info)
    {
        connection = PartitionSchema.Open(path, projection, partition, info);
        begin = Command("BEGIN IMMEDIATE");
        readCheckpoint = Command("SELECT ordinal, commit_position, prepare_position, entries FROM checkpoint");
        saveCheckpoint = Command("UPDATE checkpoint SET ordinal = $a, commit_position = $b, prepare_position = $c, entries = $d", "$a", "$b", "$c", "$d");
        insertSegment = Command("INSERT INTO segments VALUES($a, $b, $c, $d)", "$a", "$b", "$c", "$d");
        insertName = Command("INSERT INTO names(name) VALUES($a) RETURNING id", "$a");
        clusterOf = Command("SELECT id, arrived FROM clusters WHERE cluster = (SELECT cluster FROM clusters WHERE id = $a)", "$a");
        clusterNumber = Command("SELECT cluster FROM clusters WHERE id = $a", "$a");
        nextCluster = Command("SELECT coalesce(max(cluster), 0) + 1 FROM clusters");
        saveMember = Command("INSERT INTO clusters VALUES($a, $b, $c) ON CONFLICT(id) DO UPDATE SET cluster = excluded.cluster, arrived = excluded.arrived", "$a", "$b", "$c");
        park = Command("INSERT OR REPLACE INTO parked VALUES($a, $b, $c, $d)", "$a", "$b", "$c", "$d");
        commit = Command("COMMIT");
        rollback = Command("ROLLBACK");
        LoadNames();
        (Checkpoint, entries) = ReadCheckpoint();
    }

    public LogPlace Checkpoint { get; private set; }

    public IPartitionTransaction Begin()
    {
        begin.ExecuteNonQuery();
        var (stored, count) = ReadCheckpoint();
        if (stored != Checkpoint)
        {
            rollback.ExecuteNonQuery();
            throw new CheckpointMovedException($"The checkpoint stands at {stored.Ordinal}, not at {Checkpoint.Ordinal}: another Projector owns this partition now.");
        }

        entries = count;
        return new Transaction(this);
    }

    public void Dispose()
    {
        foreach (var command in new[] { begin, readCheckpoint, saveCheckpoint, insertSegment, insertName, clusterOf, clusterNumber, nextCluster, saveMember, park, commit, rollback })
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private SqliteCommand Command(string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        return command;
    }

    private void LoadNames()
    {
        nameIds.Clear();
        using var command = Command("SELECT id, name FROM names");
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            nameIds[rows.GetString(1)] = rows.GetInt32(0);
        }
    }

    private (LogPlace Place, long Entries) ReadCheckpoint()
    {
        using var row = readCheckpoint.ExecuteReader();
        row.Read();
        var position = unchecked(new Position((ulong)row.GetInt64(1), (ulong)row.GetInt64(2)));
        return (new LogPlace(new Ordinal(row.GetInt64(0)), position), row.GetInt64(3));
    }

    private int NameId(string name)
    {
        if (!nameIds.TryGetValue(name, out var id))
        {
            insertName.Parameters[0].Value = name;
            id = checked((int)(long)insertName.ExecuteScalar()!);
            nameIds[name] = id;
        }

        return id;
    }

    private sealed class Transaction(SqlitePartitionStore store) : IPartitionTransaction
    {
        private readonly VarintWriter buffer = new();
        private List<string>? awaited;
        private bool done;
        private long seq = store.entries;

        public IReadOnlyList<string> Awaited => awaited ??= ReadAwaited();

        public IReadOnlyList<ClusterMember>? ClusterOf(string id)
        {
            store.clusterOf.Parameters[0].Value = id;
            using var rows = store.clusterOf.ExecuteReader();
            List<ClusterMember>? members = null;
            while (rows.Read())
            {
                (members ??= []).Add(new ClusterMember(rows.GetString(0), rows.GetInt64(1) != 0));
            }

            return members;
        }

        public void SaveCluster(IReadOnlyList<ClusterMember> members)
        {
            var cluster = (long)store.nextCluster.ExecuteScalar()!;
            foreach (var member in members)
            {
                Save(member.Id, cluster, member.Arrived);
            }

            awaited = null;
        }

        public void AddToCluster(string of, string id)
        {
            store.clusterNumber.Parameters[0].Value = of;
            if (store.clusterNumber.ExecuteScalar() is not long cluster)
            {
                cluster = (long)store.nextCluster.ExecuteScalar()!;
                Save(of, cluster, arrived: true);
            }

            Save(id, cluster, arrived: true);
        }

        public void Append(IReadOnlyList<LedgerEntry> entries)
        {
            foreach (var segment in entries.GroupBy(e => (e.Contribution.Subject, Month: SegmentCodec.MonthOf(e.Contribution.Day))))
            {
                buffer.Clear();
                SegmentCodec.Encode(segment, store.NameId, buffer);
                store.insertSegment.Parameters[0].Value = store.NameId(segment.Key.Subject);
                store.insertSegment.Parameters[1].Value = segment.Key.Month;
                store.insertSegment.Parameters[2].Value = seq;
                store.insertSegment.Parameters[3].Value = buffer.Written.ToArray();
                store.insertSegment.ExecuteNonQuery();
            }

            seq += entries.Count;
        }

        public void Park(Parked parked)
        {
            store.park.Parameters[0].Value = parked.Ordinal.Value;
            store.park.Parameters[1].Value = parked.Subject;
            store.park.Parameters[2].Value = parked.Event;
            store.park.Parameters[3].Value = parked.Cause;
            store.park.ExecuteNonQuery();
        }

        public void Commit(LogPlace through)
        {
            store.saveCheckpoint.Parameters[0].Value = through.Ordinal.Value;
            store.saveCheckpoint.Parameters[1].Value = unchecked((long)through.Position.Commit);
            store.saveCheckpoint.Parameters[2].Value = unchecked((long)through.Position.Prepare);
            store.saveCheckpoint.Parameters[3].Value = seq;
            store.saveCheckpoint.ExecuteNonQuery();
            store.commit.ExecuteNonQuery();
            done = true;
            store.Checkpoint = through;
            store.entries = seq;
        }

        public void Dispose()
        {
            if (!done)
            {
                done = true;
                if (raw.sqlite3_get_autocommit(store.connection.Handle) == 0)
                {
                    // Where a failed write has ended the transaction already, a rollback would only hide its error.
                    store.rollback.ExecuteNonQuery();
                }

                store.LoadNames();
            }
        }

        private void Save(string id, long cluster, bool arrived)
        {
            store.saveMember.Parameters[0].Value = id;
            store.saveMember.Parameters[1].Value = cluster;
            store.saveMember.Parameters[2].Value = arrived ? 1 : 0;
            store.saveMember.ExecuteNonQuery();
        }

        private List<string> ReadAwaited()
        {
            using var command = store.Command("SELECT id FROM clusters WHERE arrived = 0 ORDER BY id");
            using var rows = command.ExecuteReader();
            var ids = new List<string>();
            while (rows.Read())
            {
                ids.Add(rows.GetString(0));
            }

            return ids;
        }
    }
}
