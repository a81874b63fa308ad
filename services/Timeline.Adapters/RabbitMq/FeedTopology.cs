using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Timeline.Adapters.RabbitMq;

/// <summary>The queue of one projection's partition.</summary>
internal sealed record PartitionQueue(string Projection, int Partition, string Name);

/// <summary>
/// All that the feed has in the broker, and the only code that declares it; both sides do, so that it does not matter who comes first. Names hold the log and
/// the generation: two logs, or a replay beside the live feed, never mix.
/// </summary>
internal sealed class FeedTopology
{
    /// <summary>How often a message is given again before the broker drops it, and the log heals: with a limit, what comes back keeps its place in the queue.</summary>
    private const int DeliveryLimit = 20;

    private readonly RabbitMqFeedOptions options;

    public FeedTopology(RabbitMqFeedOptions options)
    {
        options.Validate();
        this.options = options;
        var (log, generation) = (options.Identity.LogId, options.Identity.Generation);
        Exchange = $"{options.QueuePrefix}.{log[..Math.Min(8, log.Length)]}.{generation}";
        DeadLetters = Exchange + ".dead-letters";
        RollCall = Exchange + ".projectors";
        Queues =
        [
            .. from projection in options.Projections
               from partition in Enumerable.Range(0, options.Identity.Partitions)
               select new PartitionQueue(projection, partition, NameOf(projection, partition)),
            .. options.SinglePartition.Select(projection => new PartitionQueue(projection, 0, NameOf(projection, 0))),
        ];
    }

    /// <summary>Direct: the partition is the routing key, so that one publish reaches the partition's queue in every projection.</summary>
    public string Exchange { get; }

    /// <summary>The queue of what nobody can read. The dead-letter exchange in front of it has the same name.</summary>
    public string DeadLetters { get; }

    /// <summary>
    /// A queue that never has a message: its consumers are the processes that share the partitions. The broker tells of a queue with a single active consumer only
    /// that one, not who stands by.
    /// </summary>
    public string RollCall { get; }

    public IReadOnlyList<PartitionQueue> Queues { get; }

    public PartitionQueue QueueOf(string projection, int partition) =>
        Queues.FirstOrDefault(q => q.Projection == projection && q.Partition == partition)
            ?? throw new ArgumentException(
                $"The feed carries {string.Join(", ", options.Projections.Concat(options.SinglePartition))} in {options.Identity.Partitions} partitions, not '{projection}' in partition {partition}.", nameof(projection));

    public static string RoutingKey(int partition) => partition.ToString(CultureInfo.InvariantCulture);

    /// <summary>Declares everything. Throws <see cref="Domain.Ports.FeedUnavailableException"/> where something stands there otherwise, or may not be declared.</summary>
    public async Task DeclareAsync(IChannel channel, CancellationToken ct)
    {
        await DeclareExchangesAsync(channel, ct);
        foreach (var queue in Queues)
        {
            await DeclareQueueAsync(channel, queue, ct);
        }

        await DeclareRollCallAsync(channel, ct);
    }

    public Task DeclareRollCallAsync(IChannel channel, CancellationToken ct) =>
        DeclareAsync(channel, RollCall, new(StringComparer.Ordinal) { ["x-queue-type"] = "quorum", ["x-max-length"] = 1 }, ct);

    /// <summary>Declares what the subscriber of one queue needs.</summary>
    public async Task DeclareAsync(IChannel channel, PartitionQueue queue, CancellationToken ct)
    {
        await DeclareExchangesAsync(channel, ct);
        await DeclareQueueAsync(channel, queue, ct);
    }

    private async Task DeclareExchangesAsync(IChannel channel, CancellationToken ct)
    {
        await TryAsync($"the exchange '{Exchange}'", channel.ExchangeDeclareAsync(Exchange, ExchangeType.Direct, durable: true, autoDelete: false, cancellationToken: ct));
        await TryAsync($"the exchange '{DeadLetters}'", channel.ExchangeDeclareAsync(DeadLetters, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct));
        await DeclareAsync(channel, DeadLetters, Bounded(), ct);
        await TryAsync($"the binding of '{DeadLetters}'", channel.QueueBindAsync(DeadLetters, DeadLetters, "", cancellationToken: ct));
    }

    private async Task DeclareQueueAsync(IChannel channel, PartitionQueue queue, CancellationToken ct)
    {
        var arguments = Bounded();
        arguments["x-single-active-consumer"] = true;
        arguments["x-delivery-limit"] = DeliveryLimit;
        await DeclareAsync(channel, queue.Name, arguments, ct);
        await TryAsync($"the binding of '{queue.Name}'", channel.QueueBindAsync(queue.Name, Exchange, RoutingKey(queue.Partition), cancellationToken: ct));
    }

    private Dictionary<string, object?> Bounded() => new(StringComparer.Ordinal)
    {
        ["x-queue-type"] = "quorum",
        ["x-max-length"] = options.MaxMessages,
        ["x-max-length-bytes"] = options.MaxBytes,
        ["x-overflow"] = "drop-head",
    };

    private Task DeclareAsync(IChannel channel, string queue, Dictionary<string, object?> arguments, CancellationToken ct) =>
        TryAsync($"the queue '{queue}'", channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: ct));

    private async Task TryAsync(string what, Task declared)
    {
        try
        {
            await declared;
        }
        catch (OperationInterruptedException e)
        {
            throw BrokerFaults.Explained(options.Address, e, what);
        }
    }

    private string NameOf(string projection, int partition) => $"{Exchange}.{projection}.{RoutingKey(partition)}";
}
