using Microsoft.Data.Sqlite;
using SQLitePCL;
using Timeline.Ingest.Feeds;

namespace Timeline.Adapters.Sqlite;

/// <summary>A prepared statement of integers, without the cost of a command object: it runs twice for every row.</summary>
internal sealed class FeedIndexStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    public FeedIndexStatement(sqlite3 database, string sql)
    {
        this.database = database;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out statement), database);
    }

    public void Run(params ReadOnlySpan<long> values)
    {
        Bind(values);
        var rc = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (rc != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(rc, database);
        }
    }

    public bool RunChanges(params ReadOnlySpan<long> values)
    {
        Run(values);
        return raw.sqlite3_changes(database) > 0;
    }

    public (RowPlace Place, long Content) Find(params ReadOnlySpan<long> values)
    {
        Bind(values);
        try
        {
            var rc = raw.sqlite3_step(statement);
            if (rc != raw.SQLITE_ROW)
            {
                SqliteException.ThrowExceptionForRC(rc, database);
                throw new InvalidOperationException("The index lost a row that it has.");
            }

            var place = new RowPlace(raw.sqlite3_column_int(statement, 0), raw.sqlite3_column_int64(statement, 1));
            return (place, raw.sqlite3_column_int64(statement, 2));
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    public void Dispose() => statement.Dispose();

    private void Bind(ReadOnlySpan<long> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            raw.sqlite3_bind_int64(statement, i + 1, values[i]);
        }
    }
}
