using Timeline.Domain.Feed;

namespace Timeline.Adapters.RabbitMq;

/// <summary>
/// The events decoded last, by ordinal: an event comes once for every partition that one of its subjects falls in, in every projection, and decoding it, and what
/// folds make of it, costs most of a rebuild. For several threads; two that ask at the same moment may both decode it.
/// </summary>
internal sealed class DecodedEvents(string logId)
{
    /// <summary>
    /// A power of two. Partitions that are further apart than this decode for themselves. Twice as many save little of the decoding, and cost more: what lives that long is
    /// copied by the garbage collector.
    /// </summary>
    private const int Kept = 4096;

    private readonly FeedEvent?[] slots = new FeedEvent?[Kept];

    /// <summary>The message with its events, which keep nothing of its bytes.</summary>
    public FeedMessage Of(CarriedMessage message) => message.Events.Length == 0
        ? message.Head
        : message.Head with { Events = message.Head.LogId == logId ? Array.ConvertAll(message.Events, Of) : Array.ConvertAll(message.Events, static e => FeedEvent.Decode(e.Own())) };

    private FeedEvent Of(CarriedEvent e)
    {
        ref var slot = ref slots[e.Place.Ordinal.Value & (Kept - 1)];
        var known = Volatile.Read(ref slot);
        if (known is not null && e.Is(known.Log))
        {
            return known;
        }

        var decoded = FeedEvent.Decode(e.Own());
        Volatile.Write(ref slot, decoded);
        return decoded;
    }
}
