using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.Log;

/// <summary>
/// The reads, prepared on one connection. Row numbers are given and taken; every read ends its transaction before it returns. Names of streams
/// and types are made into strings once.
/// </summary>
internal sealed class LogReader : IDisposable
{
    /// <summary>Stream names held at once; given events have a stream each, and holding all their names would be holding the table.</summary>
    private const int MaxStreamNames = 4096;

    /// <summary>A page ends here whatever its size in events, bytes: 1,000 events at their limit would be a quarter of a gigabyte.</summary>
    private const long MaxPageBytes = 8 * 1024 * 1024;

    private const string Columns = "row, stream, revision, type, time, id, metadata, data";

    private readonly Connection connection;
    private readonly Statement page;
    private readonly Statement at;
    private readonly Statement lastRow;
    private readonly Statement timeAt;
    private readonly Statement stream;
    private readonly Statement findStream;
    private readonly Statement streamName;
    private readonly Statement typeName;
    private readonly Dictionary<long, StreamName> streamNames = [];
    private readonly Dictionary<long, string> typeNames = [];

    public LogReader(LogFile file)
    {
        connection = file.ConnectReader();
        page = connection.Prepare($"SELECT {Columns} FROM events WHERE row > ?1 ORDER BY row LIMIT ?2");
        at = connection.Prepare($"SELECT {Columns} FROM events WHERE row = ?1");
        lastRow = connection.Prepare("SELECT max(row) FROM events");
        timeAt = connection.Prepare("SELECT time FROM events WHERE row = ?1");
        stream = connection.Prepare($"SELECT {Columns} FROM events WHERE stream = ?1 AND revision >= ?2 ORDER BY revision LIMIT ?3");
        findStream = connection.Prepare("SELECT id, last_revision FROM streams WHERE name = ?1");
        streamName = connection.Prepare("SELECT name FROM streams WHERE id = ?1");
        typeName = connection.Prepare("SELECT name FROM types WHERE id = ?1");
    }

    /// <summary>The last row's number, 0 in an empty log.</summary>
    public long LastRow()
    {
        lastRow.Step();
        var row = lastRow.Number(0);
        lastRow.Reset();
        return row;
    }

    /// <summary>Up to <paramref name="max"/> events after a row. One row more than asked for is looked at: it tells whether this is the head.</summary>
    public LogPage Page(long after, int max)
    {
        var events = new List<LogEvent>(Math.Min(max, 512));
        page.Bind(1, after).Bind(2, max + 1L);
        var bytes = 0L;
        var more = false;
        try
        {
            while (page.Step())
            {
                more = events.Count == max || bytes >= MaxPageBytes;
                if (more)
                {
                    break;
                }

                var e = Event(page);
                bytes += e.Data.Length + e.Metadata.Length;
                events.Add(e);
            }
        }
        finally
        {
            page.Reset();
        }

        if (events.Count == 0)
        {
            RefuseBeyondHead(after);
        }

        return new LogPage(events, events.Count > 0 ? events[^1].Place : RowNumbers.PlaceOf(after), !more);
    }

    public LogEvent? At(long row)
    {
        at.Bind(1, row);
        try
        {
            return at.Step() ? Event(at) : null;
        }
        finally
        {
            at.Reset();
        }
    }

    public IReadOnlyList<LogEvent> Stream(StreamName name, long from, int max)
    {
        if (Find(name) is not { } found || found.LastRevision < from)
        {
            return [];
        }

        var events = new List<LogEvent>((int)Math.Min(max, found.LastRevision - from + 1));
        stream.Bind(1, found.Id).Bind(2, from).Bind(3, max);
        try
        {
            while (stream.Step())
            {
                events.Add(Event(stream));
            }
        }
        finally
        {
            stream.Reset();
        }

        return events;
    }

    public Revision? LastRevision(StreamName name) => Find(name) is { } found ? new Revision(found.LastRevision) : null;

    /// <summary>The last row whose time is at or before the ticks, 0 where there is none. Times never fall, so halving finds it.</summary>
    public long LastRowAt(long ticks)
    {
        var (before, after) = (0L, LastRow() + 1);
        while (after - before > 1)
        {
            var middle = before + ((after - before) / 2);
            timeAt.Bind(1, middle);
            var isAtOrBefore = timeAt.Step() && timeAt.Number(0) <= ticks;
            timeAt.Reset();
            (before, after) = isAtOrBefore ? (middle, after) : (before, middle);
        }

        return before;
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[page, at, lastRow, timeAt, stream, findStream, streamName, typeName])
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private (long Id, long LastRevision)? Find(StreamName name)
    {
        findStream.Bind(1, name.Value);
        (long, long)? found = findStream.Step() ? (findStream.Number(0), findStream.Number(1)) : null;
        findStream.Reset();
        return found;
    }

    // Who has read further than the log reaches has read another copy of it; going on in silence would skip events.
    private void RefuseBeyondHead(long after)
    {
        var head = LastRow();
        if (after > head)
        {
            throw new LogUnusableException(
                $"A reader stands after {after} events and the log '{connection.Path}' has {head}: an older copy of the log was put in place. "
                + "Rebuild the read models from this log, or put the newer log back.");
        }
    }

    private LogEvent Event(Statement s)
    {
        var metadata = s.Blob(6);
        var data = s.Blob(7);
        var bytes = GC.AllocateUninitializedArray<byte>(data.Length + metadata.Length);
        data.CopyTo(bytes);
        metadata.CopyTo(bytes.AsSpan(data.Length));
        var memory = new ReadOnlyMemory<byte>(bytes);
        return new LogEvent(
            RowNumbers.PlaceOf(s.Number(0)),
            Name(s.Number(1)),
            new Revision(s.Number(2)),
            new Guid(s.Blob(5), bigEndian: true),
            Type(s.Number(3)),
            memory[..data.Length],
            memory[data.Length..],
            new DateTimeOffset(s.Number(4), TimeSpan.Zero));
    }

    private StreamName Name(long id)
    {
        if (!streamNames.TryGetValue(id, out var name))
        {
            if (streamNames.Count == MaxStreamNames)
            {
                streamNames.Clear();
            }

            name = new StreamName(Look(streamName, id));
            streamNames.Add(id, name);
        }

        return name;
    }

    private string Type(long id)
    {
        if (!typeNames.TryGetValue(id, out var name))
        {
            name = Look(typeName, id);
            typeNames.Add(id, name);
        }

        return name;
    }

    private string Look(Statement names, long id)
    {
        names.Bind(1, id);
        try
        {
            return names.Step() ? names.Text(0) : throw SqliteFault.Damaged(connection.Path, $"an event names a stream or type {id} that is not there");
        }
        finally
        {
            names.Reset();
        }
    }
}
