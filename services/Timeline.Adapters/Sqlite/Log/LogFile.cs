using System.Security.Cryptography;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.Log;

/// <summary>
/// The file: how it is made, what is checked when it is opened, how connections to it are set. A new file is made under another name and moved
/// to its own when it is whole, so that whoever finds an empty or half file knows it for damage.
/// </summary>
internal sealed class LogFile
{
    /// <summary>"TLog": marks the file as Timeline's in SQLite's header.</summary>
    private const long ApplicationId = 0x544C6F67;

    private const string Format = "1";

    /// <summary>
    /// Rows come in ordinal order and, within a feed's stream, in revision order too: every page but the streams' names is filled from its
    /// end. Types are numbers into a table of names. Times are UTC ticks of 100 ns. Ids are 16 bytes in network order.
    /// </summary>
    private const string Schema = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE types (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last_revision INTEGER NOT NULL) STRICT;
        CREATE TABLE events (
          row INTEGER PRIMARY KEY,
          stream INTEGER NOT NULL,
          revision INTEGER NOT NULL,
          type INTEGER NOT NULL,
          time INTEGER NOT NULL,
          id BLOB NOT NULL,
          metadata BLOB NOT NULL,
          data BLOB NOT NULL) STRICT;
        CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
        """;

    private readonly TimeSpan busyTimeout;

    private LogFile(string path, TimeSpan busyTimeout, string logId)
    {
        Path = path;
        this.busyTimeout = busyTimeout;
        LogId = logId;
    }

    public string Path { get; }

    public string LogId { get; }

    /// <summary>Opens the log at an absolute path, or makes it.</summary>
    public static LogFile Open(string path, TimeSpan busyTimeout)
    {
        if (!File.Exists(path))
        {
            Make(path, busyTimeout);
        }

        if (new FileInfo(path).Length == 0)
        {
            throw SqliteFault.Damaged(path, "it is empty, which a Timeline log never is");
        }

        using var connection = new Connection(path, busyTimeout);
        return new LogFile(path, busyTimeout, Inspect(connection));
    }

    /// <summary>A connection for the one writer: what it commits is on the disk.</summary>
    public Connection ConnectWriter()
    {
        var connection = new Connection(Path, busyTimeout);
        try
        {
            Harden(connection);
            // A transaction of 4 MB and the pages around it stay in memory; the WAL is taken into the file every 16 MB and shrunk when it outgrew 64 MB.
            connection.Execute("PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=1000; PRAGMA journal_size_limit=67108864");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that can't write.</summary>
    public Connection ConnectReader()
    {
        var connection = new Connection(Path, busyTimeout);
        connection.Execute("PRAGMA query_only=ON; PRAGMA cache_size=-2048");
        return connection;
    }

    private static void Make(string path, TimeSpan busyTimeout)
    {
        var making = $"{path}.making-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        try
        {
            using (var connection = new Connection(making, busyTimeout, create: true))
            {
                // Set before anything is written. Pages of 16 KiB take a feed's rows a third faster than 4 KiB ones, and cost single appends nothing.
                connection.Execute($"PRAGMA page_size=16384; PRAGMA application_id={ApplicationId}");
                Harden(connection);
                var logId = RandomNumberGenerator.GetHexString(32, lowercase: true);
                connection.Execute($"BEGIN; {Schema} INSERT INTO meta VALUES ('format', '{Format}'), ('log_id', '{logId}'); COMMIT");
            }

            // Where another process was quicker, its log is the log.
            File.Move(making, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogUnavailableException($"The log '{path}' can't be made: {e.Message}", e);
        }
        finally
        {
            foreach (var leftover in (string[])[making, making + "-wal", making + "-shm"])
            {
                if (File.Exists(leftover))
                {
                    File.Delete(leftover);
                }
            }
        }
    }

    /// <summary>Write-ahead log, and the disk waited for at every commit. Throws where SQLite does not take either: durability is not negotiable.</summary>
    private static void Harden(Connection connection)
    {
        var mode = connection.ReadText("PRAGMA journal_mode=WAL");
        connection.Execute("PRAGMA synchronous=FULL; PRAGMA fullfsync=ON; PRAGMA checkpoint_fullfsync=ON");
        var synchronous = connection.ReadNumber("PRAGMA synchronous");
        if (mode != "wal" || synchronous != 2)
        {
            throw new LogUnavailableException(
                $"The log '{connection.Path}' can't be kept durably: SQLite gives journal mode '{mode}' and synchronous {synchronous} where WAL and FULL (2) "
                + "are asked. Put it on a local disk whose file system has shared memory.");
        }
    }

    // Reads the header, the metadata and the last event: a file cut short or overwritten shows there.
    private static string Inspect(Connection connection)
    {
        var path = connection.Path;
        if (connection.ReadNumber("PRAGMA application_id") != ApplicationId)
        {
            throw new LogUnusableException($"'{path}' is a SQLite file of another program, no Timeline log. Name another file.");
        }

        var format = connection.ReadText("SELECT value FROM meta WHERE key = 'format'");
        if (format != Format)
        {
            throw new LogUnusableException(
                $"The log '{path}' has format {format ?? "(none)"}; this version of Timeline reads format {Format}. Use the version that wrote it, or a newer one.");
        }

        if (connection.IsReadOnly)
        {
            throw new LogUnavailableException($"The log '{path}' is read-only for this user. Its file and folder must be writable.");
        }

        using var last = connection.Prepare("SELECT length(data) FROM events ORDER BY row DESC LIMIT 1");
        last.Step();
        return connection.ReadText("SELECT value FROM meta WHERE key = 'log_id'") ?? throw SqliteFault.Damaged(path, "it has no log id");
    }
}
