using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.InProcess;

/// <summary>
/// The feed inside one process: a bounded queue per projection and partition. Confirmed means enqueued. While somebody reads a queue,
/// publishing waits for room; a queue that nobody reads drops its oldest messages, and the log heals what was dropped: so one partition
/// that fails never stops the others.
/// </summary>
public sealed class InProcessFeed : IFeedPublisher, IFeedSubscriber
{
    private readonly string[] projections;
    private readonly FeedQueue[][] queues;

    /// <summary>A feed for projections that have every partition, and for those that live in partition 0 alone.</summary>
    public InProcessFeed(IReadOnlyCollection<string> projections, int partitions, params IReadOnlyCollection<string> singlePartition)
    {
        ArgumentNullException.ThrowIfNull(projections);
        ArgumentNullException.ThrowIfNull(singlePartition);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        this.projections = [.. projections, .. singlePartition];
        queues = [.. this.projections.Select((_, i) =>
            Enumerable.Range(0, i < projections.Count ? partitions : 1).Select(_ => new FeedQueue()).ToArray())];
    }

    public async Task PublishAsync(IReadOnlyList<FeedMessage> messages, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(messages);
        foreach (var message in messages)
        {
            foreach (var partitions in queues)
            {
                if (message.Partition < partitions.Length)
                {
                    await partitions[message.Partition].EnqueueAsync(message, ct);
                }
            }
        }
    }

    public Task<IFeedSubscription> SubscribeAsync(string projection, int partition, CancellationToken ct)
    {
        var p = Array.IndexOf(projections, projection);
        return p >= 0
            ? Task.FromResult<IFeedSubscription>(queues[p][partition].Subscribe())
            : throw new ArgumentException($"The feed carries {string.Join(", ", projections)}, not '{projection}'.", nameof(projection));
    }
}
