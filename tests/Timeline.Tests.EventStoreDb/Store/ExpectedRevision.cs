namespace Timeline.Tests.EventStoreDb.Store;

/// <summary>What a writer says of its stream: nothing, that it is empty, that it exists, or its last revision. The numbers are those of the errors' trailers.</summary>
public readonly record struct ExpectedRevision(long Value)
{
    public static readonly ExpectedRevision NoStream = new(-1);
    public static readonly ExpectedRevision Any = new(-2);
    public static readonly ExpectedRevision StreamExists = new(-4);

    /// <summary>After this revision, from 0; the protocol's unsigned number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Above the largest signed number, and not the end.</exception>
    public static ExpectedRevision After(ulong revision) =>
        revision == ulong.MaxValue ? NoStream
        : revision <= long.MaxValue ? new ExpectedRevision((long)revision)
        : throw new ArgumentOutOfRangeException(nameof(revision));
}
