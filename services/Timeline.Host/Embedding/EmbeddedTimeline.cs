using System.Data.Common;
using System.Globalization;
using Timeline.Adapters.EventStoreDb;
using Timeline.Adapters.InProcess;
using Timeline.Adapters.MassTransit;
using Timeline.Adapters.Sqlite;
using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain.Changes;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Quarantine;
using Timeline.Domain.Stance;
using Timeline.Host.Client;
using Timeline.Hosting;
using Timeline.Hosting.Http;
using Timeline.Ingest;
using Timeline.Ingest.Api;
using Timeline.Ingest.Feeds;
using Timeline.Ingest.Methodologies;
using Timeline.Ingest.Parked;
using Timeline.Ingest.Quarantine;
using Timeline.Ingest.Recording;
using Timeline.Ingest.Theatres;
using Timeline.Projector;
using Timeline.Query;
using Timeline.Query.Api;
using Timeline.Relay;

namespace Timeline.Host.Embedding;

/// <summary>
/// All of Timeline on one data folder, in one process: log, Ingest, Relay, feed, Projector, read models, Query. Killed at any instant it
/// opens again with every acknowledged event; what the read models had not committed is folded again.
/// </summary>
internal sealed class EmbeddedTimeline : IReadiness, IVisibility, IAsyncDisposable
{
    private const string Rebuild = "Everything in the data folder but log.db can be deleted while nothing runs, and is built again.";

    private readonly DataFolder _folder;
    private readonly FolderLock _ownership;
    private readonly OpenLog _log;
    private readonly SqliteFeedIndex _index;
    private readonly FeedImporter _importer;
    private readonly SqliteRelayCheckpointStore _checkpoints;
    private readonly SqliteReadModels _models;
    private readonly ProjectorProgress _progress = new(Projections.Partitioned, Routing.DefaultPartitions);
    private readonly MassTransitPublisher _bus = MassTransitPublisher.InMemory();
    private readonly FeedProjector _projector;
    private readonly FeedRelay _relay;
    private readonly CancellationTokenSource _stop = new();
    private readonly RunningParts _parts;
    private readonly Task _caughtUp;
    private readonly Ordinal _head;

    private EmbeddedTimeline(DataFolder folder, FolderLock ownership, OpenLog opened, MethodologyVersion methodology, Ordinal head, TimeProvider clock, ILogger logger)
    {
        (_folder, _ownership, _log, _head) = (folder, ownership, opened, head);
        _parts = new RunningParts(logger, _stop.Token);
        var log = opened.Log;

        var info = GenerationInfo.Of(log.LogId, methodology);
        var generation = info.Generation;
        _models = new SqliteReadModels(folder.ReadModels, info, _progress.Through);
        _index = new SqliteFeedIndex(folder.IngestIndex);
        _importer = new FeedImporter(log, _index, methodology, clock);
        _checkpoints = new SqliteRelayCheckpointStore(folder.RelayCheckpoint, log.LogId);
        var feed = new InProcessFeed(Projections.Partitioned, Routing.DefaultPartitions, Projections.Single);
        _relay = new FeedRelay(new FeedRelayOptions { Generation = generation }, log, feed, _checkpoints, clock);
        var publisher = Process.Publisher(_models, _bus, log, clock);
        var open = Process.Folds(_models, methodology, log, clock, publisher, why => _parts.Fail($"{why} {Rebuild}"));
        _projector = new FeedProjector(new FeedProjectorOptions { Projections = Projections.Partitioned, SinglePartition = Projections.Single, Generation = generation }, log, feed, open, clock);
        _progress.Of(_projector);

        Intake = new Intake(
            new Recorder(log, methodology, clock), new TheatreRecorder(log, methodology, clock), new MethodologyRecorder(log, clock), new SettlementRecorder(log, clock),
            new ParkedRecorder(log, clock), _importer, clock);
        Queries = new TimelineQueries(log, _models, _progress, methodology, clock);
        Changes = new ChangeQueries(log, _models, _progress, new SqliteChangeFeed(_models, _progress.WaitUntilAsync, clock), methodology, clock);
        _parts.Start("The Projector", _projector.RunAsync);
        _parts.Start("The telling of changes", publisher.RunAsync);
        _parts.Start("The Relay", _relay.RunAsync);
        _parts.Start("The turning of days", new DayTurner(log, clock).RunAsync);
        _caughtUp = _projector.WaitUntilAsync(head, _stop.Token);
    }

    public IIntake Intake { get; }

    public ITimelineQueries Queries { get; }

    public IChangeQueries Changes { get; }

    public long Folded => _projector.Status.Sum(w => w.Through.Ordinal.Value);

    /// <summary>Completes with the reason when a part has failed for good.</summary>
    public Task<string> Failed => _parts.Failed;

    public string? NotReadyBecause =>
        Failed.IsCompletedSuccessfully ? "A part of the service has failed; its log says why. Start it again."
        : _log.Trouble() is { } trouble ? trouble
        : _projector.Trouble is { } stuck ? stuck + Room
        : !_caughtUp.IsCompletedSuccessfully ? $"The read models stand at {_projector.Visible} of {_head}."
        : _relay.Status is { Failures: > 0 } relay ? $"The Relay can't go on and tries again: {relay.LastError}{Room}"
        : null;

    /// <summary>
    /// Opens the folder that <paramref name="ownership"/> holds, on the log that is in it or in the <paramref name="store"/>, and starts every part. Throws <see cref="UnavailableException"/> where the folder's
    /// files can't be used; the ownership is let go then.
    /// </summary>
    public static async Task<EmbeddedTimeline> OpenAsync(
        DataFolder folder, FolderLock ownership, Func<EventStoreDbAddress?> store, TimeProvider clock, ILoggerFactory loggers, CancellationToken ct)
    {
        var logger = loggers.CreateLogger("Timeline.Host");
        OpenLog? opened = null;
        try
        {
            folder.Prepare();
            opened = await LogHome.OpenAsync(folder, store(), clock, ct).ConfigureAwait(false);
            var log = opened.Log;
            var start = await FirstStart.RunAsync(log, clock, ct).ConfigureAwait(false);
            if (start.Differs)
            {
                logger.LogWarning("The log's methodology {Name} has other files than the one this version brings along; the log's is in force", start.Methodology.Name);
            }

            var head = await log.HeadAsync(ct).ConfigureAwait(false);
            return new EmbeddedTimeline(folder, ownership, opened, start.Methodology, head.Ordinal, clock, logger);
        }
        catch (Exception e)
        {
            if (opened is not null)
            {
                await opened.DisposeAsync().ConfigureAwait(false);
            }

            ownership.Dispose();
            if (e is DbException && !FullDisk.IsCauseOf(e))
            {
                throw new UnavailableException($"A file of {folder.Given} can't be used: {e.Message} {Rebuild}", e);
            }

            if (e is LogUnusableException or LogUnavailableException or FormatException)
            {
                throw new UnavailableException(e.Message, e);
            }

            throw;
        }
    }

    public async Task<Ordinal> HeadAsync(CancellationToken ct) => (await _log.Log.HeadAsync(ct).ConfigureAwait(false)).Ordinal;

    public Task WaitVisibleAsync(Ordinal ordinal, CancellationToken ct) => _projector.WaitUntilAsync(ordinal, ct);

    /// <summary>Completes when the read models have everything that the log held at the start. Throws <see cref="UnavailableException"/> where they never will.</summary>
    public async Task CaughtUpAsync(CancellationToken ct)
    {
        if (await Task.WhenAny(_caughtUp, Failed).WaitAsync(ct).ConfigureAwait(false) == Failed)
        {
            throw new UnavailableException(await Failed.ConfigureAwait(false));
        }
    }

    /// <summary>Lets the commits that have begun end, then closes every file and gives the folder free.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _parts.EndedAsync().ConfigureAwait(false);
        await _caughtUp.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _importer.Dispose();
        _index.Dispose();
        await _bus.DisposeAsync().ConfigureAwait(false);
        _models.Dispose();
        _checkpoints.Dispose();
        await _log.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
        _ownership.Dispose();
    }

    // Parts that try again tell only what they saw; of a full disk the user should learn what to do.
    private string Room => _folder.IsNearlyFull ? $" The disk of {_folder.Given} is full or nearly so: free some space, and it goes on by itself." : "";
}
