using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Timeline.Contracts;
using Timeline.Contracts.Json;

namespace Timeline.Benchmarks;

/// <summary>What the machine can do at best: the same bytes through bare loops.</summary>
internal static class BareLoops
{
    /// <summary>Rows a second into one table with its index, 500 to a transaction, each of them durable.</summary>
    public static double Insert(string path, IReadOnlyList<byte[]> events)
    {
        using var db = Open(path);
        Execute(db, "CREATE TABLE e(ordinal INTEGER PRIMARY KEY, stream INTEGER, revision INTEGER, data BLOB); CREATE UNIQUE INDEX i ON e(stream, revision);");
        using var insert = db.CreateCommand();
        insert.CommandText = "INSERT INTO e(stream, revision, data) VALUES(1, $r, $d)";
        var revision = insert.Parameters.Add("$r", SqliteType.Integer);
        var data = insert.Parameters.Add("$d", SqliteType.Blob);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < events.Count; i += 500)
        {
            Execute(db, "BEGIN IMMEDIATE");
            for (var j = i; j < Math.Min(i + 500, events.Count); j++)
            {
                revision.Value = j;
                data.Value = events[j];
                insert.ExecuteNonQuery();
            }

            Execute(db, "COMMIT");
        }

        return events.Count / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Events a second: read all in order, parse, add into day sums, persist every 5,000 with a checkpoint.</summary>
    public static double Fold(string path)
    {
        using var db = Open(path);
        using var writer = Open(path + ".sums");
        Execute(writer, "CREATE TABLE sums(subject TEXT, day TEXT, sum INTEGER, PRIMARY KEY(subject, day)) WITHOUT ROWID; CREATE TABLE checkpoint(at INTEGER);");
        using var upsert = writer.CreateCommand();
        upsert.CommandText = "INSERT INTO sums VALUES($s, $d, $n) ON CONFLICT DO UPDATE SET sum = sum + excluded.sum";
        var (s, d, n) = (upsert.Parameters.Add("$s", SqliteType.Text), upsert.Parameters.Add("$d", SqliteType.Text), upsert.Parameters.Add("$n", SqliteType.Integer));
        var sums = new Dictionary<(string, string), long>();
        var watch = Stopwatch.StartNew();
        using var read = db.CreateCommand();
        read.CommandText = "SELECT data FROM e ORDER BY ordinal";
        using var rows = read.ExecuteReader();
        var count = 0;
        while (rows.Read())
        {
            var e = JsonSerializer.Deserialize(rows.GetFieldValue<byte[]>(0), ContractsJson.Default.TimelineEvent)!;
            foreach (var party in e.Actors.Concat(e.Targets))
            {
                if (party.Id is { } subject)
                {
                    var key = (subject, e.Occurred?.Start ?? "");
                    sums[key] = sums.GetValueOrDefault(key) + 1;
                }
            }

            if (++count % 5000 == 0)
            {
                Persist(writer, upsert, s, d, n, sums, count);
            }
        }

        Persist(writer, upsert, s, d, n, sums, count);
        return count / watch.Elapsed.TotalSeconds;
    }

    private static void Persist(
        SqliteConnection db, SqliteCommand upsert, SqliteParameter s, SqliteParameter d, SqliteParameter n, Dictionary<(string Subject, string Day), long> sums, int count)
    {
        Execute(db, "BEGIN IMMEDIATE");
        foreach (var (key, sum) in sums)
        {
            (s.Value, d.Value, n.Value) = (key.Subject, key.Day, sum);
            upsert.ExecuteNonQuery();
        }

        Execute(db, $"DELETE FROM checkpoint; INSERT INTO checkpoint VALUES({count}); COMMIT");
        sums.Clear();
    }

    private static SqliteConnection Open(string path)
    {
        var db = new SqliteConnection($"Data Source={path};Pooling=False");
        db.Open();
        Execute(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
        return db;
    }

    private static void Execute(SqliteConnection db, string sql)
    {
        using var command = db.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
