using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Projector.Simulation;

/// <summary>A broker that confirms and then loses, repeats and reorders; whose subscriptions compete, break off and see again what they did not acknowledge.</summary>
internal sealed class LossyFeed(World world, IReadOnlyList<string> projections, int partitions) : IFeedPublisher, IFeedSubscriber
{
    private readonly Dictionary<(string, int), Queue> queues =
        projections.SelectMany(name => Enumerable.Range(0, partitions).Select(p => (name, p))).ToDictionary(key => key, key => new Queue());

    private readonly HashSet<(int, Ordinal)> confirmed = [];

    /// <summary>True where the broker has confirmed the event in the partition's messages; what it then does with them is another matter.</summary>
    public bool HasConfirmed(int partition, long ordinal) => confirmed.Contains((partition, new Ordinal(ordinal)));

    public async Task PublishAsync(IReadOnlyList<FeedMessage> messages, CancellationToken ct)
    {
        foreach (var message in messages)
        {
            await world.WaitAsync();
            foreach (var name in projections)
            {
                var queue = queues[(name, message.Partition)];
                var copies = world.Strikes(6) ? 0 : world.Strikes(8) ? 2 : 1;
                for (var i = 0; i < copies; i++)
                {
                    queue.Put(message);
                }
            }
        }

        confirmed.UnionWith(messages.SelectMany(m => m.Events.Select(e => (m.Partition, e.Ordinal))));
        await world.WaitAsync();
    }

    public async Task<IFeedSubscription> SubscribeAsync(string projection, int partition, CancellationToken ct)
    {
        await world.WaitAsync();
        return new Subscription(world, queues[(projection, partition)]);
    }

    private sealed class Queue
    {
        public List<FeedMessage> Messages { get; } = [];

        public Arrivals Arrivals { get; } = new();

        public void Put(FeedMessage message)
        {
            Messages.Add(message);
            Arrivals.Ring();
        }
    }

    private sealed class Subscription(World world, Queue queue) : IFeedSubscription
    {
        private readonly Dictionary<ulong, FeedMessage> unacknowledged = [];
        private ulong tag;

        public async ValueTask<bool> ActiveAsync(CancellationToken ct)
        {
            await world.WaitAsync();
            return !world.Strikes(50);
        }

        public async ValueTask<bool> WaitAsync(CancellationToken ct)
        {
            while (queue.Messages.Count == 0)
            {
                await queue.Arrivals.NextAsync(ct);
            }

            return !world.Strikes(50);
        }

        public bool TryTake(out FeedDelivery delivery)
        {
            delivery = default;
            if (queue.Messages.Count == 0)
            {
                return false;
            }

            var i = world.Strikes(4) ? world.Random.Next(queue.Messages.Count) : 0;
            delivery = new FeedDelivery(queue.Messages[i], ++tag);
            queue.Messages.RemoveAt(i);
            unacknowledged[tag] = delivery.Message;
            return true;
        }

        public async ValueTask AcknowledgeAsync(FeedDelivery delivery, CancellationToken ct)
        {
            await world.WaitAsync();
            for (var t = delivery.Tag; t > 0 && unacknowledged.Remove(t); t--)
            {
            }
        }

        public ValueTask DisposeAsync()
        {
            foreach (var (_, message) in unacknowledged)
            {
                queue.Put(message);
            }

            unacknowledged.Clear();
            return ValueTask.CompletedTask;
        }
    }
}
