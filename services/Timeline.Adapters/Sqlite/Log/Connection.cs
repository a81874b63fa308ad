using SQLitePCL;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.Log;

/// <summary>
/// One connection to the log's file, on SQLite's C interface: binding and reading spans in place is what makes a million events a second
/// possible. Used by one thread at a time; whoever holds it sees to that.
/// </summary>
internal sealed class Connection : IDisposable
{
    private const int Open = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX;
    private readonly sqlite3 handle;

    static Connection() => Batteries_V2.Init();

    /// <summary>Opens an existing file, or makes it where <paramref name="create"/>. Throws the log's exceptions.</summary>
    public Connection(string path, TimeSpan busyTimeout, bool create = false)
    {
        Path = path;
        BusyTimeout = busyTimeout;
        var code = raw.sqlite3_open_v2(path, out handle, create ? Open | raw.SQLITE_OPEN_CREATE : Open, null);
        try
        {
            Check(code);
            raw.sqlite3_extended_result_codes(handle, 1);
            Check(raw.sqlite3_busy_timeout(handle, (int)busyTimeout.TotalMilliseconds));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public string Path { get; }

    public TimeSpan BusyTimeout { get; }

    /// <summary>SQLite falls back to reading alone where it may not write; the log must not find out at its first append.</summary>
    public bool IsReadOnly => raw.sqlite3_db_readonly(handle, "main") == 1;

    public bool InTransaction => raw.sqlite3_get_autocommit(handle) == 0;

    public long LastInsertedRow => raw.sqlite3_last_insert_rowid(handle);

    public Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return new Statement(this, statement);
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(handle, sql));

    /// <summary>The first column of the only row.</summary>
    public long ReadNumber(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Number(0) : throw new InvalidOperationException($"'{sql}' gave no row.");
    }

    /// <summary>The first column of the only row, or null where there is none.</summary>
    public string? ReadText(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : null;
    }

    public void Rollback()
    {
        // A full disk or an I/O error has rolled back already.
        if (InTransaction)
        {
            raw.sqlite3_exec(handle, "ROLLBACK");
        }
    }

    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw SqliteFault.Of(code, raw.sqlite3_errmsg(handle).utf8_to_string(), this);
        }
    }

    public void Dispose() => handle.Dispose();
}
