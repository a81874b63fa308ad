namespace Timeline.Tests.EventStoreDb.Store;

/// <summary>An event as a writer sends it.</summary>
public readonly record struct Proposed(Guid Id, string Type, bool IsJson, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Metadata);

public enum WriteResult
{
    Success,
    WrongExpectedVersion,
    StreamDeleted,
}

/// <summary>What became of a write.</summary>
/// <param name="LastRevision">After a success the last revision written, otherwise the stream's own; -1 if it has none.</param>
/// <param name="Position">Where the last event written lies; -1 if there is none to tell.</param>
/// <param name="Repeated">The events were there already; nothing was written.</param>
public readonly record struct Written(WriteResult Result, long LastRevision, long Position = -1, bool Repeated = false);
