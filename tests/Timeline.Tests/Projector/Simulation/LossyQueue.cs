using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Projector.Simulation;

/// <summary>The queue of one projection's partition, and who is subscribed to it, in the order in which they came.</summary>
internal sealed class LossyQueue(World world, bool singleActive)
{
    private readonly World world = world;
    private readonly List<FeedMessage> messages = [];
    private readonly List<Subscription> subscriptions = [];
    private readonly Arrivals arrivals = new();

    public int Reordered { get; private set; }

    public int HandedOver { get; private set; }

    public void Put(FeedMessage message)
    {
        messages.Add(message);
        arrivals.Ring();
    }

    public IFeedSubscription Subscribe(World.Process process)
    {
        var subscription = new Subscription(this, process);
        subscriptions.Add(subscription);
        return subscription;
    }

    /// <summary>
    /// The first consumer is cut off: what it did not acknowledge comes again, and some of what waits has been sent to it already. It goes on with that
    /// until it finds out.
    /// </summary>
    public void HandOver()
    {
        if (subscriptions.Count > 0)
        {
            HandedOver += subscriptions.Count > 1 ? 1 : 0;
            var former = subscriptions[0];
            former.Fetch(messages.Take(world.Random.Next(4)));
            Remove(former);
        }
    }

    public void NoticeDeaths() => subscriptions.Where(static s => s.IsDead).ToList().ForEach(Remove);

    private bool IsActive(Subscription subscription) => !singleActive || subscriptions.IndexOf(subscription) == 0;

    private void Remove(Subscription subscription)
    {
        if (subscriptions.Remove(subscription))
        {
            messages.InsertRange(0, subscription.End());
            arrivals.Ring();
        }
    }

    private sealed class Subscription(LossyQueue queue, World.Process process) : IFeedSubscription
    {
        private readonly SortedDictionary<ulong, FeedMessage> unacknowledged = [];
        private readonly Queue<FeedMessage> fetched = new();
        private ulong tag;
        private bool ended;

        public bool IsDead => process.IsDead;

        private bool IsActive => queue.IsActive(this);

        public void Fetch(IEnumerable<FeedMessage> more)
        {
            foreach (var message in more)
            {
                fetched.Enqueue(message);
            }
        }

        /// <summary>What it leaves behind, unacknowledged.</summary>
        public FeedMessage[] End()
        {
            ended = true;
            var left = unacknowledged.Values.ToArray();
            unacknowledged.Clear();
            return left;
        }

        public async ValueTask<bool> ActiveAsync(CancellationToken ct)
        {
            while (!ended && !IsActive)
            {
                await queue.arrivals.NextAsync(ct);
            }

            return !ended;
        }

        public async ValueTask<bool> WaitAsync(CancellationToken ct)
        {
            while (fetched.Count == 0 && !ended && (!IsActive || queue.messages.Count == 0))
            {
                await queue.arrivals.NextAsync(ct);
            }

            return (fetched.Count > 0 || !ended) && !queue.world.Strikes(50);
        }

        public bool TryTake(out FeedDelivery delivery)
        {
            delivery = default;
            if (fetched.TryDequeue(out var early))
            {
                delivery = new FeedDelivery(early, ++tag);
                return true;
            }

            if (ended || !IsActive || queue.messages.Count == 0)
            {
                return false;
            }

            var i = queue.world.Strikes(4) ? queue.world.Random.Next(queue.messages.Count) : 0;
            queue.Reordered += i > 0 ? 1 : 0;
            delivery = new FeedDelivery(queue.messages[i], ++tag);
            queue.messages.RemoveAt(i);
            unacknowledged[tag] = delivery.Message;
            return true;
        }

        public async ValueTask AcknowledgeAsync(FeedDelivery delivery, CancellationToken ct)
        {
            await queue.world.WaitAsync();
            for (var t = delivery.Tag; t > 0 && unacknowledged.Remove(t); t--)
            {
            }
        }

        public ValueTask DisposeAsync()
        {
            queue.Remove(this);
            return ValueTask.CompletedTask;
        }
    }
}
