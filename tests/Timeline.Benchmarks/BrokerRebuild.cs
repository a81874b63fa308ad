using Timeline.Adapters.RabbitMq;
using Timeline.Adapters.Sqlite;
using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Ingest;
using Timeline.Projector;
using Timeline.Relay;

namespace Timeline.Benchmarks;

/// <summary>
/// Builds the read models of a log anew through a broker: a Relay that publishes the log from its start, and a Projector that is told that the log is empty, so
/// that it does not read from it what the feed is to bring. What queues drop, it heals from the log.
/// </summary>
internal static class BrokerRebuild
{
    /// <returns>Events folded, how often the log was read for what was missing, and messages confirmed.</returns>
    public static async Task<(long Events, long LogPasses, long Messages)> RunAsync(
        string logFile, string readModels, RabbitMqAddress broker, string prefix, CancellationToken ct)
    {
        await using var log = SqliteEventLog.Open(logFile, TimeProvider.System);
        var methodology = (await FirstStart.RunAsync(log, TimeProvider.System, ct)).Methodology;
        var head = await log.HeadAsync(ct);
        var info = GenerationInfo.Of(log.LogId, methodology);
        using var models = new SqliteReadModels(readModels, info, static (_, _) => null);
        var options = new RabbitMqFeedOptions
        {
            Address = broker,
            Identity = new FeedIdentity(log.LogId, info.Partitions, info.Generation),
            Projections = Projections.Partitioned,
            SinglePartition = Projections.Single,
            QueuePrefix = prefix,
        };
        await using var publisher = new RabbitMqPublisher(options, TimeProvider.System);
        await using var subscriber = new RabbitMqSubscriber(options, TimeProvider.System);
        await publisher.CheckAsync(ct);
        var projector = new FeedProjector(
            new FeedProjectorOptions { Projections = Projections.Partitioned, SinglePartition = Projections.Single, Generation = info.Generation },
            new SeemsEmpty(log),
            subscriber,
            Process.Folds(models, methodology, log, TimeProvider.System, publisher: null, static why => throw new InvalidOperationException(why)),
            TimeProvider.System);
        var relay = new FeedRelay(new FeedRelayOptions { Generation = info.Generation, BatchesUnderWay = 4 }, log, publisher, new NoCheckpoint(), TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = Task.WhenAll(projector.RunAsync(stop.Token), relay.RunAsync(stop.Token));
        await await Task.WhenAny(projector.WaitUntilAsync(head.Ordinal, ct), running);
        await stop.CancelAsync();
        await running;
        return (head.Ordinal.Value + 1, projector.LogPasses, publisher.Status.Confirmed);
    }

    private sealed class NoCheckpoint : IRelayCheckpointStore
    {
        public Task<RelayCheckpoint?> LoadAsync(CancellationToken ct) => Task.FromResult<RelayCheckpoint?>(null);

        public Task SaveAsync(RelayCheckpoint checkpoint, CancellationToken ct) => Task.CompletedTask;
    }

    /// <summary>A log that says it has no head yet, and is read like any other.</summary>
    private sealed class SeemsEmpty(IEventLog log) : IEventLog
    {
        public string LogId => log.LogId;

        public Task<LogPlace> HeadAsync(CancellationToken ct) => Task.FromResult(LogPlace.Start);

        public IAsyncEnumerable<LogPage> ReadAllAsync(LogPlace after, int pageSize, CancellationToken ct) => log.ReadAllAsync(after, pageSize, ct);

        public IAsyncEnumerable<LogPage> FollowAllAsync(LogPlace after, int pageSize, CancellationToken ct) => log.FollowAllAsync(after, pageSize, ct);

        public Task<IReadOnlyList<LogEvent>> ReadStreamAsync(StreamName stream, Revision from, int max, CancellationToken ct) => log.ReadStreamAsync(stream, from, max, ct);

        public Task<Revision?> LastRevisionAsync(StreamName stream, CancellationToken ct) => log.LastRevisionAsync(stream, ct);

        public Task<LogEvent?> ReadAtAsync(Ordinal ordinal, CancellationToken ct) => log.ReadAtAsync(ordinal, ct);

        public Task<Ordinal> OrdinalAtAsync(DateTimeOffset time, CancellationToken ct) => log.OrdinalAtAsync(time, ct);

        public Task<AppendResult> AppendAsync(StreamName stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct) => log.AppendAsync(stream, expected, events, ct);
    }
}
