using SQLitePCL;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>Names by number, so that segments hold numbers. All of a partition's names are in memory: subjects, opponents, issues and files are few.</summary>
internal sealed class StoredNames : IDisposable
{
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> names = [];
    private readonly SqliteStatement insert;
    private readonly SqliteStatement select;

    public StoredNames(sqlite3 database)
    {
        insert = new SqliteStatement(database, "INSERT INTO names(name) VALUES(?1) RETURNING id");
        select = new SqliteStatement(database, "SELECT id, name FROM names");
        Load();
    }

    /// <summary>Reads them anew, after a rollback.</summary>
    public void Load()
    {
        ids.Clear();
        names.Clear();
        while (select.Step())
        {
            Keep(select.Text(1), (int)select.Number(0));
        }
    }

    public int IdOf(string name)
    {
        if (ids.TryGetValue(name, out var id))
        {
            return id;
        }

        insert.Bind(1, name).Step();
        id = checked((int)insert.Number(0));
        insert.Reset();
        Keep(name, id);
        return id;
    }

    public int? Find(string name) => ids.TryGetValue(name, out var id) ? id : null;

    public string NameOf(int id) => names[id];

    public void Dispose()
    {
        insert.Dispose();
        select.Dispose();
    }

    private void Keep(string name, int id)
    {
        ids[name] = id;
        names[id] = name;
    }
}
