using System.Globalization;
using Timeline.Adapters.MassTransit;
using Timeline.Adapters.RabbitMq;
using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain.Ports;
using Timeline.Hosting;

namespace Timeline.Projector;

/// <summary>The Projector as a process: folds what the feed brings into read models. It writes <c>readmodels/</c> and, from the outboxes in it, the bus.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => ServiceProcess.RunAsync(
        new ServiceDescription("Projector", "folds the feed into read models, and tells the changes. Writes readmodels/ in the data folder. Several share the partitions evenly.", StartAsync),
        args);

    private static async Task StartAsync(ServiceProcess service, CancellationToken ct)
    {
        var log = await service.LogAsync(ct).ConfigureAwait(false);
        var methodology = await service.MethodologyAsync(log, ct).ConfigureAwait(false);
        var generation = GenerationInfo.Of(log.LogId, methodology);
        var models = service.Owns(new SqliteReadModels(service.Folder.ReadModels, generation, static (_, _) => null));
        var board = service.Owns(new SqliteProgressBoard(service.Folder.ReadModels, generation.Generation));
        var feed = service.Owns(new RabbitMqSubscriber(FeedSettings.Of(service.Settings, generation), service.Clock));
        var publisher = Process.Publisher(models, service.Owns(Bus(RabbitMqAddress.Parse(service.Settings.Broker))), log, service.Clock);
        var projector = new FeedProjector(
            new FeedProjectorOptions
            {
                Projections = Projections.Partitioned,
                SinglePartition = Projections.Single,
                Generation = generation.Generation,
                EventsPerCommit = service.Settings.Number("projector:eventsPerCommit"),
                SharesPartitions = true,
            },
            log, feed, Process.Folds(models, methodology, log, service.Clock, publisher, why => service.Fail($"{why} The folder readmodels can be deleted while no Projector runs, and is built again.")), service.Clock);
        var lag = service.Owns(new ProjectorMeter(projector, log, models, publisher, () => (feed.Status.Redelivered, feed.Status.Rejected), service.Clock));
        service.ReadyWhen(() => projector.Trouble);
        service.ReadyWhen(() => publisher.Failing is { } failing
            ? string.Create(CultureInfo.InvariantCulture, $"The changes of {failing.Projection}, partition {failing.Partition}, can't be told and are tried again: {failing.LastError}")
            : null);
        service.Runs("The Projector", projector.RunAsync);
        service.Runs("The telling of changes", publisher.RunAsync);
        service.Runs("The measuring of lag", lag.RunAsync);
        service.Runs("The report of progress", new ProgressReporter(projector, board, service.Owner, service.Clock).RunAsync);
    }

    private static MassTransitPublisher Bus(RabbitMqAddress at)
    {
        var (tls, password) = at.Reveal();
        return MassTransitPublisher.OverRabbitMq(new BusHosts(tls, at.Hosts, at.VirtualHost, at.User, password));
    }
}
