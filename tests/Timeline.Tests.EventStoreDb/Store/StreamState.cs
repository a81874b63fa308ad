namespace Timeline.Tests.EventStoreDb.Store;

/// <summary>A stream: which records are its events, and what its metadata says. A stream may have metadata and no events.</summary>
internal sealed class StreamState(string name)
{
    /// <summary>The indexes of the records by revision: revisions count from 0 without gaps.</summary>
    private readonly List<int> records = [];

    public string Name { get; } = name;

    /// <summary>Said by the newest event of the stream's metadata stream.</summary>
    public StreamMetadata Metadata { get; set; } = StreamMetadata.IsMetadata(name) ? StreamMetadata.OfMetadata : StreamMetadata.None;

    /// <summary>The index of the record that ended the stream for ever; -1 while it goes on.</summary>
    public int Tombstone { get; private set; } = -1;

    public bool IsTombstoned => Tombstone >= 0;

    /// <summary>-1 without events.</summary>
    public long LastRevision => records.Count - 1;

    public int this[long revision] => records[checked((int)revision)];

    public void Add(Recorded record, int index)
    {
        if (record.Revision == StreamMetadata.Deleted)
        {
            Tombstone = index;
            return;
        }

        if (record.Revision != records.Count)
        {
            throw new InvalidDataException($"Stream {Name} has {records.Count} events, and the log goes on with revision {record.Revision}.");
        }

        records.Add(index);
    }
}
