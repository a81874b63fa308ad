using System.Buffers;
using System.Diagnostics;
using RabbitMQ.Client;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.RabbitMq;

/// <summary>
/// The Relay's side. Messages of one call are started in order and confirmed together; a connection that is lost is opened by the next call. A broker that can't
/// take more, and a queue that is read and half full, are felt as slowness.
/// </summary>
public sealed class RabbitMqPublisher : IFeedPublisher, IAsyncDisposable
{
    /// <summary>Sent and not confirmed, of one call: what a crash of the broker may take is published again, and this bounds the memory that it takes. A Relay has four calls under way.</summary>
    private const int MaxOutstandingBytes = 8 * 1024 * 1024;

    /// <summary>
    /// A broker that takes messages and confirms none for so long has lost the majority of some queue's nodes, or the queue is stuck, and its reader has deleted it by
    /// now: what is sent again arrives.
    /// </summary>
    private static readonly TimeSpan ConfirmPatience = TimeSpan.FromSeconds(30);

    /// <summary>A message that is sent while its channel ends may be told neither that it arrived nor that it did not: how often to look whether the channel lives.</summary>
    private static readonly TimeSpan ConfirmLook = TimeSpan.FromSeconds(1);

    private readonly FeedTopology topology;
    private readonly QueueRoom room;
    private readonly TimeProvider time;
    private readonly BrokerConnection broker;
    private readonly SemaphoreSlim one = new(1);
    private IChannel? channel;
    private long failures;
    private int unconfirmed;
    private long confirmed;

    /// <summary>Throws <see cref="ArgumentException"/> for options out of their range. Connects when it is first used.</summary>
    public RabbitMqPublisher(RabbitMqFeedOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.time = time;
        topology = new FeedTopology(options);
        room = new QueueRoom(options, topology, time);
        broker = new BrokerConnection(options.Address, "timeline relay");
    }

    public RabbitMqPublisherStatus Status => new(broker.IsOpen, broker.Blocked, broker.LastError, Interlocked.Read(ref confirmed), room.Waits);

    /// <inheritdoc/>
    public bool Carries => true;

    /// <summary>Connects and declares what the feed needs. Throws <see cref="FeedUnavailableException"/> with what stands in the way.</summary>
    public async Task CheckAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            await OpenAsync(ct);
        }
        finally
        {
            one.Release();
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Several calls may wait for their confirms; they send one after the other, in the order in which they came, and where one fails those that came before its failure fail too:
    /// nothing overtakes what has not arrived. Whoever calls looks at the calls that have ended first.
    /// </remarks>
    public async Task PublishAsync(IReadOnlyList<FeedMessage> messages, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var before = Volatile.Read(ref failures);
        IChannel? used = null;
        try
        {
            Task confirms;
            await one.WaitAsync(ct);
            try
            {
                var open = await OpenAsync(ct);
                if (Volatile.Read(ref failures) != before)
                {
                    throw Overtaking();
                }

                used = open;
                confirms = await SendAllAsync(used, messages, ct);
                Interlocked.Increment(ref unconfirmed);
            }
            catch
            {
                // Before the next in line has its turn.
                Interlocked.Increment(ref failures);
                throw;
            }
            finally
            {
                one.Release();
            }

            try
            {
                await ConfirmedAsync(used, confirms, ct);
                Interlocked.Add(ref confirmed, messages.Count);
            }
            catch
            {
                Interlocked.Increment(ref failures);
                throw;
            }
            finally
            {
                Interlocked.Decrement(ref unconfirmed);
            }
        }
        catch (Exception e) when (used is not null)
        {
            // What was sent may or may not have arrived: the next call begins with a channel that knows nothing of it.
            await ForgetChannelAsync(used);
            if (BrokerFaults.IsOne(e) && !ct.IsCancellationRequested)
            {
                throw broker.Note(e, "messages of the feed");
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ForgetChannelAsync(channel);
        await broker.DisposeAsync();
        one.Dispose();
    }

    /// <returns>The confirms that are still to come.</returns>
    private async Task<Task> SendAllAsync(IChannel open, IReadOnlyList<FeedMessage> messages, CancellationToken ct)
    {
        var outstanding = new Queue<(Task Confirmed, int Bytes)>();
        var bytes = 0;
        try
        {
            foreach (var message in messages)
            {
                var size = FeedMessageCodec.MaxSize(message);
                while (outstanding.Count > 0 && bytes + size > MaxOutstandingBytes)
                {
                    await ConfirmedAsync(open, outstanding.Peek().Confirmed, ct);
                    bytes -= outstanding.Dequeue().Bytes;
                }

                await room.WaitAsync(open, message.Partition, ct);
                outstanding.Enqueue((SendAsync(open, message, size), size));
                bytes += size;
            }

            return BrokerFaults.Observed(Task.WhenAll(outstanding.Select(static o => o.Confirmed)));
        }
        catch
        {
            _ = BrokerFaults.Observed(Task.WhenAll(outstanding.Select(static o => o.Confirmed)));
            throw;
        }
    }

    // Not cancelled with the caller: bytes of half a message would end the connection.
    private async Task SendAsync(IChannel open, FeedMessage message, int size)
    {
        var body = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var written = FeedMessageCodec.Write(message, body);
            room.Publishing(message.Partition, written);
            await open.BasicPublishAsync(
                topology.Exchange, FeedTopology.RoutingKey(message.Partition), mandatory: false, Properties(), body.AsMemory(0, written), CancellationToken.None);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private async Task ConfirmedAsync(IChannel open, Task confirms, CancellationToken ct)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                await confirms.WaitAsync(ConfirmLook, time, ct);
                return;
            }
            catch (TimeoutException) when (!confirms.IsCompleted && !open.IsOpen)
            {
                throw broker.Note(new TimeoutException("the channel ended before it confirmed"), "messages of the feed");
            }
            catch (TimeoutException) when (!confirms.IsCompleted && broker.Blocked is not null)
            {
                // It has said why: what is sent again would only wait behind this.
                since = time.GetTimestamp();
            }
            catch (TimeoutException) when (!confirms.IsCompleted)
            {
                if (time.GetElapsedTime(since) >= ConfirmPatience)
                {
                    throw broker.Note(
                        new TimeoutException($"it has confirmed nothing for {ConfirmPatience.TotalSeconds:0} s; where it is a cluster, look whether most of its nodes live (rabbitmqctl cluster_status)"),
                        "messages of the feed");
                }
            }
        }
    }

    private async Task<IChannel> OpenAsync(CancellationToken ct)
    {
        if (channel is { IsOpen: true } open)
        {
            return open;
        }

        // Those who wait for confirms of the channel that ended learn of it in their own time: whoever fails counts it before it waits no more.
        if (Volatile.Read(ref unconfirmed) > 0)
        {
            throw Overtaking();
        }

        await ForgetChannelAsync(channel);
        IChannel? made = null;
        try
        {
            var connection = await broker.OpenAsync(ct);
            made = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
            await topology.DeclareAsync(made, ct);
            return channel = made;
        }
        catch (Exception e)
        {
            await EndAsync(made);
            if ((BrokerFaults.IsOne(e) || e is FeedUnavailableException) && !ct.IsCancellationRequested)
            {
                throw broker.Note(e, "a channel");
            }

            throw;
        }
    }

    private static FeedUnavailableException Overtaking() => new("Messages before these did not arrive: all are sent again.");

    private Task ForgetChannelAsync(IChannel? old) => old is not null && Interlocked.CompareExchange(ref channel, null, old) == old ? EndAsync(old) : Task.CompletedTask;

    private static async Task EndAsync(IChannel? old)
    {
        if (old is null)
        {
            return;
        }

        try
        {
            await old.AbortAsync();
            await old.DisposeAsync();
        }
        catch (Exception e) when (BrokerFaults.IsOne(e))
        {
            // It is gone either way.
        }
    }

    private static BasicProperties Properties()
    {
        var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent, ContentType = "application/vnd.timeline.feed" };
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } traceParent } activity)
        {
            properties.Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["traceparent"] = traceParent };
            if (activity.TraceStateString is { Length: > 0 } state)
            {
                properties.Headers["tracestate"] = state;
            }
        }

        return properties;
    }
}

/// <summary>
/// Where the publisher stands. <see cref="BlockedBecause"/>: the broker's words for why it takes nothing. <see cref="LastError"/> stays for the operator to read.
/// <see cref="Confirmed"/>: messages since it started; <see cref="Waits"/>: how often it waited for readers.
/// </summary>
public sealed record RabbitMqPublisherStatus(bool Connected, string? BlockedBecause, string? LastError, long Confirmed, long Waits);
