using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.RabbitMq;

/// <summary>
/// The events decoded last, by ordinal: an event comes once for every partition that one of its subjects falls in, in every projection, and decoding it, and what
/// folds make of it, costs most of a rebuild. For several threads; two that ask at the same moment may both decode it.
/// </summary>
internal sealed class DecodedEvents(string logId)
{
    /// <summary>A power of two. Partitions that are further apart than this decode for themselves.</summary>
    private const int Kept = 8192;

    private readonly FeedEvent?[] slots = new FeedEvent?[Kept];

    public IReadOnlyList<FeedEvent> Of(CarriedMessage message)
    {
        if (message.Head.LogId != logId)
        {
            return message.Decoded().Events;
        }

        return Array.ConvertAll(message.Events, Of);
    }

    private FeedEvent Of(LogEvent e)
    {
        ref var slot = ref slots[e.Ordinal.Value & (Kept - 1)];
        var known = Volatile.Read(ref slot);
        if (known?.Log is { } log && log.Place == e.Place && log.Id == e.Id && log.Revision == e.Revision && log.Stream == e.Stream && log.Data.Length == e.Data.Length)
        {
            return known;
        }

        var decoded = FeedEvent.Decode(e);
        Volatile.Write(ref slot, decoded);
        return decoded;
    }
}
