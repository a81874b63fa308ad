using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite;

/// <summary>
/// Ingest's memory of feed rows in a SQLite file of its own. It is derived from the log: a file that is damaged, of another log or of another
/// layout is thrown away and learnt again, so its commits don't wait for the disk; they are whole or absent all the same. Not for use by several threads at once.
/// </summary>
public sealed class SqliteFeedIndex : IFeedIndex, IDisposable
{
    /// <summary>Raise it with the tables' layout or with what a key is made of.</summary>
    private const int Layout = 2;

    /// <summary>Pages kept in memory, KiB: the rows of a busy month. The database may grow far beyond it.</summary>
    private const int CacheKib = 64 * 1_024;

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS known (one INTEGER PRIMARY KEY CHECK (one = 0), layout INTEGER NOT NULL, log TEXT NOT NULL,
            ordinal INTEGER NOT NULL, pos_commit INTEGER NOT NULL, pos_prepare INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS feed (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE IF NOT EXISTS file (number INTEGER PRIMARY KEY, stream TEXT NOT NULL UNIQUE,
            events INTEGER NOT NULL, linked INTEGER NOT NULL, already INTEGER NOT NULL, set_aside INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS in_force (feed INTEGER NOT NULL, row INTEGER NOT NULL, file INTEGER NOT NULL, revision INTEGER NOT NULL,
            content INTEGER NOT NULL, PRIMARY KEY (feed, row)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS first (feed INTEGER NOT NULL, day INTEGER NOT NULL, grp INTEGER NOT NULL, file INTEGER NOT NULL,
            revision INTEGER NOT NULL, PRIMARY KEY (feed, day, grp)) STRICT, WITHOUT ROWID;
        """;

    private readonly string path;
    private readonly FeedIndexNumbers feeds = new();
    private readonly FeedIndexFiles files = new();
    private SqliteConnection? connection;
    private FeedIndexStatement? insertRow;
    private FeedIndexStatement? findRow;
    private FeedIndexStatement? replaceRow;
    private FeedIndexStatement? insertFirst;
    private FeedIndexStatement? findFirst;
    private FeedIndexReleases? releases;
    private bool inTransaction;

    /// <summary>An index at a path, made when it is opened; <c>:memory:</c> for one that is forgotten with the object.</summary>
    public SqliteFeedIndex(string path) => this.path = path;

    private SqliteConnection Connection => connection ?? throw new InvalidOperationException("Open comes first.");

    public LogPlace Open(string logId)
    {
        if (connection is null)
        {
            try
            {
                Connect();
            }
            catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT)
            {
                Throw();
                Connect();
            }
        }

        if (ReadKnown(logId) is not { } place)
        {
            Clear(logId);
            return LogPlace.Start;
        }

        LoadNames();
        return place;
    }

    public void Clear(string logId)
    {
        Rollback();
        Begin();
        Execute("DROP TABLE IF EXISTS known; DROP TABLE IF EXISTS feed; DROP TABLE IF EXISTS file; DROP TABLE IF EXISTS in_force; DROP TABLE IF EXISTS first;" + FeedIndexReleases.Drop);
        Execute(Tables + FeedIndexReleases.Tables);
        using (var insert = Connection.CreateCommand())
        {
            insert.CommandText = "INSERT INTO known VALUES (0, $layout, $log, $ordinal, 0, 0)";
            insert.Parameters.AddWithValue("$layout", Layout);
            insert.Parameters.AddWithValue("$log", logId);
            insert.Parameters.AddWithValue("$ordinal", LogPlace.Start.Ordinal.Value);
            insert.ExecuteNonQuery();
        }

        Execute("COMMIT");
        inTransaction = false;
        LoadNames();
    }

    public int FileOf(StreamName stream)
    {
        if (files.Find(stream) is { } known)
        {
            return known;
        }

        Begin();
        return files.Add(stream);
    }

    public StreamName StreamOf(int file) => files.StreamOf(file);

    public FileTally TallyOf(int file) => files.TallyOf(file);

    public RowVerdict Decide(string feed, RowPlace at, in RowKey key, bool linksRepeats)
    {
        Begin();
        var verdict = DecideRow(FeedNumber(feed), at, key, linksRepeats);
        files.Count(at, verdict.Fate);
        return verdict;
    }

    public void Learn(string feed, RowPlace at, in RowKey key, RowFate fate, bool linksRepeats)
    {
        Begin();
        var number = FeedNumber(feed);
        if (fate is RowFate.Corrected)
        {
            replaceRow!.Run(at.File, at.Revision, key.Content, number, key.Row);
        }
        else if (fate is RowFate.Observed or RowFate.Repeated)
        {
            insertRow!.Run(number, key.Row, at.File, at.Revision, key.Content);
            if (fate is RowFate.Observed && linksRepeats)
            {
                insertFirst!.Run(number, key.Day, key.Group, at.File, at.Revision);
            }
        }

        files.Count(at, fate);
    }

    public void LearnSetAside(RowPlace at)
    {
        Begin();
        files.Count(at, RowFate.SetAside);
    }

    public void See(string feed, long row, int file) => Releases.See(FeedNumber(feed), row, file);

    public void TakeBack(RowPlace at) => Releases.TakeBack(at);

    public MissingRows Missing(string feed, int file, int most) => Releases.Missing(FeedNumber(feed), file, most);

    public void Commit(LogPlace through)
    {
        Begin();
        files.Save(Connection);
        using (var update = Connection.CreateCommand())
        {
            update.CommandText = "UPDATE known SET ordinal = $ordinal, pos_commit = $commit, pos_prepare = $prepare";
            update.Parameters.AddWithValue("$ordinal", through.Ordinal.Value);
            update.Parameters.AddWithValue("$commit", unchecked((long)through.Position.Commit));
            update.Parameters.AddWithValue("$prepare", unchecked((long)through.Position.Prepare));
            update.ExecuteNonQuery();
        }

        Execute("COMMIT");
        inTransaction = false;
    }

    public void Rollback()
    {
        if (inTransaction)
        {
            inTransaction = false;
            if (raw.sqlite3_get_autocommit(Connection.Handle) == 0) // A full disk has ended it already; to roll back again would hide that.
            {
                Execute("ROLLBACK");
            }

            LoadNames();
        }
    }

    public void Dispose() => Disconnect();

    // The first sight of a row id, the common case, needs no look-up: the insert itself says whether it was new.
    private RowVerdict DecideRow(int feed, RowPlace at, in RowKey key, bool linksRepeats)
    {
        if (!insertRow!.RunChanges(feed, key.Row, at.File, at.Revision, key.Content))
        {
            var (other, content) = findRow!.Find(feed, key.Row);
            if (content == key.Content)
            {
                return new RowVerdict(RowFate.AlreadyKnown, other);
            }

            // A correction joins no group and founds none: its first version's links stay with what they were said of.
            replaceRow!.Run(at.File, at.Revision, key.Content, feed, key.Row);
            return new RowVerdict(RowFate.Corrected, other);
        }

        return linksRepeats && !insertFirst!.RunChanges(feed, key.Day, key.Group, at.File, at.Revision)
            ? new RowVerdict(RowFate.Repeated, findFirst!.Find(feed, key.Day, key.Group).Place)
            : new RowVerdict(RowFate.Observed, default);
    }

    private FeedIndexReleases Releases { get { Begin(); return releases!; } }

    private void Begin()
    {
        if (!inTransaction)
        {
            Execute("BEGIN IMMEDIATE");
            inTransaction = true;
        }
    }

    private void Connect()
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Execute($"PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -{CacheKib.ToString(CultureInfo.InvariantCulture)};");
        Execute(Tables + FeedIndexReleases.Tables);
        insertRow = Prepare("INSERT INTO in_force (feed, row, file, revision, content) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
        findRow = Prepare("SELECT file, revision, content FROM in_force WHERE feed = ?1 AND row = ?2");
        replaceRow = Prepare("UPDATE in_force SET file = ?1, revision = ?2, content = ?3 WHERE feed = ?4 AND row = ?5");
        insertFirst = Prepare("INSERT INTO first (feed, day, grp, file, revision) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
        findFirst = Prepare("SELECT file, revision, 0 FROM first WHERE feed = ?1 AND day = ?2 AND grp = ?3");
        releases = new FeedIndexReleases(connection);
    }

    private void Disconnect()
    {
        foreach (var statement in (ReadOnlySpan<FeedIndexStatement?>)[insertRow, findRow, replaceRow, insertFirst, findFirst])
        {
            statement?.Dispose();
        }

        releases?.Dispose();
        (insertRow, findRow, replaceRow, insertFirst, findFirst) = (null, null, null, null, null);
        connection?.Dispose();
        connection = null;
        inTransaction = false;
    }

    private void Throw()
    {
        Disconnect();
        foreach (var end in (ReadOnlySpan<string>)["", "-wal", "-shm"])
        {
            File.Delete(path + end);
        }
    }

    private LogPlace? ReadKnown(string logId)
    {
        using var select = Connection.CreateCommand();
        select.CommandText = "SELECT ordinal, pos_commit, pos_prepare FROM known WHERE log = $log AND layout = $layout";
        select.Parameters.AddWithValue("$log", logId);
        select.Parameters.AddWithValue("$layout", Layout);
        using var reader = select.ExecuteReader();
        return reader.Read()
            ? new LogPlace(new Ordinal(reader.GetInt64(0)), new Position(unchecked((ulong)reader.GetInt64(1)), unchecked((ulong)reader.GetInt64(2))))
            : null;
    }

    private void LoadNames()
    {
        files.Load(Connection);
        feeds.Load(Connection);
    }

    private int FeedNumber(string feed) => feeds.Of(feed, Connection);

    private FeedIndexStatement Prepare(string sql) => new(Connection.Handle!, sql);

    private void Execute(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
