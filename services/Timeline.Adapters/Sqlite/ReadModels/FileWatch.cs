using Microsoft.Data.Sqlite;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>Says when another process has committed to any of some files: asks SQLite for each file's data version while somebody waits, and not otherwise.</summary>
internal sealed class FileWatch(TimeProvider time) : IDisposable
{
    /// <summary>How often a change in a file is looked for.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<string, (SqliteConnection Connection, SqliteStatement Version, long Seen)> files = new(StringComparer.Ordinal);
    private long changes;

    /// <summary>Completes after the next commit; a file that is not there yet is looked for as well.</summary>
    public async Task NextAsync(IEnumerable<string> paths, CancellationToken ct)
    {
        var all = paths.ToList();
        var seen = Interlocked.Read(ref changes);
        while (Interlocked.Read(ref changes) == seen)
        {
            await Task.Delay(Look, time, ct).ConfigureAwait(false);
            await gate.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                foreach (var path in all)
                {
                    Ask(path);
                }
            }
            finally
            {
                gate.Release();
            }
        }
    }

    public void Dispose()
    {
        foreach (var (connection, version, _) in files.Values)
        {
            version.Dispose();
            connection.Dispose();
        }

        gate.Dispose();
    }

    private void Ask(string path)
    {
        if (!files.TryGetValue(path, out var file))
        {
            if (!File.Exists(path))
            {
                return;
            }

            var connection = PartitionSchema.Connect(path, SqliteOpenMode.ReadOnly);
            file = (connection, new SqliteStatement(connection.Handle!, "PRAGMA data_version"), -1);
        }

        file.Version.Step();
        var now = file.Version.Number(0);
        file.Version.Reset();
        if (now != file.Seen)
        {
            files[path] = file with { Seen = now };
            Interlocked.Increment(ref changes);
        }
    }
}
