using RabbitMQ.Client;

namespace Timeline.Adapters.RabbitMq;

/// <summary>
/// Makes publishing wait for queues that are read and filling: a queue drops its oldest messages without a word, and whoever reads it would get them from the log at
/// a higher price. Asks the broker only once for a quarter of a queue.
/// </summary>
internal sealed class QueueRoom(RabbitMqFeedOptions options, FeedTopology topology, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private readonly Published[] published = [.. Enumerable.Range(0, options.Identity.Partitions).Select(_ => new Published())];
    private readonly PartitionQueue[][] queues = [.. Enumerable.Range(0, options.Identity.Partitions).Select(p => topology.Queues.Where(q => q.Partition == p).ToArray())];
    private long waits;

    public long Waits => Interlocked.Read(ref waits);

    public void Publishing(int partition, int bytes)
    {
        var p = published[partition];
        p.Messages++;
        p.Bytes += bytes;
        p.Sizes.Enqueue(bytes);
        if (p.Sizes.Count > options.MaxMessages)
        {
            p.Sizes.Dequeue();
        }
    }

    /// <summary>Returns when the partition's queues have room, nobody reads those that have not, or patience ends.</summary>
    public async Task WaitAsync(IChannel channel, int partition, CancellationToken ct)
    {
        var p = published[partition];
        if (p.Messages < options.MaxMessages / 4 && p.Bytes < options.MaxBytes / 4)
        {
            return;
        }

        (p.Messages, p.Bytes) = (0, 0);
        var since = time.GetTimestamp();
        foreach (var queue in queues[partition])
        {
            while (await IsReadAndFillingAsync(channel, queue, p, ct) && time.GetElapsedTime(since) < options.Patience)
            {
                Interlocked.Increment(ref waits);
                await Task.Delay(Pause, time, ct);
            }
        }
    }

    private async Task<bool> IsReadAndFillingAsync(IChannel channel, PartitionQueue queue, Published p, CancellationToken ct)
    {
        var state = await channel.QueueDeclarePassiveAsync(queue.Name, ct);
        if (state.ConsumerCount == 0)
        {
            return false;
        }

        // The youngest are what waits.
        var bytes = p.Sizes.Reverse().Take((int)Math.Min(state.MessageCount, int.MaxValue)).Sum(static b => (long)b);
        return state.MessageCount > options.MaxMessages / 2 || bytes > options.MaxBytes / 2;
    }

    private sealed class Published
    {
        /// <summary>Since the broker was last asked.</summary>
        public int Messages;
        public long Bytes;

        /// <summary>Of the messages published last, the oldest first.</summary>
        public Queue<int> Sizes { get; } = new();
    }
}
