namespace Timeline.Tests.EventStoreDb.Store;

public enum StreamReadResult
{
    Success,
    NoStream,
    StreamDeleted,
}

/// <summary>Part of a stream.</summary>
/// <param name="Next">Where to read on.</param>
/// <param name="IsEnd">There is nothing to read on.</param>
public readonly record struct StreamPage(StreamReadResult Result, Recorded[] Events, long Next, long LastRevision, bool IsEnd);

/// <summary>
/// Reads a stream in pages, as EventStoreDB 23.10.6 does (IndexReader.ReadStreamEventsForward and ...Backward): what truncation leaves out is passed
/// over with pages that are empty and name where to go on.
/// </summary>
internal static class StreamReads
{
    public static StreamPage Forward(EventLog log, string stream, long from, int most, DateTimeOffset now)
    {
        if (Refused(log, stream) is { } refused)
        {
            return refused;
        }

        var state = log.Find(stream)!;
        var last = state.LastRevision;
        var to = from < long.MaxValue - most + 1 ? from + most - 1 : long.MaxValue;
        var first = First(log, state, now);
        if (to < first && first <= last)
        {
            return new StreamPage(StreamReadResult.Success, [], first, last, IsEnd: false);
        }

        if (to < first && first == FirstByNumber(state))
        {
            // Truncated before more revisions than there are.
            return new StreamPage(StreamReadResult.Success, [], first, last, IsEnd: false);
        }

        var start = Math.Max(from, first);
        if (start > last)
        {
            return new StreamPage(StreamReadResult.Success, [], last + 1, last, IsEnd: true);
        }

        var events = Slice(log, state, start, Math.Min(to, last));
        return new StreamPage(StreamReadResult.Success, events, events[^1].Revision + 1, last, to >= last);
    }

    /// <param name="from">The revision to begin with; -1 for the last.</param>
    public static StreamPage Backward(EventLog log, string stream, long from, int most, DateTimeOffset now)
    {
        if (Refused(log, stream) is { } refused)
        {
            return refused;
        }

        var state = log.Find(stream)!;
        var last = state.LastRevision;
        var first = First(log, state, now);
        var end = from < 0 ? last : from;
        var start = Math.Max(0, end - most + 1);
        if (end < first)
        {
            return new StreamPage(StreamReadResult.Success, [], -1, last, IsEnd: true);
        }

        var isEnd = start <= first;
        start = Math.Max(start, first);
        var events = start > last ? [] : Slice(log, state, start, Math.Min(end, last));
        Array.Reverse(events);
        return new StreamPage(StreamReadResult.Success, events, isEnd ? -1 : Math.Min(start - 1, last), last, isEnd);
    }

    /// <summary>The first revision that the metadata's numbers leave to be read.</summary>
    public static long FirstByNumber(StreamState state) =>
        Math.Max(state.Metadata.MaxCount is { } most ? Math.Max(0, state.LastRevision - most + 1) : 0, state.Metadata.TruncateBefore ?? 0);

    /// <summary>As <see cref="FirstByNumber"/>, and young enough. Revisions are written in the order of time.</summary>
    private static long First(EventLog log, StreamState state, DateTimeOffset now)
    {
        var first = FirstByNumber(state);
        if (state.Metadata.MaxAge is not { } age)
        {
            return first;
        }

        var oldest = (now - DateTimeOffset.UnixEpoch - age).Ticks;
        var (low, high) = (first, state.LastRevision + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (log.Records[state[middle]].Created < oldest)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static StreamPage? Refused(EventLog log, string stream) =>
        log.IsTombstoned(stream) ? new StreamPage(StreamReadResult.StreamDeleted, [], -1, StreamMetadata.Deleted, IsEnd: true)
        : log.Find(stream) is not { LastRevision: >= 0 } state ? new StreamPage(StreamReadResult.NoStream, [], -1, -1, IsEnd: true)
        : state.Metadata.IsSoftDeleted ? new StreamPage(StreamReadResult.NoStream, [], -1, state.LastRevision, IsEnd: true)
        : null;

    private static Recorded[] Slice(EventLog log, StreamState state, long first, long last)
    {
        var events = new Recorded[last - first + 1];
        for (var n = 0; n < events.Length; n++)
        {
            events[n] = log.Records[state[first + n]];
        }

        return events;
    }
}
