using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>One file per projection, generation and partition. Everything in it can be rebuilt from the log.</summary>
internal static class PartitionSchema
{
    /// <summary>2: repeats of rows have a table of their own. 3: parked events have a state and their attempts.</summary>
    public const int Format = 3;

    private const string Own = """
        CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS checkpoint(one INTEGER PRIMARY KEY CHECK (one = 1), ordinal INTEGER NOT NULL, commit_position INTEGER NOT NULL, prepare_position INTEGER NOT NULL, entries INTEGER NOT NULL);

        """;

    private const string Tables = Own + """
        CREATE TABLE IF NOT EXISTS names(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE IF NOT EXISTS segments(subject INTEGER NOT NULL, month INTEGER NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(subject, month, seq)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS clusters(id TEXT PRIMARY KEY, cluster INTEGER NOT NULL, arrived INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS clusters_by_cluster ON clusters(cluster);
        CREATE INDEX IF NOT EXISTS clusters_awaited ON clusters(id) WHERE arrived = 0;
        CREATE TABLE IF NOT EXISTS repeats(file INTEGER NOT NULL, revision INTEGER NOT NULL, by_file INTEGER NOT NULL, by_revision INTEGER NOT NULL, PRIMARY KEY(file, revision, by_file, by_revision)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS parked(ordinal INTEGER NOT NULL, subject TEXT NOT NULL, event TEXT NOT NULL, cause TEXT NOT NULL, about TEXT NOT NULL, attempts INTEGER NOT NULL, state INTEGER NOT NULL, settled INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY(ordinal, subject)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS parked_by_event ON parked(event);
        CREATE INDEX IF NOT EXISTS parked_by_about ON parked(about) WHERE about <> '' AND state = 0;
        CREATE INDEX IF NOT EXISTS parked_out ON parked(state) WHERE state <> 1;
        CREATE TABLE IF NOT EXISTS attempts(ordinal INTEGER NOT NULL, subject TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, cause TEXT NOT NULL, PRIMARY KEY(ordinal, subject, number)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS outbox(seq INTEGER PRIMARY KEY, ordinal INTEGER NOT NULL, idx INTEGER NOT NULL, type TEXT NOT NULL, subject TEXT NOT NULL, id BLOB NOT NULL, json BLOB NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS outbox_by_place ON outbox(ordinal, idx);
        CREATE TABLE IF NOT EXISTS outbox_state(one INTEGER PRIMARY KEY CHECK (one = 1), told INTEGER NOT NULL, pruned_ordinal INTEGER NOT NULL, pruned_idx INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS outbox_last(type TEXT NOT NULL, subject TEXT NOT NULL, id BLOB NOT NULL, PRIMARY KEY(type, subject)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS held(subject TEXT PRIMARY KEY, stream TEXT NOT NULL, from_day INTEGER NOT NULL, to_day INTEGER NOT NULL, events INTEGER NOT NULL, ordinal INTEGER NOT NULL, event TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>Where changes begin, once it is known.</summary>
    public const string ChangesFrom = "changesFrom";

    /// <summary>Of the rows that were set aside. A settled row names its settlement's ordinal and how it was settled.</summary>
    public const string SetAsideTables = Own + """
        CREATE TABLE IF NOT EXISTS files(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, feed TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS causes(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
        CREATE TABLE IF NOT EXISTS rows(file INTEGER NOT NULL, record INTEGER NOT NULL, ordinal INTEGER NOT NULL, line INTEGER NOT NULL, cause INTEGER NOT NULL, cut INTEGER NOT NULL, settled INTEGER, state INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(file, record)) WITHOUT ROWID;
        """;

    /// <summary>Opens the file, making it if it is new. Throws <see cref="InvalidDataException"/> for a damaged file, or one of another log, methodology or format.</summary>
    public static SqliteConnection Open(string path, string projection, int partition, GenerationInfo info, string tables = Tables)
    {
        var connection = Connect(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            Execute(connection, "PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-500; PRAGMA wal_autocheckpoint=1000;");
            Execute(connection, "BEGIN IMMEDIATE;" + tables + "INSERT OR IGNORE INTO checkpoint VALUES(1, -1, 0, 0, 0);");
            foreach (var (key, value) in Identity(projection, partition, info))
            {
                using var command = connection.CreateCommand();
                command.CommandText = "INSERT OR IGNORE INTO meta VALUES($k, $v); SELECT value FROM meta WHERE key = $k;";
                command.Parameters.AddWithValue("$k", key);
                command.Parameters.AddWithValue("$v", value);
                if ((string?)command.ExecuteScalar() is var stored && stored != value)
                {
                    throw new InvalidDataException($"{path}: {key} is '{stored}', not '{value}'.");
                }
            }

            Execute(connection, "COMMIT;");
            return connection;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT)
        {
            connection.Dispose();
            throw new InvalidDataException($"{path} is damaged: {e.Message}", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file for reading; null where there is none yet, or another process has just begun to make it and it has no such <paramref name="table"/>.</summary>
    public static SqliteConnection? TryRead(string path, string table = "checkpoint")
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var connection = Connect(path, SqliteOpenMode.ReadOnly);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = $table";
            command.Parameters.AddWithValue("$table", table);
            if ((long)command.ExecuteScalar()! == 1)
            {
                return connection;
            }
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CANTOPEN or raw.SQLITE_BUSY)
        {
            // Its write-ahead log is being made.
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        connection.Dispose();
        return null;
    }

    public static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static IEnumerable<(string Key, string Value)> Identity(string projection, int partition, GenerationInfo info)
    {
        yield return ("format", Format.ToString(CultureInfo.InvariantCulture));
        yield return ("log", info.LogId);
        yield return ("projection", projection);
        yield return ("generation", info.Generation);
        yield return ("partition", $"{partition} of {info.Partitions}");
        yield return ("methodology", info.MethodologyHash);
    }
}
