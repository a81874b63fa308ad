using Microsoft.Data.Sqlite;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite;

/// <summary>The files of a feed index: numbers for their streams, and what became of their records. They are few, so memory holds them all.</summary>
internal sealed class FeedIndexFiles
{
    private readonly Dictionary<StreamName, int> numbers = [];
    private readonly List<(StreamName Stream, FileTally Tally)> files = [];
    private readonly HashSet<int> touched = [];

    public int? Find(StreamName stream) => numbers.TryGetValue(stream, out var number) ? number : null;

    public int Add(StreamName stream)
    {
        var number = files.Count;
        numbers[stream] = number;
        files.Add((stream, default));
        touched.Add(number);
        return number;
    }

    public StreamName StreamOf(int file) => files[file].Stream;

    public FileTally TallyOf(int file) => files[file].Tally;

    public void Count(RowPlace at, RowFate fate)
    {
        var (stream, tally) = files[at.File];
        files[at.File] = (stream, tally.With(fate));
        touched.Add(at.File);
    }

    public void Load(SqliteConnection connection)
    {
        numbers.Clear();
        files.Clear();
        touched.Clear();
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT stream, events, linked, already, set_aside FROM file ORDER BY number";
        using var rows = select.ExecuteReader();
        while (rows.Read())
        {
            var stream = new StreamName(rows.GetString(0));
            numbers[stream] = files.Count;
            files.Add((stream, new FileTally(rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4))));
        }
    }

    public void Save(SqliteConnection connection)
    {
        using var upsert = connection.CreateCommand();
        upsert.CommandText = "INSERT INTO file VALUES ($number, $stream, $events, $linked, $already, $aside) "
            + "ON CONFLICT (number) DO UPDATE SET events = $events, linked = $linked, already = $already, set_aside = $aside";
        foreach (var number in touched.Order())
        {
            var (stream, tally) = files[number];
            upsert.Parameters.Clear();
            upsert.Parameters.AddWithValue("$number", number);
            upsert.Parameters.AddWithValue("$stream", stream.Value);
            upsert.Parameters.AddWithValue("$events", tally.Events);
            upsert.Parameters.AddWithValue("$linked", tally.Linked);
            upsert.Parameters.AddWithValue("$already", tally.Already);
            upsert.Parameters.AddWithValue("$aside", tally.SetAside);
            upsert.ExecuteNonQuery();
        }

        touched.Clear();
    }
}
