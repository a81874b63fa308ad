using Microsoft.Data.Sqlite;
using Timeline.Domain.Ports;
using Timeline.Domain.Quarantine;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>Reads the rows that were set aside. A connection for each question: they are rare.</summary>
internal sealed class SqliteSetAsideRows(string path) : ISetAsideRows
{
    // As it stood at the ordinal: a row that came later is not there yet, one that was settled later is outstanding.
    private const string Standing = """
        WITH standing AS (
            SELECT r.file, r.record, r.ordinal, r.line, r.cause, r.cut, f.name, f.feed,
                CASE WHEN r.settled <= $at THEN r.state ELSE 0 END AS state, CASE WHEN r.settled <= $at THEN r.settled END AS settled
            FROM files f JOIN rows r ON r.file = f.id
            WHERE r.ordinal <= $at AND ($feed IS NULL OR f.feed = $feed) AND ($name IS NULL OR f.name = $name) AND ($cut IS NULL OR r.cut = $cut))

        """;

    public SetAsideCounts Count(SetAsideSelection selection, Ordinal at) => With(
        Standing + "SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2), coalesce(sum(cut), 0) FROM standing",
        selection, at,
        static row => new SetAsideCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))).SingleOrDefault();

    // The rows' own key is compared bare, so that a page is found and not walked to.
    public IReadOnlyList<SetAsideRow> Rows(SetAsideSelection selection, Ordinal at, SetAsideRow? after, int skip, int limit) => With(
        """
        SELECT f.name, f.feed, r.record, r.ordinal, r.line, c.text, r.cut, CASE WHEN r.settled <= $at THEN r.state ELSE 0 END AS standing, CASE WHEN r.settled <= $at THEN r.settled END
        FROM rows r JOIN files f ON f.id = r.file JOIN causes c ON c.id = r.cause
        WHERE r.ordinal <= $at AND ($feed IS NULL OR f.feed = $feed) AND ($name IS NULL OR f.name = $name) AND ($cut IS NULL OR r.cut = $cut) AND ($state IS NULL OR standing = $state)

        """
        + (after is null ? "" : "AND (r.file, r.record) > ((SELECT id FROM files WHERE name = $afterFile), $afterRecord)\n")
        + "ORDER BY r.file, r.record LIMIT $limit OFFSET $skip",
        selection, at, Read, ("$afterFile", after?.File), ("$afterRecord", after?.Record), ("$limit", limit), ("$skip", skip));

    public IReadOnlyList<SetAsideRow> FirstRows(SetAsideSelection selection, Ordinal at, int limit) => With(
        """
        SELECT f.name, f.feed, r.record, r.ordinal, r.line, c.text, r.cut, 0, NULL FROM files f
        JOIN rows r ON r.file = f.id AND r.record = (SELECT min(record) FROM rows WHERE file = f.id) JOIN causes c ON c.id = r.cause
        WHERE ($feed IS NULL OR f.feed = $feed) AND ($name IS NULL OR f.name = $name) AND EXISTS (
            SELECT 1 FROM rows s WHERE s.file = f.id AND s.ordinal <= $at AND ($cut IS NULL OR s.cut = $cut)
            AND ($state IS NULL OR CASE WHEN s.settled <= $at THEN s.state ELSE 0 END = $state))
        ORDER BY f.id LIMIT $limit
        """,
        selection, at, Read, ("$limit", limit));

    public IReadOnlyList<SetAsideCause> Causes(string file, Ordinal at) => With(
        Standing + """
            SELECT c.text, count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2)
            FROM standing s JOIN causes c ON c.id = s.cause GROUP BY c.id ORDER BY count(*) DESC, c.text
            """,
        new SetAsideSelection(null, file, null, null), at,
        static row => new SetAsideCause(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)));

    private static SetAsideRow Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), new Ordinal(row.GetInt64(3)), row.GetInt64(4), row.GetString(5), row.GetInt64(6) != 0,
        (SetAsideState)row.GetInt32(7), row.IsDBNull(8) ? null : new Ordinal(row.GetInt64(8)));

    private List<T> With<T>(string sql, SetAsideSelection selection, Ordinal at, Func<SqliteDataReader, T> read, params (string Name, object? Value)[] more)
    {
        var found = new List<T>();
        using var connection = PartitionSchema.TryRead(path);
        if (connection is null)
        {
            return found;
        }

        using var command = connection.CreateCommand();
        command.CommandText = sql;
        (string Name, object? Value)[] all =
        [
            ("$at", at.Value), ("$feed", selection.Feed), ("$name", selection.File), ("$cut", selection.Cut is { } cut ? cut ? 1 : 0 : null),
            ("$state", (int?)selection.State), .. more,
        ];
        foreach (var (name, value) in all.Where(p => sql.Contains(p.Name, StringComparison.Ordinal)))
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            found.Add(read(rows));
        }

        return found;
    }
}
