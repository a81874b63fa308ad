using Microsoft.Data.Sqlite;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite;

/// <summary>
/// What a feed index knows of releases: in which file each row id was seen last, which files repeat rows of which, and rows that somebody took
/// back. Feeds whose files only add rows leave it empty.
/// </summary>
internal sealed class FeedIndexReleases : IDisposable
{
    public const string Tables = """
        CREATE TABLE IF NOT EXISTS seen (feed INTEGER NOT NULL, row INTEGER NOT NULL, file INTEGER NOT NULL, PRIMARY KEY (feed, row)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS overlap (file INTEGER NOT NULL, earlier INTEGER NOT NULL, PRIMARY KEY (file, earlier)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS taken_back (file INTEGER NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (file, revision)) STRICT, WITHOUT ROWID;
        """;

    public const string Drop = "DROP TABLE IF EXISTS seen; DROP TABLE IF EXISTS overlap; DROP TABLE IF EXISTS taken_back;";

    private const string Missed = """
        FROM seen s JOIN in_force f ON f.feed = s.feed AND f.row = s.row
        WHERE s.feed = $feed AND s.file IN (SELECT earlier FROM overlap WHERE file = $file)
            AND NOT EXISTS (SELECT 1 FROM taken_back t WHERE t.file = f.file AND t.revision = f.revision)
        """;

    private readonly SqliteConnection connection;
    private readonly FeedIndexStatement insertSeen;
    private readonly FeedIndexStatement findSeen;
    private readonly FeedIndexStatement moveSeen;
    private readonly FeedIndexStatement insertOverlap;
    private readonly FeedIndexStatement insertTaken;

    public FeedIndexReleases(SqliteConnection connection)
    {
        this.connection = connection;
        insertSeen = Prepare("INSERT INTO seen (feed, row, file) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
        findSeen = Prepare("SELECT file, 0, 0 FROM seen WHERE feed = ?1 AND row = ?2");
        moveSeen = Prepare("UPDATE seen SET file = ?3 WHERE feed = ?1 AND row = ?2");
        insertOverlap = Prepare("INSERT INTO overlap (file, earlier) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
        insertTaken = Prepare("INSERT INTO taken_back (file, revision) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
    }

    public void See(int feed, long row, int file)
    {
        if (insertSeen.RunChanges(feed, row, file))
        {
            return;
        }

        var last = findSeen.Find(feed, row).Place.File;
        if (last != file)
        {
            insertOverlap.Run(file, last);
            moveSeen.Run(feed, row, file);
        }
    }

    public void TakeBack(RowPlace at) => insertTaken.Run(at.File, at.Revision);

    public MissingRows Missing(int feed, int file, int most)
    {
        using var select = connection.CreateCommand();
        select.Parameters.AddWithValue("$feed", feed);
        select.Parameters.AddWithValue("$file", file);
        select.CommandText = "SELECT count(*) " + Missed;
        var count = (long)select.ExecuteScalar()!;
        select.CommandText = $"SELECT f.file, f.revision {Missed} ORDER BY f.file, f.revision LIMIT $most";
        select.Parameters.AddWithValue("$most", most);
        using var rows = select.ExecuteReader();
        var first = new List<RowPlace>();
        while (rows.Read())
        {
            first.Add(new RowPlace(rows.GetInt32(0), rows.GetInt64(1)));
        }

        return new MissingRows(count, first);
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<FeedIndexStatement>)[insertSeen, findSeen, moveSeen, insertOverlap, insertTaken])
        {
            statement.Dispose();
        }
    }

    private FeedIndexStatement Prepare(string sql) => new(connection.Handle!, sql);
}
