using System.Globalization;
using Timeline.Adapters.RabbitMq;
using Timeline.Adapters.Sqlite;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Hosting;

namespace Timeline.Relay;

/// <summary>The Relay as a process: follows the log, publishes, and keeps its checkpoint. It writes the broker and <c>relay.db</c>, nothing else.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => ServiceProcess.RunAsync(
        new ServiceDescription("Relay", "follows the log and publishes it to the feed. Writes the broker, and its checkpoint. Several are safe: they repeat, and the Projectors skip what repeats.", StartAsync),
        args);

    private static async Task StartAsync(ServiceProcess service, CancellationToken ct)
    {
        var log = await service.LogAsync(ct).ConfigureAwait(false);
        var methodology = await service.MethodologyAsync(log, ct).ConfigureAwait(false);
        var generation = GenerationInfo.Of(log.LogId, methodology);
        var feed = service.Owns(new RabbitMqPublisher(FeedSettings.Of(service.Settings, generation), service.Clock));
        var checkpoints = service.Owns(new SqliteRelayCheckpointStore(service.Folder.RelayCheckpoint, log.LogId));
        var relay = new FeedRelay(
            new FeedRelayOptions
            {
                Generation = generation.Generation,
                BatchWindow = service.Settings.Milliseconds("feed:batchMilliseconds"),
                Announce = service.Settings.Milliseconds("feed:announceMilliseconds"),
                BatchesUnderWay = 4,
                Heartbeat = service.Settings.Milliseconds("feed:heartbeatMilliseconds"),
            },
            log, feed, checkpoints, service.Clock);
        service.Owns(new RelayMeter(relay));
        service.ReadyWhen(() => relay.Status is { Failures: > 0 } status ? string.Create(CultureInfo.InvariantCulture, $"The Relay can't go on and tries again ({status.Failures} times): {status.LastError}") : null);
        service.Runs("The Relay", relay.RunAsync);
    }
}
