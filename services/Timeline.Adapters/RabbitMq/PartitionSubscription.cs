using System.Buffers;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.RabbitMq;

/// <summary>
/// One consumer on a channel of its own. It is the active one once something has been delivered; a Relay sends something every second. What it was given and has
/// not acknowledged when it ends, the broker gives to the next.
/// </summary>
internal sealed class PartitionSubscription : AsyncDefaultBasicConsumer, IFeedSubscription
{
    private readonly PartitionQueue queue;
    private readonly RabbitMqSubscriber owner;
    private readonly TaskCompletionSource<bool> active = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The broker's prefetch bounds it.
    private readonly Channel<Received> waiting = System.Threading.Channels.Channel.CreateUnbounded<Received>(new UnboundedChannelOptions { SingleReader = true });
    private volatile bool ended;
    private long heardAt;
    private ulong lastTag;
    private ulong acknowledged;

    public PartitionSubscription(IChannel channel, PartitionQueue queue, RabbitMqSubscriber owner)
        : base(channel)
    {
        this.queue = queue;
        this.owner = owner;
        heardAt = owner.Now;
    }

    public PartitionQueue Queue => queue;

    /// <summary>True from the first delivery to the end.</summary>
    public bool IsActive => !ended && active.Task is { IsCompletedSuccessfully: true };

    /// <summary>How many messages waited in the queue when this one had heard nothing for long; 0 where it has not, or has heard something since.</summary>
    public uint WaitingWhileSilent { get; private set; }

    /// <summary>Whether nothing at all has come for so long, though its reader has taken and acknowledged everything.</summary>
    public bool IsSilentFor(TimeSpan silence) => !ended && Volatile.Read(ref lastTag) == Volatile.Read(ref acknowledged) && owner.Since(Volatile.Read(ref heardAt)) >= silence;

    public ValueTask<bool> ActiveAsync(CancellationToken ct) => new(active.Task.WaitAsync(ct));

    public async ValueTask<bool> WaitAsync(CancellationToken ct) => !ended && await waiting.Reader.WaitToReadAsync(ct) && !ended;

    public bool TryTake(out FeedDelivery delivery)
    {
        if (ended || !waiting.Reader.TryRead(out var received))
        {
            delivery = default;
            return false;
        }

        delivery = new FeedDelivery(owner.Decoded(received.Message), received.Tag) { TraceParent = received.TraceParent };
        ArrayPool<byte>.Shared.Return(received.Bytes);
        return true;
    }

    /// <summary>What can't be acknowledged, since the channel is gone, comes again, and its events are known by their ordinals.</summary>
    public async ValueTask AcknowledgeAsync(FeedDelivery delivery, CancellationToken ct)
    {
        try
        {
            await Channel.BasicAckAsync(delivery.Tag, multiple: true, ct);
            Volatile.Write(ref acknowledged, delivery.Tag);
        }
        catch (Exception e) when (BrokerFaults.IsOne(e) && !ct.IsCancellationRequested)
        {
            End();
        }
    }

    /// <summary>Silence counts from now.</summary>
    public void Heard(uint waits)
    {
        WaitingWhileSilent = waits;
        Volatile.Write(ref heardAt, owner.Now);
    }

    /// <summary>Tells the reader that this is over; what waits is not handed out any more.</summary>
    public void End()
    {
        ended = true;
        active.TrySetResult(false);
        waiting.Writer.TryComplete();
    }

    /// <summary>The broker gives the queue to the next in line.</summary>
    public async ValueTask DisposeAsync()
    {
        End();
        owner.Forget(this);
        try
        {
            await Channel.AbortAsync();
            await Channel.DisposeAsync();
        }
        catch (Exception e) when (BrokerFaults.IsOne(e))
        {
            // It is gone either way.
        }
    }

    public override async Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        Heard(0);
        active.TrySetResult(true);

        // The client's bytes are its own again afterwards. As objects the events that wait would be in the way of the garbage collector.
        var bytes = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(bytes);
        CarriedMessage message;
        try
        {
            message = FeedMessageCodec.Read(bytes.AsMemory(0, body.Length));
        }
        catch (UnreadableMessageException e)
        {
            ArrayPool<byte>.Shared.Return(bytes);
            await RejectAsync(body.ToArray(), deliveryTag, e.Message, cancellationToken);
            return;
        }

        Volatile.Write(ref lastTag, deliveryTag);
        owner.Received(redelivered);
        waiting.Writer.TryWrite(new Received(message, bytes, deliveryTag, TextOf(properties, "traceparent")));
    }

    public override Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason)
    {
        End();
        return base.HandleChannelShutdownAsync(channel, reason);
    }

    /// <summary>The broker has cancelled it: the queue is deleted, or its node went.</summary>
    protected override Task OnCancelAsync(string[] consumerTags, CancellationToken cancellationToken = default)
    {
        End();
        return base.OnCancelAsync(consumerTags, cancellationToken);
    }

    // The log heals what it said: the next message names a place before it that its reader does not know.
    private async Task RejectAsync(byte[] body, ulong tag, string reason, CancellationToken ct)
    {
        try
        {
            await owner.RejectAsync(queue, body, reason, ct);
            await Channel.BasicAckAsync(tag, multiple: false, ct);
        }
        catch (Exception e) when (BrokerFaults.IsOne(e) || e is FeedUnavailableException)
        {
            End();
        }
    }

    private static string? TextOf(IReadOnlyBasicProperties properties, string header) =>
        properties.Headers?.TryGetValue(header, out var value) == true && value is byte[] bytes ? System.Text.Encoding.ASCII.GetString(bytes) : null;

    private readonly record struct Received(CarriedMessage Message, byte[] Bytes, ulong Tag, string? TraceParent);
}
