using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.InProcess;

/// <summary>
/// A queue bounded by events as well as messages, because it is decoded events that take the memory. Any number of publishers, one reader.
/// </summary>
internal sealed class FeedQueue
{
    /// <summary>Messages that wait; heartbeats are all that comes near it.</summary>
    public const int MaxMessages = 256;

    /// <summary>Events that wait; the message that crosses it is still taken.</summary>
    public const int MaxEvents = 4096;

    private readonly Lock gate = new();
    private readonly Queue<FeedMessage> messages = new();
    private int events;

    /// <summary>The subscription that reads now. It disposes of itself.</summary>
    private object? reader;
    private TaskCompletionSource? room;
    private TaskCompletionSource<bool>? arrival;

    private bool IsFull => messages.Count >= MaxMessages || events >= MaxEvents;

    public ValueTask EnqueueAsync(FeedMessage message, CancellationToken ct) =>
        TryEnqueue(message, out var wait) ? ValueTask.CompletedTask : new ValueTask(EnqueueWhenRoomAsync(message, wait, ct));

    /// <summary>Whoever reads now lets go: a queue has one reader.</summary>
    public IFeedSubscription Subscribe()
    {
        lock (gate)
        {
            arrival?.TrySetResult(false);
            arrival = null;
            var subscription = new Subscription(this);
            reader = subscription;
            return subscription;
        }
    }

    private async Task EnqueueWhenRoomAsync(FeedMessage message, Task wait, CancellationToken ct)
    {
        do
        {
            await wait.WaitAsync(ct);
        }
        while (!TryEnqueue(message, out wait));
    }

    private bool TryEnqueue(FeedMessage message, out Task wait)
    {
        wait = Task.CompletedTask;
        lock (gate)
        {
            while (IsFull && reader is null)
            {
                events -= messages.Dequeue().Events.Count;
            }

            if (IsFull)
            {
                room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = room.Task;
                return false;
            }

            messages.Enqueue(message);
            events += message.Events.Count;
            arrival?.TrySetResult(true);
            arrival = null;
            return true;
        }
    }

    private bool TryTake(Subscription by, out FeedMessage? message)
    {
        lock (gate)
        {
            if (reader != by || !messages.TryDequeue(out message))
            {
                message = null;
                return false;
            }

            events -= message.Events.Count;
            ReleasePublishers();
            return true;
        }
    }

    private Task<bool> ArrivalAsync(Subscription by)
    {
        lock (gate)
        {
            if (reader != by || messages.Count > 0)
            {
                return Task.FromResult(reader == by);
            }

            arrival ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return arrival.Task;
        }
    }

    private void Release(Subscription by)
    {
        lock (gate)
        {
            if (reader == by)
            {
                reader = null;
                arrival?.TrySetResult(false);
                arrival = null;
                ReleasePublishers();
            }
        }
    }

    private void ReleasePublishers()
    {
        if (room is not null && !(IsFull && reader is not null))
        {
            room.TrySetResult();
            room = null;
        }
    }

    private bool IsReader(Subscription by)
    {
        lock (gate)
        {
            return reader == by;
        }
    }

    private sealed class Subscription(FeedQueue queue) : IFeedSubscription
    {
        /// <summary>At once: who subscribes takes the queue over from whoever read it.</summary>
        public ValueTask<bool> ActiveAsync(CancellationToken ct) => ValueTask.FromResult(queue.IsReader(this));

        public ValueTask<bool> WaitAsync(CancellationToken ct)
        {
            var arrival = queue.ArrivalAsync(this);
            return arrival.IsCompleted ? new ValueTask<bool>(arrival) : new ValueTask<bool>(arrival.WaitAsync(ct));
        }

        public bool TryTake(out FeedDelivery delivery)
        {
            var taken = queue.TryTake(this, out var message);
            delivery = taken ? new FeedDelivery(message!, 0) : default;
            return taken;
        }

        /// <summary>Nothing to do: what this process loses, it heals from the log when it starts.</summary>
        public ValueTask AcknowledgeAsync(FeedDelivery delivery, CancellationToken ct) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync()
        {
            queue.Release(this);
            return ValueTask.CompletedTask;
        }
    }
}
