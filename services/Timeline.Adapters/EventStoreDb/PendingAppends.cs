using System.Collections.Concurrent;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>
/// EventStoreDB answers a repeated append like a first one, because it knows events by their ids alone. What an append gave is held against what then comes by
/// in the log: metadata tells who wrote it, since it holds when it was recorded.
/// </summary>
internal sealed class PendingAppends
{
    private readonly ConcurrentDictionary<string, Append> appends = new(StringComparer.Ordinal);

    /// <summary>From before it is sent to when its place is known. One at a time for a stream.</summary>
    public Append Begin(StreamName stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events)
    {
        var append = new Append(this, stream, expected.First.Value, events);
        appends[stream.Value] = append;
        return append;
    }

    /// <summary>An event has come by in the log.</summary>
    public void Saw(LogEvent e)
    {
        if (!appends.IsEmpty && appends.TryGetValue(e.Stream.Value, out var append))
        {
            append.Saw(e);
        }
    }

    internal sealed class Append(PendingAppends owner, StreamName stream, long first, IReadOnlyList<NewEvent> events) : IDisposable
    {
        private volatile bool others;

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

        public void Dispose() => owner.appends.TryRemove(new KeyValuePair<string, Append>(stream.Value, this));
    }
}
