using Microsoft.Data.Sqlite;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>The board of one generation below the read models' folder, read. It is not made where it is not there yet.</summary>
public sealed class SqliteProgressReadings(string folder, string generation) : IProgressReadings, IDisposable
{
    private readonly Lock gate = new();
    private SqliteConnection? connection;

    public long Version
    {
        get
        {
            lock (gate)
            {
                if (Connection is not { } file)
                {
                    return 0;
                }

                using var command = file.CreateCommand();
                command.CommandText = "PRAGMA data_version";
                return (long)command.ExecuteScalar()!;
            }
        }
    }

    public IReadOnlyList<PartitionProgress> Read()
    {
        lock (gate)
        {
            if (Connection is not { } file)
            {
                return [];
            }

            using var command = file.CreateCommand();
            command.CommandText = "SELECT projection, partition, owner, ordinal, commit_position, prepare_position, committed, events, gaps, refused, failures, error FROM progress";
            using var row = command.ExecuteReader();
            var read = new List<PartitionProgress>();
            while (row.Read())
            {
                read.Add(new PartitionProgress(
                    row.GetString(0), row.GetInt32(1), row.GetString(2),
                    new LogPlace(new Ordinal(row.GetInt64(3)), unchecked(new Position((ulong)row.GetInt64(4), (ulong)row.GetInt64(5)))),
                    row.IsDBNull(6) ? null : new DateTimeOffset(row.GetInt64(6), TimeSpan.Zero),
                    row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt32(10), row.IsDBNull(11) ? null : row.GetString(11)));
            }

            return read;
        }
    }

    public IReadOnlyDictionary<string, DateTimeOffset> Owners()
    {
        lock (gate)
        {
            if (Connection is not { } file)
            {
                return new Dictionary<string, DateTimeOffset>();
            }

            using var command = file.CreateCommand();
            command.CommandText = "SELECT owner, alive FROM owners";
            using var row = command.ExecuteReader();
            var owners = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
            while (row.Read())
            {
                owners[row.GetString(0)] = new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero);
            }

            return owners;
        }
    }

    public void Dispose() => connection?.Dispose();

    // The table of owners is made last.
    private SqliteConnection? Connection => connection ??= PartitionSchema.TryRead(SqliteProgressBoard.PathOf(folder, generation), "owners");
}
