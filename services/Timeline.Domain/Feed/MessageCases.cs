using Timeline.Domain.Ports;

namespace Timeline.Domain.Feed;

public enum MessageCase
{
    /// <summary>Everything in it has been folded, and it promises nothing new.</summary>
    Skip,

    /// <summary>Nothing in it is new, but nothing more comes up to its <c>through</c>.</summary>
    Advance,

    /// <summary>Its events from <see cref="MessageStep.First"/> on are the partition's next.</summary>
    Apply,

    /// <summary>Something before it is missing: read it from the log, up to the message's <c>previous</c> at least, and ask again.</summary>
    Heal,
}

/// <summary>What to do with a message. <see cref="First"/> is an index into its events, and their number where none applies.</summary>
public readonly record struct MessageStep(MessageCase Case, int First);

/// <summary>
/// The Projector's cases. They trust a message only for what it says about the log, which never changes: lost, repeated, reordered and
/// overlapping messages, of one Relay or several, all come out right.
/// </summary>
public static class MessageCases
{
    /// <summary>What a partition that has folded everything up to <paramref name="checkpoint"/> does with a message.</summary>
    public static MessageStep Of(FeedMessage message, LogPlace checkpoint)
    {
        ArgumentNullException.ThrowIfNull(message);
        var none = message.Events.Count;
        if (message.Previous.Ordinal > checkpoint.Ordinal)
        {
            // Even where all of it lies beyond the checkpoint: what is missing comes first.
            return new(MessageCase.Heal, none);
        }

        if (message.Last.Ordinal > checkpoint.Ordinal)
        {
            return new(MessageCase.Apply, FirstAfter(message.Events, checkpoint.Ordinal));
        }

        return new(message.Through.Ordinal > checkpoint.Ordinal ? MessageCase.Advance : MessageCase.Skip, none);
    }

    /// <summary>Why a message is not for this partition, in words for the operator; null where it is.</summary>
    public static string? Refusal(FeedMessage message, FeedIdentity expected, int partition)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(expected);
        if (message.LogId != expected.LogId)
        {
            return $"A feed message of log {message.LogId} came where log {expected.LogId} is folded: its Relay follows another log.";
        }

        if (message.Partitions != expected.Partitions)
        {
            return $"A feed message of {message.Partitions} partitions came where there are {expected.Partitions}: Relay and Projector must agree on their number.";
        }

        if (message.Generation != expected.Generation)
        {
            return $"A feed message of generation {message.Generation} came where {expected.Generation} is built.";
        }

        if (message.Partition != partition)
        {
            return $"A feed message of partition {message.Partition} came to partition {partition}.";
        }

        var whole = message.Events.Count == 0
            ? message.Previous.Ordinal == message.Last.Ordinal
            : message.Events[0].Ordinal > message.Previous.Ordinal && message.Events[^1].Ordinal == message.Last.Ordinal;
        return whole && message.Last.Ordinal <= message.Through.Ordinal
            ? null
            : $"A feed message of partition {partition} contradicts itself: previous {message.Previous.Ordinal}, last {message.Last.Ordinal}, through {message.Through.Ordinal}, {message.Events.Count} events.";
    }

    // Binary search: a message that overlaps was mostly folded already.
    private static int FirstAfter(IReadOnlyList<FeedEvent> events, Ordinal checkpoint)
    {
        var (low, high) = (0, events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = events[middle].Ordinal > checkpoint ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}

/// <summary>Two sides of the feed do not belong together. The message says which, and what to do.</summary>
public sealed class FeedRefusedException(string message) : Exception(message);
