using System.Text.Json;
using MassTransit;
using Timeline.Contracts.Changes;
using Timeline.Tests.Integration.Changes;
using Timeline.Tests.Integration.Host;

namespace Timeline.Tests.Integration.Apart;

/// <summary>A downstream service with a queue of its own on the bus: it keeps every change that it is given, repetitions too, and is held against what Query tells of the same time.</summary>
internal sealed class Downstream : IAsyncDisposable
{
    private readonly IBusControl bus;
    private readonly List<Change> taken = [];
    private readonly string from;

    private Downstream(string broker, string from)
    {
        this.from = from;
        bus = Bus.Factory.CreateUsingRabbitMq(configure =>
        {
            configure.Host(new Uri(broker.Replace("amqp", "rabbitmq", StringComparison.Ordinal)));
            configure.ReceiveEndpoint("downstream", endpoint =>
            {
                endpoint.ConcurrentMessageLimit = 1;
                endpoint.Handler<EscalationChanged>(c => TakeAsync(c.Message));
                endpoint.Handler<EscalationRevised>(c => TakeAsync(c.Message));
                endpoint.Handler<StanceChanged>(c => TakeAsync(c.Message));
            });
        });
    }

    /// <summary>Binds the queue; what is told from the snapshot's place on is expected.</summary>
    public static async Task<Downstream> BindAsync(string broker, HttpClient query)
    {
        var snapshot = await query.SnapshotAsync();
        var downstream = new Downstream(broker, snapshot["cursor"]!.GetValue<string>());
        await downstream.bus.StartAsync();
        return downstream;
    }

    /// <summary>Waits until everything that Query tells has come, and asserts that it came in order per subject and read model, once but for repetitions, and nothing else did.</summary>
    public async Task<string> AssertSawEverythingAsync(HttpClient query)
    {
        var told = (await query.HearAsync(from)).Changes().ConvertAll(static item =>
        {
            using var json = JsonDocument.Parse(item.Data);
            return (Id: json.RootElement.GetProperty("id").GetGuid(), Subject: json.RootElement.GetProperty("subject").GetString()!, IsStance: item.EventType == nameof(StanceChanged));
        });
        using var patience = new CancellationTokenSource(TimelineCommand.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        HashSet<Guid> missing;
        do
        {
            missing = [.. told.Select(static t => t.Id)];
            missing.ExceptWith(Taken().Select(static c => c.Id));
        }
        while (missing.Count > 0 && await NextAsync(look, patience.Token));
        Assert.True(missing.Count == 0, $"{missing.Count} of {told.Count} changes never came.");

        var all = Taken();
        var once = all.DistinctBy(static c => c.Id).ToList();
        Assert.Equal(told.Count, once.Count);
        foreach (var subject in told.GroupBy(static t => (t.Subject, t.IsStance)))
        {
            Assert.Equal(subject.Select(static t => t.Id), once.Where(c => (c.Subject, c is StanceChanged) == subject.Key).Select(static c => c.Id));
        }

        return FormattableString.Invariant($"{told.Count} changes, {all.Count - once.Count} of them repeated");
    }

    public async ValueTask DisposeAsync() => await bus.StopAsync();

    private Task TakeAsync(Change change)
    {
        lock (taken)
        {
            taken.Add(change);
        }

        return Task.CompletedTask;
    }

    private List<Change> Taken()
    {
        lock (taken)
        {
            return [.. taken];
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken patience)
    {
        try
        {
            return await timer.WaitForNextTickAsync(patience);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
