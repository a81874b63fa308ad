using Microsoft.Data.Sqlite;
using SQLitePCL;
using Timeline.Domain.Changes;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>
/// The outbox in a partition's file, beside the projection that fills it. What has been told is remembered at once, and written where the file can be
/// written just now: after a crash something is told again, nothing is left out.
/// </summary>
public sealed class SqliteChangeOutbox : IChangeOutbox, IDisposable
{
    private readonly SqliteConnection connection;
    private long[] read = [];
    private long told;
    private long written;

    /// <summary>Opens a file that is there.</summary>
    public SqliteChangeOutbox(string path)
    {
        connection = PartitionSchema.Connect(path, SqliteOpenMode.ReadWrite);
        PartitionSchema.Execute(connection, "PRAGMA busy_timeout=50; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-100;");
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT told FROM outbox_state";
        told = written = (long)(command.ExecuteScalar() ?? 0L);
    }

    public (IReadOnlyList<StoredChange> Changes, long Lost) Untold(int most)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT ordinal, idx, type, subject, id, json, seq FROM outbox WHERE seq > $t ORDER BY seq LIMIT $n";
        command.Parameters.AddWithValue("$t", told);
        command.Parameters.AddWithValue("$n", most);
        var seqs = new List<long>();
        var changes = OutboxReader.ReadChanges(command, row => seqs.Add(row.GetInt64(6)));
        read = [.. seqs];
        return (changes, read.Length == 0 ? 0 : read[0] - told - 1);
    }

    public void MarkTold(int count)
    {
        if (count > 0)
        {
            told = read[count - 1];
        }

        if (told == written)
        {
            return;
        }

        try
        {
            using var command = connection.CreateCommand();
            command.CommandTimeout = 1;
            command.CommandText = "UPDATE outbox_state SET told = $t WHERE told < $t";
            command.Parameters.AddWithValue("$t", told);
            command.ExecuteNonQuery();
            written = told;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            // The projection is writing: next time.
        }
    }

    public void Dispose() => connection.Dispose();
}
