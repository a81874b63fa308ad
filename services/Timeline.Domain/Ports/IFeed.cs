using Timeline.Domain.Feed;

namespace Timeline.Domain.Ports;

/// <summary>The Relay's side of the feed.</summary>
public interface IFeedPublisher
{
    /// <summary>Whether messages go on as bytes; else their readers take up the events as they are decoded here.</summary>
    bool Carries => false;

    /// <summary>
    /// Gives every message, in order, to the queue of its partition in every projection, and returns when all are confirmed. Where it throws,
    /// any part of them may have arrived: publish them again. Waits where the feed is full.
    /// </summary>
    Task PublishAsync(IReadOnlyList<FeedMessage> messages, CancellationToken ct);
}

/// <summary>The Projector's side of the feed.</summary>
public interface IFeedSubscriber
{
    /// <summary>Takes up the queue of one projection's partition. Dispose it to let go; what was not acknowledged may come again.</summary>
    Task<IFeedSubscription> SubscribeAsync(string projection, int partition, CancellationToken ct);
}

/// <summary>Messages of one projection's partition. The feed may lose, repeat and reorder them. One reader at a time.</summary>
public interface IFeedSubscription : IAsyncDisposable
{
    /// <summary>
    /// Completes when this subscription is the one that messages are given to; false when the broker has ended it before. Where several
    /// processes subscribe to one partition, the others stand by until then.
    /// </summary>
    ValueTask<bool> ActiveAsync(CancellationToken ct);

    /// <summary>Completes when a message waits; false when the broker has ended the subscription.</summary>
    ValueTask<bool> WaitAsync(CancellationToken ct);

    /// <summary>Takes a message that already waits, so that a reader can take all of them into one commit.</summary>
    bool TryTake(out FeedDelivery delivery);

    /// <summary>Acknowledges this delivery and every earlier one of this subscription.</summary>
    ValueTask AcknowledgeAsync(FeedDelivery delivery, CancellationToken ct);
}

/// <summary>A message as it was handed over. <see cref="Tag"/> is the subscription's own.</summary>
public readonly record struct FeedDelivery(FeedMessage Message, ulong Tag)
{
    /// <summary>The W3C trace context under which it was published; null where there was none.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>
/// The feed can't be used now: its broker is away, refuses, or can't hold it. Nothing is lost by trying again. The message says what stands in the way and
/// what to do.
/// </summary>
public sealed class FeedUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
