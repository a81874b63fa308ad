using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.RabbitMq;

/// <summary>
/// A queue whose broker died while it was making it may be known to all and run nowhere: it can be declared, but takes no reader and no message, for ever, and holds up
/// the Relay, whose messages go to all queues. It is deleted, so that it is made anew; what it should have had comes from the log.
/// </summary>
internal static class StuckQueue
{
    /// <summary>A cluster chooses a queue's new leader in much less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const ushort InternalError = 541;

    /// <summary>Consumes, and throws <see cref="FeedUnavailableException"/> where the queue was found stuck and has been deleted: declare it again.</summary>
    public static async Task ConsumeAsync(BrokerConnection broker, IChannel channel, string queue, bool autoAck, IAsyncBasicConsumer consumer, CancellationToken ct)
    {
        using var patience = Within(Patience, ct);
        try
        {
            await BrokerFaults.Observed(channel.BasicConsumeAsync(queue, autoAck, consumer, ct)).WaitAsync(patience.Token);
        }
        catch (Exception e) when (MayBeStuck(e) && !ct.IsCancellationRequested)
        {
            if (!await TakesReadersAsync(broker, queue, ct))
            {
                throw new FeedUnavailableException(
                    $"The queue '{queue}' in the broker at {broker.Address} takes no reader, so it was deleted; it is made anew, and what it held comes from the log.", e);
            }

            throw;
        }
    }

    // The broker ends the connection for a queue that does not run, and with it whatever else was under way there.
    private static bool MayBeStuck(Exception e) =>
        e is OperationCanceledException || (e is OperationInterruptedException { ShutdownReason.ReplyCode: InternalError });

    // On a connection of its own, where only this queue can be meant; one message at most goes there and back.
    private static async Task<bool> TakesReadersAsync(BrokerConnection broker, string queue, CancellationToken ct)
    {
        try
        {
            await OnItsOwnAsync(broker, channel => TryAsync(channel, queue, ct), ct);
            return true;
        }
        catch (Exception e) when (MayBeStuck(e) && !ct.IsCancellationRequested)
        {
            await OnItsOwnAsync(broker, channel => channel.QueueDeleteAsync(queue, cancellationToken: ct), ct);
            return false;
        }
    }

    private static async Task TryAsync(IChannel channel, string queue, CancellationToken ct)
    {
        await channel.BasicQosAsync(0, 1, global: false, ct);
        await channel.BasicConsumeAsync(queue, autoAck: false, new AsyncDefaultBasicConsumer(channel), ct);
    }

    private static async Task OnItsOwnAsync(BrokerConnection broker, Func<IChannel, Task> act, CancellationToken ct)
    {
        using var patience = Within(2 * Patience, ct);
        var connection = await broker.Address.Factory().CreateConnectionAsync(broker.Address.Endpoints(), "timeline projector, tries a queue", patience.Token);
        try
        {
            var channel = await connection.CreateChannelAsync(cancellationToken: patience.Token);
            await BrokerFaults.Observed(act(channel)).WaitAsync(patience.Token);
        }
        finally
        {
            await connection.CloseAsync(200, "Goodbye", TimeSpan.FromSeconds(2), abort: true, CancellationToken.None);
            await connection.DisposeAsync();
        }
    }

    private static CancellationTokenSource Within(TimeSpan time, CancellationToken ct)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(ct);
        source.CancelAfter(time);
        return source;
    }
}
