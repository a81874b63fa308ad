using System.Text.Json;
using Timeline.Contracts;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Feed;

/// <summary>An event of the log, decoded once for everybody in the process who folds it.</summary>
public sealed class FeedEvent
{
    private string? id;
    private volatile Content? content;
    private volatile Reading? readings;

    private FeedEvent(LogEvent log, Content? content)
    {
        Log = log;
        this.content = content;
    }

    public LogEvent Log { get; }

    public Ordinal Ordinal => Log.Ordinal;

    /// <summary>The id under which users know it; built on first use, since most rows are never asked for by name.</summary>
    public string Id => id ??= EventNames.IdOf(Log.Stream, Log.Revision);

    /// <summary>Null where the bytes are no envelope. Of feed rows without the source's url: the log's bytes have it.</summary>
    public TimelineEvent? Envelope => Decoded.Envelope;

    /// <summary>Null where the data does not fit the type, or the type is unknown.</summary>
    public EventData? Data => Decoded.Data;

    /// <summary>Why it can't be folded; null for nearly all.</summary>
    public string? Error => Decoded.Error;

    private Content Decoded => content ??= Read(Log);

    /// <summary>
    /// What <paramref name="by"/> makes of the event, made once for all partitions: whoever reads must make the same of it always. Two that ask at the same
    /// moment may both make it.
    /// </summary>
    internal T Recall<T>(object by, Func<FeedEvent, object, T> make)
        where T : class?
    {
        for (var known = readings; known is not null; known = known.Next)
        {
            if (ReferenceEquals(known.By, by))
            {
                return (T)known.Made!;
            }
        }

        // What is made may itself recall something, which must not be forgotten for it.
        var made = make(this, by);
        readings = new Reading(by, made, readings);
        return made;
    }

    public static FeedEvent Decode(LogEvent log)
    {
        ArgumentNullException.ThrowIfNull(log);
        return new FeedEvent(log, Read(log));
    }

    /// <summary>The same event, decoded again where somebody asks: what is carried on as bytes, and waits for that, takes a tenth of the memory.</summary>
    public FeedEvent AsCarried() => new(Log, null);

    private static Content Read(LogEvent log)
    {
        if (log.Type is EventTypes.CodedEventObserved or EventTypes.RowRepeated or EventTypes.RowCorrected && EventCodec.TryDecodeRow(log.Data.Span, out var row, out var values))
        {
            return new Content(row, values, null);
        }

        TimelineEvent envelope;
        try
        {
            envelope = EventCodec.Decode(log.Data.Span);
        }
        catch (JsonException e)
        {
            return new Content(null, null, "Not an event: " + e.Message);
        }

        try
        {
            return new Content(envelope, EventCodec.DecodeData(envelope), null);
        }
        catch (JsonException e)
        {
            return new Content(envelope, null, e.Message);
        }
    }

    private sealed record Content(TimelineEvent? Envelope, EventData? Data, string? Error);

    private sealed record Reading(object By, object? Made, Reading? Next);
}
