using Microsoft.Data.Sqlite;
using SQLitePCL;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>Parked events of a partition and every attempt to fold them. Most partitions have none, and are asked one question a commit.</summary>
internal sealed class StoredParked : IDisposable
{
    private const string Columns = "event, ordinal, subject, cause, about, attempts, state, settled, reason";
    private readonly SqliteStatement any;
    private readonly SqliteStatement ofEvent;
    private readonly SqliteStatement aboutEvent;
    private readonly SqliteStatement save;
    private readonly SqliteStatement attempt;
    private readonly SqliteStatement events;
    private HashSet<string>? known;
    private bool hasAny;

    public StoredParked(sqlite3 database)
    {
        events = new SqliteStatement(database, "SELECT DISTINCT event FROM parked");
        any = new SqliteStatement(database, "SELECT 1 FROM parked WHERE state <> 1 LIMIT 1");
        ofEvent = new SqliteStatement(database, $"SELECT {Columns} FROM parked WHERE event = ?1 ORDER BY subject");
        aboutEvent = new SqliteStatement(database, $"SELECT {Columns} FROM parked WHERE about = ?1 AND about <> '' AND state = 0 ORDER BY ordinal, subject");
        save = new SqliteStatement(database, $"INSERT OR REPLACE INTO parked({Columns}) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
        attempt = new SqliteStatement(database, "INSERT OR REPLACE INTO attempts VALUES(?1, ?2, ?3, ?4, ?5)");
    }

    /// <summary>One is outstanding or dropped.</summary>
    public bool HasAny => hasAny;

    /// <summary>To be called where the checkpoint is still this owner's: nobody else has written.</summary>
    public void Begin()
    {
        hasAny = any.Step();
        any.Reset();
        known ??= ReadKnown();
    }

    /// <summary>What was written is undone.</summary>
    public void Rollback() => known = null;

    // Every repeat of a row asks, as soon as anything is parked.
    public List<Parked> Of(string id) => known!.Contains(id) ? Read(ofEvent.Bind(1, id)) : [];

    public List<Parked> About(string id) => Read(aboutEvent.Bind(1, id));

    public void Save(Parked p, Ordinal? failedAt)
    {
        save.Bind(1, p.Event).Bind(2, p.Ordinal.Value).Bind(3, p.Subject).Bind(4, p.Cause).Bind(5, p.About ?? "").Bind(6, p.Attempts).Bind(7, (long)p.State)
            .Bind(8, p.Settled?.Value ?? -1).Bind(9, p.Reason ?? "").Step();
        if (failedAt is { } at)
        {
            attempt.Bind(1, p.Ordinal.Value).Bind(2, p.Subject).Bind(3, p.Attempts).Bind(4, at.Value).Bind(5, p.Cause).Step();
        }

        hasAny |= p.IsOut;
        known!.Add(p.Event);
    }

    /// <summary>What is parked, or only dropped, of a subject or of anybody; null: all that is or ever was parked, of whomever it names.</summary>
    public static List<Parked> Read(SqliteConnection connection, string? subject)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM parked WHERE "
            + (subject is null ? "subject <> '' AND NOT (state = 1 AND attempts = 0)" : "subject IN ($s, '*') AND state <> 1") + " ORDER BY ordinal, subject";
        if (subject is not null)
        {
            command.Parameters.AddWithValue("$s", subject);
        }

        using var rows = command.ExecuteReader();
        var parked = new List<Parked>();
        while (rows.Read())
        {
            parked.Add(Of(rows.GetInt64, rows.GetString));
        }

        return parked;
    }

    public static List<ParkedAttempt> Attempts(SqliteConnection connection, string id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT a.subject, a.number, a.at, a.cause FROM attempts a JOIN parked p USING(ordinal, subject) WHERE p.event = $i AND a.subject <> '' ORDER BY a.subject, a.number";
        command.Parameters.AddWithValue("$i", id);
        using var rows = command.ExecuteReader();
        var attempts = new List<ParkedAttempt>();
        while (rows.Read())
        {
            attempts.Add(new ParkedAttempt(rows.GetString(0), rows.GetInt32(1), new Ordinal(rows.GetInt64(2)), rows.GetString(3)));
        }

        return attempts;
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[any, events, ofEvent, aboutEvent, save, attempt])
        {
            statement.Dispose();
        }
    }

    private HashSet<string> ReadKnown()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        while (events.Step())
        {
            ids.Add(events.Text(0));
        }

        return ids;
    }

    private static List<Parked> Read(SqliteStatement rows)
    {
        var parked = new List<Parked>();
        while (rows.Step())
        {
            parked.Add(Of(rows.Number, rows.Text));
        }

        return parked;
    }

    private static Parked Of(Func<int, long> number, Func<int, string> text) => new(text(0), new Ordinal(number(1)), text(2), text(3))
    {
        About = text(4) is { Length: > 0 } about ? about : null,
        Attempts = (int)number(5),
        State = (ParkedState)number(6),
        Settled = number(7) is >= 0 and var settled ? new Ordinal(settled) : null,
        Reason = text(8) is { Length: > 0 } reason ? reason : null,
    };
}
