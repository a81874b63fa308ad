using System.Runtime.CompilerServices;
using EventStore.Client;
using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;
using EventPosition = EventStore.Client.Position;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>
/// From the store's events to the log's: counts ordinals on from a place and keeps log time, the running maximum. Whatever goes by here, the index learns, so that
/// whoever follows the log keeps it up to date for all.
/// </summary>
internal sealed class LogPages(StoredStreams streams, SqliteOrdinalIndex index, PendingAppends pending)
{
    /// <summary>Pages after a place whose log time is <paramref name="time"/> (UTC ticks). Throws <see cref="LogUnusableException"/> for an event that Timeline did not write.</summary>
    public async IAsyncEnumerable<LogPage> AfterAsync(LogPlace place, long time, IAsyncEnumerable<RecordPage> records, [EnumeratorCancellation] CancellationToken ct)
    {
        var (stored, stream) = ("", default(StreamName));
        await foreach (var page in records.WithCancellation(ct).ConfigureAwait(false))
        {
            var events = new LogEvent[page.Events.Count];
            for (var i = 0; i < events.Length; i++)
            {
                var e = page.Events[i];
                if (!ReferenceEquals(stored, e.EventStreamId))
                {
                    (stored, stream) = (e.EventStreamId, streams.Read(e.EventStreamId));
                }

                time = Math.Max(time, RecordedTime(e).UtcTicks);
                place = new LogPlace(place.Ordinal.Next, PositionOf(e));
                events[i] = Event(e, stream, place, time);
            }

            Learn(events);
            yield return new LogPage(events, place, page.AtEnd);
        }
    }

    public static LogEvent Event(EventRecord e, StreamName stream, LogPlace place, long time) => new(
        place, stream, new Revision(e.EventNumber.ToInt64()), e.EventId.ToGuid(), e.EventType, e.Data, e.Metadata, new DateTimeOffset(time, TimeSpan.Zero));

    public static Timeline.Domain.Ports.Position PositionOf(EventRecord e) => new(e.Position.CommitPosition, e.Position.PreparePosition);

    /// <summary>A place as the store has it; null before the first event.</summary>
    public static EventPosition? PositionOf(LogPlace place) => place == LogPlace.Start ? null : new EventPosition(place.Position.Commit, place.Position.Prepare);

    private void Learn(LogEvent[] events)
    {
        if (events.Length > 0)
        {
            pending.Saw(events, index);
        }
    }

    private static DateTimeOffset RecordedTime(EventRecord e) => RecordedAt.TryRead(e.Metadata.Span, out var time)
        ? time
        : throw new LogUnusableException(
            $"Event {e.EventNumber} of the stream '{e.EventStreamId}' is not Timeline's: its metadata has no recordedAt. Another program writes streams of these names; "
            + "give Timeline names of its own with streamPrefix=NAME in TIMELINE_LOG.");
}
