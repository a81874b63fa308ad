using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.Log;

/// <summary>
/// Appends within the transaction that <see cref="LogWriter"/> holds. An append is decided by reading before it writes anything: one that
/// is refused leaves no trace, so those that share the transaction need no savepoints.
/// </summary>
internal sealed class LogAppender : IDisposable
{
    private readonly Connection connection;
    private readonly Statement head;
    private readonly Statement findStream;
    private readonly Statement addStream;
    private readonly Statement advanceStream;
    private readonly Statement addEvent;
    private readonly Statement there;
    private readonly Statement findType;
    private readonly Statement addType;
    private readonly Dictionary<string, long> types = new(StringComparer.Ordinal);
    private long lastRow;
    private long lastTime;

    public LogAppender(Connection connection)
    {
        this.connection = connection;
        head = connection.Prepare("SELECT row, time FROM events ORDER BY row DESC LIMIT 1");
        findStream = connection.Prepare("SELECT id, last_revision FROM streams WHERE name = ?1");
        addStream = connection.Prepare("INSERT INTO streams (name, last_revision) VALUES (?1, ?2)");
        advanceStream = connection.Prepare("UPDATE streams SET last_revision = ?2 WHERE id = ?1");
        addEvent = connection.Prepare(
            "INSERT INTO events (row, stream, revision, type, time, id, metadata, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        there = connection.Prepare(
            "SELECT e.row, e.id, t.name, e.data FROM events e JOIN types t ON t.id = e.type WHERE e.stream = ?1 AND e.revision BETWEEN ?2 AND ?3 ORDER BY e.revision");
        findType = connection.Prepare("SELECT id FROM types WHERE name = ?1");
        addType = connection.Prepare("INSERT INTO types (name) VALUES (?1)");
    }

    /// <summary>After BEGIN: other processes may have appended since the last transaction, and a rollback may have undone this one's.</summary>
    public void Begin()
    {
        types.Clear();
        (lastRow, lastTime) = head.Step() ? (head.Number(0), head.Number(1)) : (0, 0);
        head.Reset();
    }

    public AppendResult Append(PreparedAppend append)
    {
        findStream.Bind(1, append.Stream.Value);
        var exists = findStream.Step();
        var (stream, actual) = exists ? (findStream.Number(0), findStream.Number(1)) : (0, -1);
        findStream.Reset();

        if (actual != append.Expected.LastRevision)
        {
            return exists && actual >= append.LastRevision && IsThere(stream, append, out var row)
                ? new AppendResult.AlreadyThere(RowNumbers.PlaceOf(row), new Revision(append.LastRevision))
                : new AppendResult.WrongRevision(exists ? new Revision(actual) : null);
        }

        if (exists)
        {
            advanceStream.Bind(1, stream).Bind(2, append.LastRevision).Step();
        }
        else
        {
            addStream.Bind(1, append.Stream.Value).Bind(2, append.LastRevision).Step();
            stream = connection.LastInsertedRow;
        }

        for (var i = 0; i < append.Events.Count; i++)
        {
            Write(stream, append, i);
        }

        return new AppendResult.Appended(RowNumbers.PlaceOf(lastRow), new Revision(append.LastRevision));
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[head, findStream, addStream, advanceStream, addEvent, there, findType, addType])
        {
            statement.Dispose();
        }
    }

    private void Write(long stream, PreparedAppend append, int index)
    {
        var e = append.Events[index];
        var type = TypeNumber(e.Type);
        Span<byte> id = stackalloc byte[16];
        append.Ids[index].TryWriteBytes(id, bigEndian: true, out _);
        lastRow++;
        lastTime = Math.Max(lastTime, append.RecordedTicks[index]);
        addEvent.Bind(1, lastRow).Bind(2, stream).Bind(3, append.FirstRevision + index).Bind(4, type).Bind(5, lastTime)
            .Bind(6, id).Bind(7, e.Metadata.Span).Bind(8, e.Data.Span).Step();
    }

    private bool IsThere(long stream, PreparedAppend append, out long row)
    {
        row = 0;
        Span<byte> id = stackalloc byte[16];
        there.Bind(1, stream).Bind(2, append.FirstRevision).Bind(3, append.LastRevision);
        try
        {
            for (var i = 0; i < append.Events.Count; i++)
            {
                append.Ids[i].TryWriteBytes(id, bigEndian: true, out _);
                if (!there.Step() || !there.Blob(1).SequenceEqual(id) || there.Text(2) != append.Events[i].Type
                    || !there.Blob(3).SequenceEqual(append.Events[i].Data.Span))
                {
                    return false;
                }

                row = there.Number(0);
            }

            return true;
        }
        finally
        {
            there.Reset();
        }
    }

    private long TypeNumber(string name)
    {
        if (types.TryGetValue(name, out var number))
        {
            return number;
        }

        findType.Bind(1, name);
        var exists = findType.Step();
        number = exists ? findType.Number(0) : 0;
        findType.Reset();
        if (!exists)
        {
            addType.Bind(1, name).Step();
            number = connection.LastInsertedRow;
        }

        types.Add(name, number);
        return number;
    }
}
