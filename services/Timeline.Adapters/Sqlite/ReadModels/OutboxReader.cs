using Microsoft.Data.Sqlite;
using Timeline.Domain.Changes;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>The changes in a partition's file, for reading.</summary>
internal readonly struct OutboxReader(SqliteConnection connection)
{
    /// <summary>The place from which on all changes are kept, and whether some wait to be told; null: this file tells none.</summary>
    public (ChangePlace Oldest, bool Waits)? State()
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT CAST(value AS INTEGER), pruned_ordinal, pruned_idx, EXISTS(SELECT 1 FROM held) FROM meta, outbox_state WHERE key = $k
            """;
        command.Parameters.AddWithValue("$k", PartitionSchema.ChangesFrom);
        using var row = command.ExecuteReader();
        if (!row.Read())
        {
            return null;
        }

        var (from, pruned) = (new ChangePlace(new Ordinal(row.GetInt64(0)), 0), new ChangePlace(new Ordinal(row.GetInt64(1)), row.GetInt32(2)));
        return (from > pruned ? from : pruned, row.GetBoolean(3));
    }

    public List<StoredChange> Read(ChangePlace after, ChangePlace through, int most)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT ordinal, idx, type, subject, id, json FROM outbox WHERE (ordinal, idx) > ($o, $i) AND (ordinal, idx) <= ($p, $j) ORDER BY ordinal, idx LIMIT $n
            """;
        command.Parameters.AddWithValue("$o", after.Ordinal.Value);
        command.Parameters.AddWithValue("$i", after.Index);
        command.Parameters.AddWithValue("$p", through.Ordinal.Value);
        command.Parameters.AddWithValue("$j", through.Index);
        command.Parameters.AddWithValue("$n", most);
        return ReadChanges(command, static _ => { });
    }

    /// <summary>Reads changes of the columns ordinal, idx, type, subject, id, json; <paramref name="each"/> sees their rows.</summary>
    public static List<StoredChange> ReadChanges(SqliteCommand command, Action<SqliteDataReader> each)
    {
        using var rows = command.ExecuteReader();
        var changes = new List<StoredChange>();
        while (rows.Read())
        {
            each(rows);
            changes.Add(new StoredChange(
                new ChangePlace(new Ordinal(rows.GetInt64(0)), rows.GetInt32(1)), rows.GetString(2), rows.GetString(3),
                new Guid(rows.GetFieldValue<byte[]>(4), bigEndian: true), rows.GetFieldValue<byte[]>(5)));
        }

        return changes;
    }
}
