namespace Timeline.Domain.Ports;

/// <summary>
/// The only truth: an append-only log of streams with one global order. One conformance suite holds for every adapter.
/// </summary>
public interface IEventLog
{
    /// <summary>Drawn once when the log is made; cursors and read models name it, so that those of another log are refused.</summary>
    string LogId { get; }

    /// <summary>
    /// Appends all events or none. Giving again what stands at those revisions is <see cref="AppendResult.AlreadyThere"/>.
    /// A retry that overlaps what stands there only in part is <see cref="AppendResult.WrongRevision"/>.
    /// Durable when it returns; where it was cancelled or failed on the way, giving it again tells how it ended. Throws <see cref="AppendRefusedException"/> over <see cref="LogLimits"/> or without
    /// a recorded time, and <see cref="LogUnavailableException"/> where the store can't take it now.
    /// </summary>
    Task<AppendResult> AppendAsync(StreamName stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct);

    /// <summary>Up to <paramref name="max"/> events of a stream from a revision on; empty where there are none.</summary>
    Task<IReadOnlyList<LogEvent>> ReadStreamAsync(StreamName stream, Revision from, int max, CancellationToken ct);

    /// <summary>The last revision of a stream, or null where there is none.</summary>
    Task<Revision?> LastRevisionAsync(StreamName stream, CancellationToken ct);

    /// <summary>Every event after a place, in order, in pages of up to <paramref name="pageSize"/>, to the head as it is when the last page is read.</summary>
    IAsyncEnumerable<LogPage> ReadAllAsync(LogPlace after, int pageSize, CancellationToken ct);

    /// <summary>
    /// As <see cref="ReadAllAsync"/>, then for ever: a page for each arrival, from this process or another. The page that reaches the
    /// head says so, an empty page included; caught-up may come again.
    /// </summary>
    IAsyncEnumerable<LogPage> FollowAllAsync(LogPlace after, int pageSize, CancellationToken ct);

    /// <summary>The place of the last event, or <see cref="LogPlace.Start"/>.</summary>
    Task<LogPlace> HeadAsync(CancellationToken ct);

    /// <summary>The event at an ordinal, or null beyond the head.</summary>
    Task<LogEvent?> ReadAtAsync(Ordinal ordinal, CancellationToken ct);

    /// <summary>The last ordinal whose log time is at or before the time, or <see cref="Ordinal.None"/>.</summary>
    Task<Ordinal> OrdinalAtAsync(DateTimeOffset time, CancellationToken ct);
}

/// <summary>Limits in all adapters, bytes.</summary>
public static class LogLimits
{
    /// <summary>One event, data and metadata together.</summary>
    public const int EventBytes = 256 * 1024;

    /// <summary>Room for what the server adds to an event.</summary>
    public const int MetadataBytes = 1_024;

    /// <summary>One event as it is given, a body or a line of NDJSON, and as it is stored without its metadata.</summary>
    public const int GivenBytes = EventBytes - MetadataBytes;

    /// <summary>One append, all its events together (EventStoreDB takes 1,048,576 with its own overhead).</summary>
    public const int AppendBytes = 1_000_000;

    /// <summary>A stream's name in UTF-8.</summary>
    public const int StreamNameBytes = 200;
}
