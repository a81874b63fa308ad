using System.Globalization;
using Microsoft.Data.Sqlite;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite;

/// <summary>
/// The Relay's checkpoint in a SQLite file of its own, one row per log. In WAL mode with synchronous=NORMAL a save is whole or absent and
/// waits for no disk; what a power cut takes back is published again.
/// </summary>
public sealed class SqliteRelayCheckpointStore : IRelayCheckpointStore, IDisposable
{
    private readonly SqliteConnection connection;
    private readonly string logId;

    /// <summary>Opens the file, or makes it; the folder must exist. Throws <see cref="SqliteException"/> for a file that is no database.</summary>
    public SqliteRelayCheckpointStore(string path, string logId)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(logId);
        this.logId = logId;
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 }.ToString());
        try
        {
            connection.Open();
            Execute("pragma journal_mode = wal");
            Execute("pragma synchronous = normal");
            Execute(
                """
                create table if not exists relay_checkpoint (
                  log_id text primary key, "ordinal" integer not null, "commit" integer not null, "prepare" integer not null, lasts text not null
                ) strict
                """);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public Task<RelayCheckpoint?> LoadAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = """select "ordinal", "commit", "prepare", lasts from relay_checkpoint where log_id = $log""";
            command.Parameters.AddWithValue("$log", logId);
            using var row = command.ExecuteReader();
            return Task.FromResult(row.Read() ? new RelayCheckpoint(logId, PlaceOf(row), LastsOf(row.GetString(3))) : null);
        }
    }

    /// <summary>Throws <see cref="ArgumentException"/> for a checkpoint of another log.</summary>
    public Task SaveAsync(RelayCheckpoint checkpoint, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ct.ThrowIfCancellationRequested();
        if (checkpoint.LogId != logId)
        {
            throw new ArgumentException($"The checkpoint is of log {checkpoint.LogId}; this store keeps the one of {logId}.", nameof(checkpoint));
        }

        lock (connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                """insert or replace into relay_checkpoint (log_id, "ordinal", "commit", "prepare", lasts) values ($log, $ordinal, $commit, $prepare, $lasts)""";
            command.Parameters.AddWithValue("$log", logId);
            command.Parameters.AddWithValue("$ordinal", checkpoint.Place.Ordinal.Value);
            command.Parameters.AddWithValue("$commit", unchecked((long)checkpoint.Place.Position.Commit));
            command.Parameters.AddWithValue("$prepare", unchecked((long)checkpoint.Place.Position.Prepare));
            command.Parameters.AddWithValue("$lasts", string.Join(' ', checkpoint.LastPerPartition.Select(Text)));
            command.ExecuteNonQuery();
        }

        return Task.CompletedTask;
    }

    public void Dispose() => connection.Dispose();

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static LogPlace PlaceOf(SqliteDataReader row) =>
        new(new Ordinal(row.GetInt64(0)), new Position(unchecked((ulong)row.GetInt64(1)), unchecked((ulong)row.GetInt64(2))));

    // One place per partition, ordinal:commit:prepare, in the partitions' order.
    private static string Text(LogPlace place) =>
        string.Create(CultureInfo.InvariantCulture, $"{place.Ordinal.Value}:{place.Position.Commit}:{place.Position.Prepare}");

    private static LogPlace[] LastsOf(string text) => Array.ConvertAll(text.Split(' '), static item =>
    {
        var parts = item.Split(':');
        return new LogPlace(
            new Ordinal(long.Parse(parts[0], CultureInfo.InvariantCulture)),
            new Position(ulong.Parse(parts[1], CultureInfo.InvariantCulture), ulong.Parse(parts[2], CultureInfo.InvariantCulture)));
    });
}
