using Microsoft.Data.Sqlite;
using SQLitePCL;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Domain.Quarantine;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>The writing side of the file that holds the rows set aside. Used by one thread at a time.</summary>
public sealed class SqliteSetAsideStore : ISetAsideStore
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand insert;
    private long rows;

    public SqliteSetAsideStore(string path, GenerationInfo info)
    {
        connection = PartitionSchema.Open(path, SetAsideFold.Name, Routing.Quarantine, info, PartitionSchema.SetAsideTables);
        insert = Command("INSERT INTO rows(file, record, ordinal, line, cause, cut) VALUES($a, $b, $c, $d, $e, $f)", ("$a", 0L), ("$b", 0L), ("$c", 0L), ("$d", 0L), ("$e", 0L), ("$f", 0L));
        (Checkpoint, rows) = Read();
    }

    public LogPlace Checkpoint { get; private set; }

    public ISetAsideTransaction Begin()
    {
        PartitionSchema.Execute(connection, "BEGIN IMMEDIATE");
        var (stored, count) = Read();
        if (stored != Checkpoint)
        {
            PartitionSchema.Execute(connection, "ROLLBACK");
            throw new CheckpointMovedException($"The checkpoint stands at {stored.Ordinal}, not at {Checkpoint.Ordinal}: another Projector owns this partition now.");
        }

        rows = count;
        return new Transaction(this);
    }

    public void Dispose()
    {
        insert.Dispose();
        connection.Dispose();
    }

    private (LogPlace Place, long Rows) Read()
    {
        using var command = Command("SELECT ordinal, commit_position, prepare_position, entries FROM checkpoint");
        using var row = command.ExecuteReader();
        row.Read();
        return (new LogPlace(new Ordinal(row.GetInt64(0)), unchecked(new Position((ulong)row.GetInt64(1), (ulong)row.GetInt64(2)))), row.GetInt64(3));
    }

    private SqliteCommand Command(string sql, params (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    private int Run(string sql, params (string Name, object? Value)[] parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    private sealed class Transaction(SqliteSetAsideStore store) : ISetAsideTransaction
    {
        private bool done;
        private readonly Dictionary<string, long> files = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> causes = new(StringComparer.Ordinal);
        private long rows = store.rows;

        public void Add(SetAsideRow row)
        {
            var file = IdOf(files, row.File, "INSERT OR IGNORE INTO files(name, feed) VALUES($n, $f); SELECT id FROM files WHERE name = $n", ("$n", row.File), ("$f", row.Feed));
            var cause = IdOf(causes, row.Cause, "INSERT OR IGNORE INTO causes(text) VALUES($c); SELECT id FROM causes WHERE text = $c", ("$c", row.Cause));
            long[] values = [file, row.Record, row.Ordinal.Value, row.Line, cause, row.Cut ? 1 : 0];
            for (var i = 0; i < values.Length; i++)
            {
                store.insert.Parameters[i].Value = values[i];
            }

            rows += store.insert.ExecuteNonQuery();
        }

        private long IdOf(Dictionary<string, long> known, string name, string sql, params (string Name, object? Value)[] parameters)
        {
            if (!known.TryGetValue(name, out var id))
            {
                using var command = store.Command(sql, parameters);
                known[name] = id = (long)command.ExecuteScalar()!;
            }

            return id;
        }

        public void Settle(Settlement s)
        {
            const string Update = "UPDATE rows SET settled = $o, state = $s WHERE file = (SELECT id FROM files WHERE name = $n) AND settled IS NULL AND ";
            var state = (int)(s.Repaired ? SetAsideState.Repaired : SetAsideState.Dismissed);
            if (s.Rows is null)
            {
                store.Run(Update + "record < $r AND NOT ($k AND cut)", ("$o", s.Ordinal.Value), ("$s", state), ("$n", s.File), ("$r", s.Records), ("$k", s.Repaired ? 1 : 0));
            }

            foreach (var record in s.Rows ?? [])
            {
                store.Run(Update + "record = $r", ("$o", s.Ordinal.Value), ("$s", state), ("$n", s.File), ("$r", record));
            }
        }

        public void Commit(LogPlace through)
        {
            store.Run(
                "UPDATE checkpoint SET ordinal = $a, commit_position = $b, prepare_position = $c, entries = $d",
                ("$a", through.Ordinal.Value), ("$b", unchecked((long)through.Position.Commit)), ("$c", unchecked((long)through.Position.Prepare)), ("$d", rows));
            PartitionSchema.Execute(store.connection, "COMMIT");
            done = true;
            store.Checkpoint = through;
            store.rows = rows;
        }

        public void Dispose()
        {
            if (!done && raw.sqlite3_get_autocommit(store.connection.Handle) == 0)
            {
                PartitionSchema.Execute(store.connection, "ROLLBACK");
            }

            done = true;
        }
    }
}
