using System.Text.Json;
using MassTransit;
using Timeline.Consumer;
using Timeline.Contracts.Changes;

// A complete consumer of Timeline's changes over MassTransit and RabbitMQ:
//
//     Timeline.Consumer amqp://guest:guest@127.0.0.1:5672/ http://127.0.0.1:7410 QUEUE
//
// Binds a queue first and takes a snapshot then, so that nothing falls between the two. For every line on standard input it writes what it knows, in the
// shape of a snapshot's subjects; it ends with its input.
if (args is not [var broker, var server, var queue])
{
    await Console.Error.WriteLineAsync("Timeline.Consumer BROKER SERVER QUEUE, such as amqp://guest:guest@127.0.0.1:5672/ http://127.0.0.1:7410 my-levels");
    return 2;
}

using var http = new HttpClient { BaseAddress = new Uri(server) };

// Services that run with tokens want one with the role read.
if (Environment.GetEnvironmentVariable("TIMELINE_TOKEN") is { Length: > 0 } token)
{
    http.DefaultRequestHeaders.Authorization = new("Bearer", token);
}

using var state = new ConsumedState(async ct =>
{
    var utf8 = await http.GetByteArrayAsync(new Uri("/v1/snapshot", UriKind.Relative), ct);
    return JsonSerializer.Deserialize(utf8, ChangesJson.Default.ChangesSnapshot)!;
});

var bus = Bus.Factory.CreateUsingRabbitMq(configure =>
{
    configure.Host(new Uri(broker.Replace("amqp", "rabbitmq", StringComparison.Ordinal)));
    configure.ReceiveEndpoint(queue, endpoint =>
    {
        // The order within a subject is the queue's order: one at a time, and what fails is tried again in its place.
        endpoint.PrefetchCount = 64;
        endpoint.ConcurrentMessageLimit = 1;
        endpoint.UseMessageRetry(retry => retry.Interval(100, TimeSpan.FromSeconds(1)));
        endpoint.Handler<EscalationChanged>(c => state.TakeAsync(c.Message, c.CancellationToken));
        endpoint.Handler<EscalationRevised>(c => state.TakeAsync(c.Message, c.CancellationToken));
        endpoint.Handler<StanceChanged>(c => state.TakeAsync(c.Message, c.CancellationToken));
    });
});
await bus.StartAsync();
await state.HealAsync(CancellationToken.None);
await Console.Error.WriteLineAsync("Bound.");
while (await Console.In.ReadLineAsync() is not null)
{
    await Console.Out.WriteLineAsync(await state.ToJsonAsync());
}

await bus.StopAsync();
return 0;
