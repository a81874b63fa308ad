using System.Globalization;
using Microsoft.Data.Sqlite;
using Timeline.Domain.Changes;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>The outbox of a partition's file, as its projection writes it: within the transaction that holds the entries behind the changes.</summary>
internal sealed class StoredOutbox : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly int kept;
    private readonly SqliteStatement insert;
    private readonly SqliteStatement remember;
    private readonly SqliteStatement last;
    private readonly SqliteStatement parked;
    private bool isLonger;

    public StoredOutbox(SqliteConnection connection, int kept)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kept, 1);
        this.connection = connection;
        this.kept = kept;
        PartitionSchema.Execute(connection, "INSERT OR IGNORE INTO outbox_state VALUES(1, 0, -1, 0)");
        insert = new SqliteStatement(connection.Handle!, "INSERT INTO outbox(ordinal, idx, type, subject, id, json) VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
        remember = new SqliteStatement(connection.Handle!, "INSERT INTO outbox_last VALUES(?1, ?2, ?3) ON CONFLICT(type, subject) DO UPDATE SET id = excluded.id");
        last = new SqliteStatement(connection.Handle!, "SELECT id FROM outbox_last WHERE type = ?1 AND subject = ?2");
        parked = new SqliteStatement(connection.Handle!, "SELECT event FROM parked WHERE subject IN (?1, '*') AND state = 0 ORDER BY ordinal, subject");
    }

    /// <summary>Where this file begins to tell changes: at the head given when it was asked first.</summary>
    public Ordinal Since(Ordinal head)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT OR IGNORE INTO meta VALUES($k, $v); SELECT value FROM meta WHERE key = $k;";
        command.Parameters.AddWithValue("$k", PartitionSchema.ChangesFrom);
        command.Parameters.AddWithValue("$v", head.ToString());
        return new Ordinal(long.Parse((string)command.ExecuteScalar()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    public void Add(StoredChange change)
    {
        var id = change.Id.ToByteArray(bigEndian: true);
        insert.Bind(1, change.Place.Ordinal.Value).Bind(2, change.Place.Index).Bind(3, change.Type).Bind(4, change.Subject).Bind(5, id).Bind(6, change.Json.Span).Step();
        remember.Bind(1, change.Type).Bind(2, change.Subject).Bind(3, id).Step();
        isLonger = true;
    }

    public Guid? LastOf(string type, string subject)
    {
        Guid? found = last.Bind(1, type).Bind(2, subject).Step() ? new Guid(last.Blob(0), bigEndian: true) : null;
        last.Reset();
        return found;
    }

    public IReadOnlyList<string> IncompleteOf(string subject)
    {
        List<string>? ids = null;
        parked.Bind(1, subject);
        while (parked.Step())
        {
            if ((ids ??= []).Count == 0 || ids[^1] != parked.Text(0))
            {
                ids.Add(parked.Text(0));
            }
        }

        parked.Reset();
        return ids ?? [];
    }

    public void Hold(IReadOnlyCollection<HeldRevision> revisions)
    {
        PartitionSchema.Execute(connection, "DELETE FROM held");
        foreach (var r in revisions)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO held VALUES($s, $t, $f, $l, $n, $o, $e, $a)";
            command.Parameters.AddWithValue("$s", r.Subject);
            command.Parameters.AddWithValue("$t", r.Stream);
            command.Parameters.AddWithValue("$f", r.From);
            command.Parameters.AddWithValue("$l", r.To);
            command.Parameters.AddWithValue("$n", r.Events);
            command.Parameters.AddWithValue("$o", r.Ordinal.Value);
            command.Parameters.AddWithValue("$e", r.Event);
            command.Parameters.AddWithValue("$a", r.At);
            command.ExecuteNonQuery();
        }
    }

    public List<HeldRevision> Held()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT subject, stream, from_day, to_day, events, ordinal, event, at FROM held ORDER BY subject";
        using var rows = command.ExecuteReader();
        var held = new List<HeldRevision>();
        while (rows.Read())
        {
            held.Add(new HeldRevision(
                rows.GetString(0), rows.GetString(1), rows.GetInt32(2), rows.GetInt32(3), rows.GetInt32(4), new Ordinal(rows.GetInt64(5)), rows.GetString(6), rows.GetString(7)));
        }

        return held;
    }

    /// <summary>Drops the oldest changes beyond those that are kept, told or not, and remembers up to where: whoever needs them takes a snapshot. False: nothing has come.</summary>
    public bool Prune()
    {
        if (!isLonger)
        {
            return false;
        }

        isLonger = false;
        PartitionSchema.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
            UPDATE outbox_state SET (pruned_ordinal, pruned_idx) = (SELECT ordinal, idx FROM outbox WHERE seq <= (SELECT max(seq) FROM outbox) - {kept} ORDER BY seq DESC LIMIT 1)
            WHERE EXISTS (SELECT 1 FROM outbox WHERE seq <= (SELECT max(seq) FROM outbox) - {kept});
            DELETE FROM outbox WHERE seq <= (SELECT max(seq) FROM outbox) - {kept};
            """));
        return true;
    }

    public void Dispose()
    {
        foreach (var statement in (IDisposable[])[insert, remember, last, parked])
        {
            statement.Dispose();
        }
    }
}
