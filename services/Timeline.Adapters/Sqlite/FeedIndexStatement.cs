using SQLitePCL;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite;

/// <summary>A statement of integers; it runs twice for every row.</summary>
internal sealed class FeedIndexStatement(sqlite3 database, string sql) : SqliteStatement(database, sql)
{
    public void Run(params ReadOnlySpan<long> values)
    {
        Bind(values);
        while (Step())
        {
        }
    }

    public bool RunChanges(params ReadOnlySpan<long> values)
    {
        Run(values);
        return raw.sqlite3_changes(Database) > 0;
    }

    public (RowPlace Place, long Content) Find(params ReadOnlySpan<long> values)
    {
        Bind(values);
        if (!Step())
        {
            throw new InvalidOperationException("The index lost a row that it has.");
        }

        var found = (new RowPlace((int)Number(0), Number(1)), Number(2));
        Reset();
        return found;
    }

    private void Bind(ReadOnlySpan<long> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            Bind(i + 1, values[i]);
        }
    }
}
