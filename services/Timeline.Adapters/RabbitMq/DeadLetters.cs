using RabbitMQ.Client;

namespace Timeline.Adapters.RabbitMq;

/// <summary>
/// Keeps what nobody can read, with the reason, for people to look at. The broker could do it by itself, but it would also keep every message that a full
/// queue drops, and would not say why.
/// </summary>
internal sealed class DeadLetters(FeedTopology topology) : IDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private IChannel? channel;

    /// <summary>Returns when the broker has confirmed that it keeps the message.</summary>
    public async Task KeepAsync(IConnection connection, PartitionQueue from, ReadOnlyMemory<byte> body, string reason, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (channel is not { IsOpen: true })
            {
                channel?.Dispose();
                channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
            }

            var properties = new BasicProperties
            {
                DeliveryMode = DeliveryModes.Persistent,
                Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["timeline-queue"] = from.Name, ["timeline-reason"] = reason },
            };
            await channel.BasicPublishAsync(topology.DeadLetters, "", mandatory: true, properties, body, ct);
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();
}
