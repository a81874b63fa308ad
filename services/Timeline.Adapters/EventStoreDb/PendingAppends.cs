using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>
/// EventStoreDB answers a repeated append like a first one, because it knows events by their ids alone. What an append gave is held against what then comes by
/// in the log: metadata tells who wrote it, since it holds when it was recorded. What has come by before the append began is in the index; the two are
/// asked and told under one lock, so that nothing passes between them.
/// </summary>
internal sealed class PendingAppends
{
    private readonly Lock gate = new();
    private readonly Dictionary<StreamName, Append> appends = [];

    /// <summary>From before it is sent to when its place is known. One at a time for a stream.</summary>
    public Append Begin(StreamName stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, SqliteOrdinalIndex index)
    {
        lock (gate)
        {
            var isThere = index.Find(stream.Value, expected.First.Value) is not null;
            return appends[stream] = new Append(this, stream, expected.First.Value, events, isThere ? null : index.Head.Ordinal);
        }
    }

    /// <summary>Events have come by in the log: those who wait are told, and the index learns them.</summary>
    public void Saw(LogEvent[] events, SqliteOrdinalIndex index)
    {
        lock (gate)
        {
            foreach (var e in events)
            {
                if (appends.Count > 0 && appends.TryGetValue(e.Stream, out var append))
                {
                    append.Saw(e);
                }
            }

            if (events[^1].Ordinal > index.Head.Ordinal)
            {
                index.Add(Array.ConvertAll(events, static e => new IndexedEvent(e.Stream.Value, e.Revision.Value, e.Place, e.Time.UtcTicks)));
            }
        }
    }

    internal sealed class Append(PendingAppends owner, StreamName stream, long first, IReadOnlyList<NewEvent> events, Ordinal? known) : IDisposable
    {
        private volatile bool others;

        /// <summary>The last ordinal that was known when the append began; null where its place was taken already.</summary>
        public Ordinal? Known => known;

        /// <summary>True where what came by in this append's place was written by somebody else.</summary>
        public bool IsOthers => others;

        public void Saw(LogEvent e)
        {
            var i = e.Revision.Value - first;
            if (i >= 0 && i < events.Count && !events[(int)i].Metadata.Span.SequenceEqual(e.Metadata.Span))
            {
                others = true;
            }
        }

        public void Dispose()
        {
            lock (owner.gate)
            {
                owner.appends.Remove(stream);
            }
        }
    }
}
