using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Projector.Simulation;

/// <summary>
/// A broker that confirms and then loses, repeats and reorders; whose subscriptions break off and see again what they did not acknowledge. With a
/// <paramref name="singleActive"/> consumer the others stand by, and who has it may lose it without being told; otherwise they compete.
/// </summary>
internal sealed class LossyFeed(World world, IReadOnlyList<string> projections, int partitions, bool singleActive) : IFeedPublisher, IFeedSubscriber
{
    private readonly Dictionary<(string, int), LossyQueue> queues =
        projections.SelectMany(name => Enumerable.Range(0, partitions).Select(p => (name, p))).ToDictionary(key => key, key => new LossyQueue(world, singleActive));

    private readonly HashSet<(int, Ordinal)> confirmed = [];
    private readonly long[] published = [.. Enumerable.Repeat(-1L, partitions)];

    public int Lost { get; private set; }

    public int Repeated { get; private set; }

    /// <summary>Messages that hold events of an earlier one and others: two Relays, or one that was killed, have cut the log differently.</summary>
    public int Overlapping { get; private set; }

    public int Reordered => queues.Values.Sum(static q => q.Reordered);

    /// <summary>Times that a consumer has lost its queue to another without being told.</summary>
    public int HandedOver => queues.Values.Sum(static q => q.HandedOver);

    /// <summary>True where the broker has confirmed the event in the partition's messages; what it then does with them is another matter.</summary>
    public bool HasConfirmed(int partition, long ordinal) => confirmed.Contains((partition, new Ordinal(ordinal)));

    /// <summary>One queue's consumer is cut off, and the next one has it.</summary>
    public void HandOver() => queues.Values.ElementAt(world.Random.Next(queues.Count)).HandOver();

    /// <summary>The broker finds out which of its consumers are no more.</summary>
    public void NoticeDeaths()
    {
        foreach (var queue in queues.Values)
        {
            queue.NoticeDeaths();
        }
    }

    public async Task PublishAsync(IReadOnlyList<FeedMessage> messages, CancellationToken ct)
    {
        foreach (var message in messages)
        {
            await world.WaitAsync();
            Note(message);
            foreach (var name in projections)
            {
                var copies = world.Strikes(6) ? 0 : world.Strikes(8) ? 2 : 1;
                Lost += copies == 0 ? 1 : 0;
                Repeated += copies == 2 ? 1 : 0;
                for (var i = 0; i < copies; i++)
                {
                    queues[(name, message.Partition)].Put(message);
                }
            }
        }

        confirmed.UnionWith(messages.SelectMany(m => m.Events.Select(e => (m.Partition, e.Ordinal))));
        await world.WaitAsync();
    }

    public async Task<IFeedSubscription> SubscribeAsync(string projection, int partition, CancellationToken ct)
    {
        await world.WaitAsync();
        return queues[(projection, partition)].Subscribe((World.Process)SynchronizationContext.Current!);
    }

    private void Note(FeedMessage message)
    {
        if (message.Events.Count > 0)
        {
            var (first, last, known) = (message.Events[0].Ordinal.Value, message.Events[^1].Ordinal.Value, published[message.Partition]);
            Overlapping += first <= known && known < last ? 1 : 0;
            published[message.Partition] = Math.Max(known, last);
        }
    }
}
