using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Timeline.Tests.Integration.RabbitMq;

namespace Timeline.Tests.Integration.Apart;

/// <summary>What is done to services apart, to their broker and to the way between them. Whatever is killed is started again.</summary>
internal sealed class Blows(ServicesApart apart, RabbitMqServer broker, TcpProxy way)
{
    /// <summary>How long something lasts: several heartbeats of a Relay, and enough of them to fill a queue.</summary>
    private static readonly TimeSpan AWhile = TimeSpan.FromSeconds(2);

    /// <summary>What makes a while long enough: a queue of 16 messages and ten heartbeats a second.</summary>
    public static readonly IReadOnlyDictionary<string, string> Options = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["TIMELINE_FEED__MAXMESSAGES"] = "16",
        ["TIMELINE_FEED__HEARTBEATMILLISECONDS"] = "100",
    };

    public static readonly IReadOnlyList<string> Kinds =
    [
        "Ingest killed", "queues purged", "Relay-1 killed", "connections cut", "Projector-1 killed", "queues deleted", "broker killed", "Query killed", "messages lost",
        "Relay-2 killed", "Projectors away", "Projector-2 killed",
    ];

    public Task StrikeAsync(string kind) => kind switch
    {
        "queues purged" => OnQueuesAsync((channel, _, queue) => channel.QueuePurgeAsync(queue)),
        "queues deleted" => OnQueuesAsync((channel, _, queue) => channel.QueueDeleteAsync(queue)),
        "messages lost" => LoseAsync(),
        "connections cut" => CutAsync(),
        "Projectors away" => AwayAsync("Projector-1", "Projector-2"),
        "broker killed" => KillBrokerAsync(),
        _ => KillAsync(kind.Split(' ')[0]),
    };

    private async Task KillAsync(string service)
    {
        await apart.KillAsync(service);
        await apart.StartAsync(service);
    }

    private async Task KillBrokerAsync()
    {
        await broker.KillAsync();
        await broker.StartAgainAsync();
    }

    // Until their queues have dropped their oldest.
    private async Task AwayAsync(params string[] projectors)
    {
        foreach (var projector in projectors)
        {
            await apart.KillAsync(projector);
        }

        await Task.Delay(AWhile, TimeProvider.System);
        await Task.WhenAll(projectors.Select(apart.StartAsync));
    }

    // What is published while nothing is bound is lost, the last messages among it, and no queue knows.
    private async Task LoseAsync()
    {
        await OnQueuesAsync((channel, exchange, queue) => channel.QueueUnbindAsync(queue, exchange, KeyOf(queue)));
        await Task.Delay(AWhile, TimeProvider.System);
        await OnQueuesAsync((channel, exchange, queue) => channel.QueueBindAsync(queue, exchange, KeyOf(queue)));
    }

    private Task CutAsync()
    {
        way.Cut();
        return Task.CompletedTask;
    }

    // timeline.LOG.GENERATION.PROJECTION.PARTITION, and the exchange without the last two.
    private async Task OnQueuesAsync(Func<IChannel, string, string, Task> act)
    {
        var names = (await broker.ControlAsync("-q", "list_queues", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        await using var connection = await broker.ConnectAsync();
        foreach (var queue in names.Where(static n => n.StartsWith("timeline.", StringComparison.Ordinal) && int.TryParse(KeyOf(n), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            await using var channel = await connection.CreateChannelAsync();
            try
            {
                await act(channel, string.Join('.', queue.Split('.')[..^2]), queue);
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                // Its reader is just making it anew.
            }
        }
    }

    private static string KeyOf(string queue) => queue[(queue.LastIndexOf('.') + 1)..];
}
