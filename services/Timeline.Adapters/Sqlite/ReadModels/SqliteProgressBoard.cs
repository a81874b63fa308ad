using System.Globalization;
using Microsoft.Data.Sqlite;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>The board of one generation as its Projectors write it, in a small file beside its partitions. Not synchronised to the disk: what a power cut takes back is told again.</summary>
public sealed class SqliteProgressBoard : IProgressBoard, IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS progress(projection TEXT NOT NULL, partition INTEGER NOT NULL, owner TEXT NOT NULL, ordinal INTEGER NOT NULL, commit_position INTEGER NOT NULL,
          prepare_position INTEGER NOT NULL, committed INTEGER, events INTEGER NOT NULL, gaps INTEGER NOT NULL, refused INTEGER NOT NULL, failures INTEGER NOT NULL, error TEXT,
          PRIMARY KEY(projection, partition)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS owners(owner TEXT PRIMARY KEY, alive INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private readonly Lock gate = new();
    private readonly SqliteConnection connection;

    /// <summary>Opens the board of a generation below the read models' folder, making it if it is new.</summary>
    public SqliteProgressBoard(string folder, string generation)
    {
        Directory.CreateDirectory(folder);
        connection = PartitionSchema.Connect(PathOf(folder, generation), SqliteOpenMode.ReadWriteCreate);
        PartitionSchema.Execute(connection, "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-200;" + Schema);
    }

    public void Tell(string owner, DateTimeOffset now, IReadOnlyList<PartitionProgress> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        lock (gate)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO owners VALUES($o, $t) ON CONFLICT(owner) DO UPDATE SET alive = excluded.alive; DELETE FROM owners WHERE alive < $old";
            command.Parameters.AddWithValue("$o", owner);
            command.Parameters.AddWithValue("$t", now.UtcTicks);
            command.Parameters.AddWithValue("$old", now.AddHours(-1).UtcTicks);
            command.ExecuteNonQuery();
            foreach (var p in changed)
            {
                Tell(p);
            }

            transaction.Commit();
        }
    }

    /// <summary>The file of a generation's board, whether or not it is there.</summary>
    public static string PathOf(string folder, string generation) => Path.Combine(folder, $"progress-{generation}.db");

    public void Dispose() => connection.Dispose();

    private void Tell(PartitionProgress p)
    {
        using var command = connection.CreateCommand();
        // What was true of a place stays true: who takes over from an older checkpoint, or was superseded and does not know it yet, takes nothing back.
        command.CommandText = """
            INSERT INTO progress VALUES($p, $n, $o, $i, $c, $q, $t, $e, $g, $r, $f, $x)
            ON CONFLICT(projection, partition) DO UPDATE SET owner = excluded.owner, ordinal = max(ordinal, excluded.ordinal), commit_position = max(commit_position, excluded.commit_position),
              prepare_position = max(prepare_position, excluded.prepare_position), committed = coalesce(excluded.committed, committed), events = excluded.events, gaps = excluded.gaps,
              refused = excluded.refused, failures = excluded.failures, error = excluded.error
            """;
        foreach (var (name, value) in new (string, object?)[]
        {
            ("$p", p.Projection), ("$n", p.Partition), ("$o", p.Owner), ("$i", p.Through.Ordinal.Value), ("$c", unchecked((long)p.Through.Position.Commit)),
            ("$q", unchecked((long)p.Through.Position.Prepare)), ("$t", p.LastCommit?.UtcTicks), ("$e", p.Events), ("$g", p.GapsHealed), ("$r", p.MessagesRefused),
            ("$f", p.Failures), ("$x", p.LastError),
        })
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        command.ExecuteNonQuery();
    }
}
