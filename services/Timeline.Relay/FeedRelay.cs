using System.Diagnostics;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Relay;

/// <summary>
/// Follows the log and publishes it, and only after the broker's confirm saves how far it has come: a crash repeats, never loses, and two
/// Relays at once only repeat. Writes the feed and its own checkpoint, nothing else.
/// </summary>
public sealed class FeedRelay
{
    private static readonly ActivitySource Traces = new("Timeline.Relay");

    private readonly FeedRelayOptions options;
    private readonly IEventLog log;
    private readonly IFeedPublisher publisher;
    private readonly IRelayCheckpointStore checkpoints;
    private readonly TimeProvider time;
    private volatile RelayStatus status = new(LogPlace.Start, 0, 0, 0, null);

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> for options out of their range.</summary>
    public FeedRelay(FeedRelayOptions options, IEventLog log, IFeedPublisher publisher, IRelayCheckpointStore checkpoints, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        this.log = log;
        this.publisher = publisher;
        this.checkpoints = checkpoints;
        this.time = time;
    }

    public RelayStatus Status => status;

    /// <summary>
    /// Publishes until cancelled, then saves what has been confirmed and returns. Waits and tries again where the log, the broker or the
    /// checkpoint's store fails. Throws <see cref="FeedRefusedException"/> where the checkpoint is not of this log: no retry mends that.
    /// </summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await Task.Yield();
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await PublishFromCheckpointAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (FeedRefusedException e)
            {
                status = status with { Failures = status.Failures + 1, LastError = e.Message };
                throw;
            }
#pragma warning disable CA1031 // Whatever it was, the status tells it, and what was not confirmed is published again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                status = status with { Failures = status.Failures + 1, LastError = e.Message };
            }

            if (status.Failures > 0)
            {
                await Task.Delay(RetryDelay.After(status.Failures), time, ct)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private async Task PublishFromCheckpointAsync(CancellationToken ct)
    {
        var batcher = new FeedBatcher(new FeedIdentity(log.LogId, options.Partitions, options.Generation), await checkpoints.LoadAsync(ct), publisher.Carries);
        var head = await log.HeadAsync(ct);
        if (head.Ordinal < batcher.Through.Ordinal)
        {
            throw new FeedRefusedException(
                $"The Relay has published up to ordinal {batcher.Through.Ordinal}, but the log ends at {head.Ordinal}: it is an older copy of the "
                + "log. Bring the newer one back, or delete the read models and the Relay's checkpoint.");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var follow = new LogFollow(log.FollowAllAsync(batcher.Through, options.PageEvents, stop.Token), time);
        var run = new Run(this, batcher);
        try
        {
            await run.PublishAsync(follow, stop.Token);
        }
        finally
        {
            stop.Cancel();
            await run.EndAsync();
            if (ct.IsCancellationRequested)
            {
                await run.SaveAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>From a start to the next failure.</summary>
    private sealed class Run(FeedRelay relay, FeedBatcher batcher)
    {
        private readonly FeedRelayOptions options = relay.options;
        private readonly TimeProvider time = relay.time;
        private readonly Queue<Batch> underWay = new();
        private List<FeedMessage> ready = [];
        private bool behind;
        private long openSince;
        private long beatAt = relay.time.GetTimestamp();
        private long announcedAt = relay.time.GetTimestamp();
        private bool owesAnnouncement;
        private long? savedAt;
        private RelayCheckpoint? unsaved;
        private LogPlace confirmed = batcher.Through;
        private long decoded;

        private TimeSpan Window => behind && options.CatchUpWindow > options.BatchWindow ? options.CatchUpWindow : options.BatchWindow;

        public async Task PublishAsync(LogFollow follow, CancellationToken ct)
        {
            // Every partition learns at once where it stands, before anything new comes.
            batcher.Heartbeats(ready);
            await SendAsync(ct);
            while (true)
            {
                var beat = Left(beatAt, options.Heartbeat);
                var flush = batcher.HasOpen ? Left(openSince, Window) : beat;
                var announce = owesAnnouncement ? Left(announcedAt, options.Announce) : beat;
                var first = flush < beat ? flush : beat;
                if (await follow.NextAsync(announce < first ? announce : first, ct) is { } page)
                {
                    await TakeAsync(page, ct);
                }

                if (batcher.HasOpen && Left(openSince, Window) <= TimeSpan.Zero)
                {
                    batcher.Flush(batcher.Through, announce: false, ready);
                }

                if (owesAnnouncement && Left(announcedAt, options.Announce) <= TimeSpan.Zero)
                {
                    batcher.Flush(batcher.Through, announce: true, ready);
                    (owesAnnouncement, announcedAt) = (false, time.GetTimestamp());
                }

                if (Left(beatAt, options.Heartbeat) <= TimeSpan.Zero)
                {
                    batcher.Heartbeats(ready);
                    beatAt = time.GetTimestamp();
                }

                await SendAsync(ct);
            }
        }

        public async Task SaveAsync(CancellationToken ct)
        {
            if (unsaved is { } checkpoint)
            {
                await relay.checkpoints.SaveAsync(checkpoint, ct);
                unsaved = null;
                savedAt = time.GetTimestamp();
            }
        }

        /// <summary>What is under way has ended afterwards, well or not.</summary>
        public async Task EndAsync() => await Task.WhenAll(underWay.Select(static b => b.Sent)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        private async Task TakeAsync(LogPage page, CancellationToken ct)
        {
            behind = !page.CaughtUp;
            var wasOpen = batcher.HasOpen;
            foreach (var e in page.Events)
            {
                batcher.Add(FeedEvent.Decode(e), ready);
                decoded++;
                if (ready.Count >= options.Partitions)
                {
                    await SendAsync(ct);
                }
            }

            openSince = wasOpen ? openSince : time.GetTimestamp();
            if (page.CaughtUp && options.Announce > TimeSpan.Zero)
            {
                owesAnnouncement = true;
            }
            else if (page.CaughtUp)
            {
                // Nothing more is on its way, so nobody is helped by waiting for it.
                batcher.Flush(page.Through, announce: true, ready);
            }
        }

        // While the log has more, batches are made and sent while the broker confirms those before them.
        private async Task SendAsync(CancellationToken ct)
        {
            if (ready.Count > 0)
            {
                await ConfirmedAsync(leave: options.BatchesUnderWay - 1);
                underWay.Enqueue(new Batch(PublishAsync(ready, ct), ready.Count, decoded, batcher.HasOpen ? null : batcher.Checkpoint()));
                (ready, decoded) = ([], 0);
            }

            await ConfirmedAsync(leave: behind ? options.BatchesUnderWay : 0);
            if (!batcher.HasOpen && batcher.Through != confirmed && underWay.Count == 0)
            {
                Reached(batcher.Checkpoint());
            }

            if (savedAt is not { } at || Left(at, options.CheckpointInterval) <= TimeSpan.Zero)
            {
                await SaveAsync(ct);
            }
        }

        // In their order: what comes after one that failed is no progress.
        private async Task ConfirmedAsync(int leave)
        {
            while (underWay.TryPeek(out var first) && (underWay.Count > leave || first.Sent.IsCompleted))
            {
                await first.Sent;
                underWay.Dequeue();
                relay.status = relay.status with { Events = relay.status.Events + first.Events, Messages = relay.status.Messages + first.Messages, Failures = 0 };
                if (first.After is { } after)
                {
                    Reached(after);
                }
            }
        }

        private void Reached(RelayCheckpoint checkpoint)
        {
            unsaved = checkpoint;
            confirmed = checkpoint.Place;
            relay.status = relay.status with { Published = confirmed };
        }

        private async Task PublishAsync(List<FeedMessage> messages, CancellationToken ct)
        {
            using (StartTrace(messages))
            {
                await relay.publisher.PublishAsync(messages, ct);
            }
        }

        // Message headers take the context of what is under way here.
        private static Activity? StartTrace(List<FeedMessage> messages) => Traces.HasListeners() && TraceContext.Of(messages.SelectMany(static m => m.Events)) is { } trace
            ? Traces.StartActivity("timeline.relay.publish", ActivityKind.Producer, trace.Parent, links: trace.Links)
            : null;

        private TimeSpan Left(long since, TimeSpan of) => of - time.GetElapsedTime(since);

        /// <summary><see cref="After"/>: what may be saved once it and all before it are confirmed; null where events wait in open batches.</summary>
        private sealed record Batch(Task Sent, int Messages, long Events, RelayCheckpoint? After);
    }
}
