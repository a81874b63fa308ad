using System.Globalization;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>
/// Folds the feed into read models: one worker per projection and partition. State and checkpoint are the projection's, in one transaction;
/// the message is acknowledged after. What the feed has lost is read from the log, once for all partitions. Writes the read models, nothing else.
/// </summary>
public sealed class FeedProjector
{
    private readonly FeedProjectorOptions options;
    private readonly IEventLog log;
    private readonly IFeedSubscriber feed;
    private readonly OpenPartition open;
    private readonly TimeProvider time;
    private readonly Visibility visibility;
    private readonly WorkerPlace[] places;
    private readonly Bell changed = new();
    private volatile PartitionWorker[] workers = [];
    private volatile SharedLogReader? reader;

    /// <summary>Throws <see cref="ArgumentException"/> for options out of their range.</summary>
    public FeedProjector(FeedProjectorOptions options, IEventLog log, IFeedSubscriber feed, OpenPartition open, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        this.log = log;
        this.feed = feed;
        this.open = open;
        this.time = time;
        places = options.Projections.SelectMany(name => Enumerable.Range(0, options.Partitions).Select(p => (Name: name, Partition: p)))
            .Concat(options.SinglePartition.Select(name => (Name: name, Partition: 0)))
            .Select((place, i) => new WorkerPlace(i, place.Name, place.Partition))
            .ToArray();
        visibility = new Visibility(places.Length);
    }

    /// <summary>Every worker's, by projection and partition; empty before <see cref="RunAsync"/>.</summary>
    public IReadOnlyList<WorkerStatus> Status => Array.ConvertAll(workers, static w => w.Status);

    /// <summary>Everything up to here is in every read model.</summary>
    public Ordinal Visible => visibility.Lowest;

    /// <summary>Which partition fails the most often in a row, and why, in words; null where none does.</summary>
    public string? Trouble => Status.Where(static w => w.Failures > 0).MaxBy(static w => w.Failures) is { } failing
        ? string.Create(CultureInfo.InvariantCulture, $"{failing.Projection}, partition {failing.Partition}, can't go on and tries again: {failing.LastError}")
        : null;

    /// <summary>Completes when some partition's status changes next. Ask before looking at <see cref="Status"/>.</summary>
    public Task NextChangeAsync() => changed.NextAsync();

    /// <summary>Times that the log has been read for partitions that missed something.</summary>
    public long LogPasses => reader?.Passes ?? 0;

    /// <summary>Completes as soon as every partition of every projection has come to the ordinal.</summary>
    /// <remarks>Waits as long as a partition fails: its status tells why.</remarks>
    public Task WaitUntilAsync(Ordinal ordinal, CancellationToken ct) => visibility.WaitAsync(ordinal, ct);

    /// <summary>
    /// Folds until cancelled, then finishes the commits that have begun and returns. Partitions that fail wait and try again by themselves;
    /// their status tells. Throws where the log can't be asked for its head at the start, and <see cref="FeedRefusedException"/> where a read
    /// model has folded more than the log holds.
    /// </summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var identity = new FeedIdentity(log.LogId, options.Partitions, options.Generation);
        var shared = reader = new SharedLogReader(log, options.Partitions, options.PageEvents, options.PagesAhead, ct);
        var ports = new WorkerPorts(feed, open, shared, visibility, changed, time);
        var started = workers = Array.ConvertAll(places, place => new PartitionWorker(place, identity, options, ports));
        try
        {
            if (options.SharesPartitions)
            {
                await Task.WhenAll(started.Select(worker => worker.RunAsync(null, ct)));
                return;
            }

            var checkpoints = await Task.WhenAll(started.Select(w => w.OpenAsync(ct)));
            var head = await log.HeadAsync(ct);

            RefuseOlderLog(checkpoints, head);

            // All ask at once: a restart, or a deleted read model, costs one pass over the log.
            var behind = places.Where(place => checkpoints[place.Worker] is { } checkpoint && checkpoint.Ordinal < head.Ordinal).ToArray();
            var missing = shared.Read(Array.ConvertAll(behind, place => (place.Partition, checkpoints[place.Worker]!.Value)), head);
            await Task.WhenAll(started.Select((worker, i) =>
                worker.RunAsync(Array.IndexOf(behind, places[i]) is var asked and >= 0 ? missing[asked] : null, ct)));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
        finally
        {
            await Task.WhenAll(started.Select(static w => w.LetGoAsync()));
        }
    }

    private void RefuseOlderLog(LogPlace?[] checkpoints, LogPlace head)
    {
        foreach (var place in places)
        {
            if (checkpoints[place.Worker] is { } checkpoint && checkpoint.Ordinal > head.Ordinal)
            {
                throw OlderLog(place, checkpoint, head);
            }
        }
    }

    internal static FeedRefusedException OlderLog(WorkerPlace place, LogPlace checkpoint, LogPlace head) => new(
        $"The read model {place.Projection}, partition {place.Partition}, has folded up to ordinal {checkpoint.Ordinal}, but the log ends at "
        + $"{head.Ordinal}: it is an older copy of the log. Bring the newer one back, or delete the read models and the Relay's checkpoint.");
}
