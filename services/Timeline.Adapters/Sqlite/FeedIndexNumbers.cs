using Microsoft.Data.Sqlite;

namespace Timeline.Adapters.Sqlite;

/// <summary>The numbers that a feed index gives to feeds. They are few, so memory holds them all.</summary>
internal sealed class FeedIndexNumbers
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    public void Load(SqliteConnection connection)
    {
        numbers.Clear();
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT number, name FROM feed";
        using var reader = select.ExecuteReader();
        while (reader.Read())
        {
            numbers[reader.GetString(1)] = reader.GetInt32(0);
        }
    }

    /// <summary>A feed's number, a new one for a new feed.</summary>
    public int Of(string feed, SqliteConnection connection)
    {
        if (!numbers.TryGetValue(feed, out var number))
        {
            numbers[feed] = number = numbers.Count;
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO feed VALUES ($number, $name)";
            insert.Parameters.AddWithValue("$number", number);
            insert.Parameters.AddWithValue("$name", feed);
            insert.ExecuteNonQuery();
        }

        return number;
    }
}
