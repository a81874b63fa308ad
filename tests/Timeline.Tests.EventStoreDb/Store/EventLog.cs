namespace Timeline.Tests.EventStoreDb.Store;

/// <summary>
/// The log and what a real server decides over it: expected revisions, idempotency by event id, soft and hard deletes. Pure: no clock, no files,
/// one thread at a time. The order of the checks is that of EventStoreDB 23.10.6 (IndexWriter.CheckCommit, StorageWriterService).
/// </summary>
internal sealed class EventLog(int recentIds)
{
    private readonly Dictionary<string, StreamState> streams = new(StringComparer.Ordinal);
    private readonly RecentIds recent = new(recentIds);
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    public RecordList Records { get; } = new();

    public StreamState? Find(string stream) => streams.GetValueOrDefault(stream);

    /// <summary>A stream's metadata stream is gone with its stream.</summary>
    public bool IsTombstoned(string stream) =>
        Find(stream) is { IsTombstoned: true } || (StreamMetadata.IsMetadata(stream) && IsTombstoned(StreamMetadata.OriginalOf(stream)));

    public Written Append(string stream, ExpectedRevision expected, ReadOnlySpan<Proposed> events, long created, Func<Guid> newId)
    {
        if (Check(stream, expected, events) is { } decided)
        {
            return decided;
        }

        var before = LastRevision(stream);
        var softDeleted = IsSoftDeleted(stream);
        var recreates = StreamMetadata.IsMetadata(stream) && IsSoftDeleted(StreamMetadata.OriginalOf(stream)) ? StreamMetadata.OriginalOf(stream) : null;
        var position = events.IsEmpty ? Records.Skip(Recorded.SizeOfNone(stream)) : -1;
        foreach (ref readonly var proposed in events)
        {
            position = Add(stream, LastRevision(stream) + 1, created, proposed);
        }

        if (softDeleted)
        {
            Recreate(stream, before + 1, created, newId);
        }

        if (recreates is not null)
        {
            Recreate(recreates, LastRevision(recreates) + 1, created, newId);
        }

        return new Written(WriteResult.Success, before + events.Length, position);
    }

    /// <summary>A soft delete is metadata that truncates the stream before the largest revision there is.</summary>
    public Written Delete(string stream, ExpectedRevision expected, long created, Func<Guid> newId)
    {
        var id = newId();
        if (Check(stream, expected, [new Proposed(id, StreamMetadata.EventType, true, default, default)]) is { } decided)
        {
            return decided;
        }

        var metadataStream = StreamMetadata.StreamOf(stream);
        if (LastRevision(stream) < 0 && LastRevision(metadataStream) < 0)
        {
            return new Written(WriteResult.WrongExpectedVersion, -1);
        }

        var position = Add(
            metadataStream, LastRevision(metadataStream) + 1, created,
            new Proposed(id, StreamMetadata.EventType, true, StreamMetadata.SoftDelete.ToArray(), default));
        return new Written(WriteResult.Success, LastRevision(stream), position);
    }

    /// <summary>A hard delete: the stream's last event, after which there is none for ever.</summary>
    public Written Tombstone(string stream, ExpectedRevision expected, long created, Func<Guid> newId)
    {
        var proposed = new Proposed(newId(), "$streamDeleted", false, default, default);
        return Check(stream, expected, [proposed])
            ?? new Written(WriteResult.Success, StreamMetadata.Deleted, Add(stream, StreamMetadata.Deleted, created, proposed));
    }

    /// <summary>Takes a record that was decided before, as it comes from a file.</summary>
    public void Restore(Recorded record) => Apply(record);

    /// <summary>One string per stream and type, however many records name it.</summary>
    public string Intern(string name)
    {
        if (!names.TryGetValue(name, out var known))
        {
            names.Add(name, known = name);
        }

        return known;
    }

    /// <returns>What to answer without writing; null if the events are to be written.</returns>
    private Written? Check(string stream, ExpectedRevision expected, ReadOnlySpan<Proposed> events)
    {
        if (IsTombstoned(stream))
        {
            return new Written(WriteResult.StreamDeleted, StreamMetadata.Deleted);
        }

        var last = LastRevision(stream);
        if (expected == ExpectedRevision.StreamExists)
        {
            if (IsSoftDeleted(stream))
            {
                return new Written(WriteResult.StreamDeleted, last);
            }

            // A stream that has only metadata exists.
            if (last < 0 && LastRevision(StreamMetadata.StreamOf(stream)) < 0)
            {
                return new Written(WriteResult.WrongExpectedVersion, last);
            }
        }

        if (expected == ExpectedRevision.Any || expected == ExpectedRevision.StreamExists)
        {
            return CheckRecent(stream, last, events);
        }

        return expected.Value == last ? null
            : expected.Value > last ? new Written(WriteResult.WrongExpectedVersion, last)
            : CheckExact(stream, expected, last, events);
    }

    /// <summary>With any expected revision an id is known as long as it is among the newest, and not after a restart: best effort.</summary>
    private Written? CheckRecent(string stream, long last, ReadOnlySpan<Proposed> events)
    {
        var revision = -1L;
        for (var n = 0; n < events.Length; n++)
        {
            if (recent.Find(events[n].Id) is not { } known || known.Stream != stream)
            {
                // The first ids are there and later ones are not: nothing that was ever written as a whole.
                return n == 0 ? null : new Written(WriteResult.WrongExpectedVersion, last);
            }

            revision = known.Revision;
        }

        return events.Length == 0 ? null : Repeats(stream, revision);
    }

    /// <summary>Below the last revision: the same ids at the same revisions are a repetition, whatever is in the events.</summary>
    private Written? CheckExact(string stream, ExpectedRevision expected, long last, ReadOnlySpan<Proposed> events)
    {
        var revision = expected.Value;
        foreach (ref readonly var proposed in events)
        {
            revision++;
            if (revision <= last && Records[Find(stream)![revision]].Id == proposed.Id)
            {
                continue;
            }

            var recreates = revision == expected.Value + 1 && expected == ExpectedRevision.NoStream && IsSoftDeleted(stream);
            return recreates ? null : new Written(WriteResult.WrongExpectedVersion, last);
        }

        return events.Length == 0 ? new Written(WriteResult.WrongExpectedVersion, last) : Repeats(stream, revision);
    }

    /// <summary>The answer to a repetition is that of the first time; without a position if the event may no longer be read.</summary>
    private Written Repeats(string stream, long revision)
    {
        var readable = revision <= LastRevision(stream) && !IsSoftDeleted(stream) && revision >= StreamReads.FirstByNumber(Find(stream)!);
        return new Written(WriteResult.Success, revision, readable ? Records[Find(stream)![revision]].Position : -1, Repeated: true);
    }

    private void Recreate(string stream, long first, long created, Func<Guid> newId)
    {
        var metadataStream = StreamMetadata.StreamOf(stream);
        var newest = Records[Find(metadataStream)![LastRevision(metadataStream)]];
        if (StreamMetadata.WithTruncateBefore(newest.Data.Span, first) is { } json)
        {
            Add(metadataStream, newest.Revision + 1, created, new Proposed(newId(), StreamMetadata.EventType, true, json, default));
        }
    }

    private long LastRevision(string stream) => Find(stream)?.LastRevision ?? -1;

    private bool IsSoftDeleted(string stream) => Find(stream) is { Metadata.IsSoftDeleted: true };

    private long Add(string stream, long revision, long created, in Proposed proposed)
    {
        var record = Recorded.Of(Records.Next, Intern(stream), revision, created, proposed with { Type = Intern(proposed.Type) });
        Apply(record);
        recent.Add(record.Id, record.Stream, revision);
        return record.Position;
    }

    private void Apply(Recorded record)
    {
        var index = Records.Add(record);
        StateOf(record.Stream).Add(record, index);
        if (StreamMetadata.IsMetadata(record.Stream) && record.Revision != StreamMetadata.Deleted)
        {
            var original = StreamMetadata.OriginalOf(record.Stream);
            if (!StreamMetadata.IsMetadata(original))
            {
                StateOf(original).Metadata = StreamMetadata.Parse(record.Data, record.IsJson);
            }
        }
    }

    private StreamState StateOf(string stream)
    {
        if (!streams.TryGetValue(stream, out var state))
        {
            streams.Add(Intern(stream), state = new StreamState(Intern(stream)));
        }

        return state;
    }
}
