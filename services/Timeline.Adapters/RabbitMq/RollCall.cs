using RabbitMQ.Client;

namespace Timeline.Adapters.RabbitMq;

/// <summary>Counts the processes that share the partitions: each consumes from one queue that never has a message.</summary>
internal sealed class RollCall(FeedTopology topology, BrokerConnection broker)
{
    private IChannel? channel;

    /// <summary>How many there are, this one among them. Declares the queue where it is missing.</summary>
    public async Task<int> CountAsync(CancellationToken ct)
    {
        if (channel is not { IsOpen: true })
        {
            channel?.Dispose();
            channel = null;
            var connection = await broker.OpenAsync(ct);
            var made = await connection.CreateChannelAsync(cancellationToken: ct);
            try
            {
                await topology.DeclareRollCallAsync(made, ct);
                await StuckQueue.ConsumeAsync(broker, made, topology.RollCall, autoAck: true, new Silent(made), ct);
                channel = made;
            }
            finally
            {
                if (channel is null)
                {
                    made.Dispose();
                }
            }
        }

        return (int)(await channel.QueueDeclarePassiveAsync(topology.RollCall, ct)).ConsumerCount;
    }

    /// <summary>A queue that is deleted ends its consumers but not their channel: the next count begins anew.</summary>
    private sealed class Silent(IChannel channel) : AsyncDefaultBasicConsumer(channel)
    {
        protected override Task OnCancelAsync(string[] consumerTags, CancellationToken cancellationToken = default) =>
            Channel.IsOpen ? Channel.AbortAsync(cancellationToken) : Task.CompletedTask;
    }
}
