using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite;

/// <summary>An event's place among Timeline's events, as the index learns and keeps it.</summary>
internal readonly record struct IndexedEvent(string Stream, long Revision, LogPlace Place, long Time);

/// <summary>
/// What EventStoreDB does not know of an event: its ordinal and its log time. Derived from the log and kept in a SQLite file beside the read models,
/// about 30 bytes an event; deleted, it is built again by one pass over the log. Thread-safe.
/// </summary>
internal sealed class SqliteOrdinalIndex : IDisposable
{
    private const string Format = "1";

    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly SqliteStatement addEntry;
    private readonly SqliteStatement putRun;
    private readonly SqliteStatement entryAt;
    private readonly SqliteStatement runAt;
    private Run last;
    private LogPlace head = LogPlace.Start;

    private SqliteOrdinalIndex(string path, string logId)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();

            // Derived: what a power cut takes back is read from the log again.
            Execute("pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -8192");
            if (Execute("pragma user_version") != "1" || Execute("select value from meta where key = 'log'") != Format + " " + logId)
            {
                Make(logId);
            }

            var database = connection.Handle!;
            addEntry = new SqliteStatement(database, """insert into entries (ordinal, "commit", "prepare", time) values (?1, ?2, ?3, ?4)""");
            putRun = new SqliteStatement(database, "insert or replace into runs (stream, revision, ordinal, count) values (?1, ?2, ?3, ?4)");
            entryAt = new SqliteStatement(database, """select "commit", "prepare", time from entries where ordinal = ?1""");
            runAt = new SqliteStatement(database, "select revision, ordinal, count from runs where stream = ?1 and revision <= ?2 order by revision desc limit 1");
            var end = Execute("select max(ordinal) from entries");
            head = end is null ? LogPlace.Start : At(new Ordinal(long.Parse(end, CultureInfo.InvariantCulture)))!.Value.Place;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens the file, or makes it; begins it anew where it is damaged, of another log or of another format. Throws <see cref="SqliteException"/> or
    /// <see cref="IOException"/> where that can't be done either.
    /// </summary>
    public static SqliteOrdinalIndex Open(string path, string logId)
    {
        try
        {
            return new SqliteOrdinalIndex(path, logId);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_ERROR)
        {
            foreach (var file in (string[])[path, path + "-wal", path + "-shm"])
            {
                File.Delete(file);
            }

            return new SqliteOrdinalIndex(path, logId);
        }
    }

    /// <summary>The last event that the index knows.</summary>
    public LogPlace Head
    {
        get
        {
            lock (gate)
            {
                return head;
            }
        }
    }

    /// <summary>Adds a run of the log, in one transaction: what is known already is passed over, and so is a run that does not follow what is known.</summary>
    public void Add(IReadOnlyList<IndexedEvent> events)
    {
        Guarded(() =>
        {
            var next = head.Ordinal.Value + 1;
            var known = (int)Math.Clamp(next - events[0].Place.Ordinal.Value, 0, events.Count);
            if (events[0].Place.Ordinal.Value > next || known == events.Count)
            {
                return false;
            }

            var run = last;
            last = default;
            using var transaction = connection.BeginTransaction();
            foreach (var e in events.Skip(known))
            {
                addEntry.Bind(1, e.Place.Ordinal.Value).Bind(2, (long)e.Place.Position.Commit).Bind(3, (long)e.Place.Position.Prepare).Bind(4, e.Time).Step();
                if (run.Stream == e.Stream && run.Revision + run.Count == e.Revision && run.Ordinal + run.Count == e.Place.Ordinal.Value)
                {
                    run = run with { Count = run.Count + 1 };
                    continue;
                }

                Put(run);
                run = new Run(e.Stream, e.Revision, e.Place.Ordinal.Value, 1);
            }

            Put(run);
            transaction.Commit();
            last = run;
            head = events[^1].Place;
            return true;
        });
    }

    /// <summary>The place and log time (UTC ticks) at an ordinal, or null beyond the head.</summary>
    public (LogPlace Place, long Time)? At(Ordinal ordinal) => Guarded<(LogPlace, long)?>(() =>
    {
        if (!entryAt.Bind(1, ordinal.Value).Step())
        {
            return null;
        }

        var found = (new LogPlace(ordinal, new Position((ulong)entryAt.Number(0), (ulong)entryAt.Number(1))), entryAt.Number(2));
        entryAt.Reset();
        return found;
    });

    /// <summary>The ordinal of an event of a stream, or null where the index does not know it.</summary>
    public Ordinal? Find(string stream, long revision) => Guarded<Ordinal?>(() =>
    {
        if (!runAt.Bind(1, stream).Bind(2, revision).Step())
        {
            return null;
        }

        var (first, ordinal, count) = (runAt.Number(0), runAt.Number(1), runAt.Number(2));
        runAt.Reset();
        return revision < first + count ? new Ordinal(ordinal + revision - first) : null;
    });

    /// <summary>The last ordinal whose log time is at or before the time: times never fall, so halving finds it.</summary>
    public Ordinal LastAt(long time)
    {
        var (low, high) = (-1L, Head.Ordinal.Value);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            (low, high) = At(new Ordinal(middle))!.Value.Time <= time ? (middle, high) : (low, middle - 1);
        }

        return new Ordinal(low);
    }

    /// <summary>Forgets everything: the log is to be read again from its start.</summary>
    public void Clear()
    {
        lock (gate)
        {
            Execute("delete from entries; delete from runs");
            last = default;
            head = LogPlace.Start;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            addEntry.Dispose();
            putRun.Dispose();
            entryAt.Dispose();
            runAt.Dispose();
            connection.Dispose();
        }
    }

    // One at a time; and what the file can't do is told as the log's failure, because without ordinals there is no answer.
    private T Guarded<T>(Func<T> work)
    {
        lock (gate)
        {
            try
            {
                return work();
            }
            catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
            {
                throw new LogUnusableException($"The index of ordinals '{connection.DataSource}' is damaged: {e.Message} Delete it while nothing runs; it is built again from the log.", e);
            }
            catch (SqliteException e)
            {
                throw new LogUnavailableException($"The index of ordinals '{connection.DataSource}' can't be used: {e.Message} Check its disk and the room on it; it goes on by itself then.", e);
            }
        }
    }

    private void Put(Run run)
    {
        if (run.Count > 0)
        {
            putRun.Bind(1, run.Stream).Bind(2, run.Revision).Bind(3, run.Ordinal).Bind(4, run.Count).Step();
        }
    }

    private void Make(string logId) => Execute($"""
        begin;
        drop table if exists meta; drop table if exists entries; drop table if exists runs;
        create table meta (key text primary key, value text not null) strict, without rowid;
        create table entries (ordinal integer primary key, "commit" integer not null, "prepare" integer not null, time integer not null) strict;
        create table runs (stream text not null, revision integer not null, ordinal integer not null, count integer not null, primary key (stream, revision)) strict, without rowid;
        insert into meta values ('log', '{Format} {logId}');
        pragma user_version = 1;
        commit
        """);

    private string? Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;
    }

    /// <summary>Events of one stream that stand together both in the stream and in the log: a feed's file is a few of these.</summary>
    private readonly record struct Run(string Stream, long Revision, long Ordinal, long Count);
}
