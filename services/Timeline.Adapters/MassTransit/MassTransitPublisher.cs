using System.Diagnostics;
using MassTransit;
using Timeline.Contracts.Changes;
using Timeline.Domain.Changes;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.MassTransit;

/// <summary>Where the bus runs: a RabbitMQ with one or more nodes.</summary>
public sealed record BusHosts(bool Tls, IReadOnlyList<(string Host, int Port)> Hosts, string VirtualHost, string User, string Password);

/// <summary>
/// Gives changes to MassTransit: one message type for each kind of change, the change's id as the message's. The bus starts with the first of them, for most
/// commands never tell one.
/// </summary>
public sealed class MassTransitPublisher : IChangePublisher, IAsyncDisposable
{
    /// <summary>A bus that has not started within this time is tried again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Lazy<IBusControl> bus;
    private bool started;

    private MassTransitPublisher(Func<IBusControl> create) => bus = new Lazy<IBusControl>(create);

    /// <summary>A bus inside this process; <see cref="SubscribeAsync"/> takes from it.</summary>
    public static MassTransitPublisher InMemory() => new(static () => Bus.Factory.CreateUsingInMemory(static bus => ExcludeBase(bus)));

    /// <summary>A bus over RabbitMQ, with publisher confirms.</summary>
    public static MassTransitPublisher OverRabbitMq(BusHosts hosts)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        return new MassTransitPublisher(() => Bus.Factory.CreateUsingRabbitMq(bus =>
        {
            var (first, port) = hosts.Hosts[0];
            bus.Host(first, checked((ushort)port), hosts.VirtualHost, host =>
            {
                host.Username(hosts.User);
                host.Password(hosts.Password);
                host.PublisherConfirmation = true;
                if (hosts.Tls)
                {
                    host.UseSsl(static _ => { });
                }

                if (hosts.Hosts.Count > 1)
                {
                    host.UseCluster(cluster =>
                    {
                        foreach (var (name, at) in hosts.Hosts)
                        {
                            cluster.Node(FormattableString.Invariant($"{name}:{at}"));
                        }
                    });
                }
            });
            ExcludeBase(bus);
        }));
    }

    public async Task PublishAsync(StoredChange change, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(change);
        var to = await StartedAsync(ct).ConfigureAwait(false);
        await (change.Read() switch
        {
            EscalationChanged c => to.Publish(c, context => Mark(context, c.Id), ct),
            EscalationRevised c => to.Publish(c, context => Mark(context, c.Id), ct),
            StanceChanged c => to.Publish(c, context => Mark(context, c.Id), ct),
            _ => throw new InvalidOperationException($"No message is made of '{change.Type}'."),
        }).ConfigureAwait(false);
    }

    // Consumers tell repetitions by the id, and join the trace by the header.
    private static void Mark(PublishContext context, Guid id)
    {
        context.MessageId = id;
        if (Activity.Current is { Recorded: true } trace)
        {
            context.Headers.Set("traceparent", trace.Id);
        }
    }

    /// <summary>Hands every change to <paramref name="take"/>, one at a time, until what it gives is disposed of: for who lives in the same process.</summary>
    public async Task<IAsyncDisposable> SubscribeAsync(string queue, Func<Change, Guid, Task> take, CancellationToken ct)
    {
        var to = await StartedAsync(ct).ConfigureAwait(false);
        var handle = to.ConnectReceiveEndpoint(queue, endpoint =>
        {
            endpoint.ConcurrentMessageLimit = 1;
            endpoint.Handler<EscalationChanged>(context => take(context.Message, context.MessageId ?? default));
            endpoint.Handler<EscalationRevised>(context => take(context.Message, context.MessageId ?? default));
            endpoint.Handler<StanceChanged>(context => take(context.Message, context.MessageId ?? default));
        });
        await handle.Ready.WaitAsync(ct).ConfigureAwait(false);
        return new Subscription(handle);
    }

    public async ValueTask DisposeAsync()
    {
        if (started)
        {
            await bus.Value.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }

        gate.Dispose();
    }

    // Changes have a common shape, and that shape is no message.
    private static void ExcludeBase(IBusFactoryConfigurator bus) => bus.PublishTopology.GetMessageTopology<Change>().Exclude = true;

    private async ValueTask<IBusControl> StartedAsync(CancellationToken ct)
    {
        if (started)
        {
            return bus.Value;
        }

        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (!started)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
                patience.CancelAfter(Patience);
                await bus.Value.StartAsync(patience.Token).ConfigureAwait(false);
                started = true;
            }

            return bus.Value;
        }
        finally
        {
            gate.Release();
        }
    }

    private sealed class Subscription(HostReceiveEndpointHandle handle) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await handle.StopAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
