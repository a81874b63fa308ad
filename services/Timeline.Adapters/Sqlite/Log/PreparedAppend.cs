using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.Log;

/// <summary>An append checked, its ids and times worked out by the caller's thread, so that the writer only writes.</summary>
internal sealed record PreparedAppend(StreamName Stream, ExpectedRevision Expected, IReadOnlyList<NewEvent> Events, Guid[] Ids, long[] RecordedTicks, long Bytes)
{
    public long FirstRevision => Expected.First.Value;

    public long LastRevision => Expected.LastRevision + Events.Count;

    public static PreparedAppend Of(StreamName stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events)
    {
        AppendRules.Check(stream, expected, events);
        var ids = new Guid[events.Count];
        var ticks = new long[events.Count];
        var bytes = 0L;
        for (var i = 0; i < ids.Length; i++)
        {
            var e = events[i];
            ids[i] = StoreEventId.Derive(stream, new Revision(expected.First.Value + i), e.Data.Span);
            ticks[i] = AppendRules.RecordedTime(stream, i, e).UtcTicks;
            bytes += e.Data.Length + e.Metadata.Length;
        }

        return new PreparedAppend(stream, expected, events, ids, ticks, bytes);
    }
}
