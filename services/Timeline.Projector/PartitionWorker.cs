using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>Opens a projection's partition at what it has stored. Where the result can be disposed, it is when it is let go.</summary>
public delegate Task<IPartitionProjection> OpenPartition(string projection, int partition, CancellationToken ct);

/// <summary>
/// Folds one projection's partition, alone: takes what waits into one commit, heals what is missing from the log, and starts again from
/// what is stored whenever anything goes wrong.
/// </summary>
internal sealed class PartitionWorker(WorkerPlace place, FeedIdentity identity, FeedProjectorOptions options, WorkerPorts ports)
{
    private IPartitionProjection? projection;
    private bool progressed;
    private bool feedIsAway;
    private volatile WorkerStatus status = new(place.Projection, place.Partition, LogPlace.Start, LogPlace.Start, 0, 0, 0, 0, 0, null);

    public WorkerStatus Status => status;

    private void Set(WorkerStatus to)
    {
        status = to;
        ports.Changed.Ring();
    }

    /// <summary>What the partition has stored, or null where it can't be opened now: the status says why, and <see cref="RunAsync"/> tries again.</summary>
    public async Task<LogPlace?> OpenAsync(CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            return (await OpenedAsync(ct)).Checkpoint;
        }
#pragma warning disable CA1031 // Told by the status; RunAsync tries again.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Note(e);
            return null;
        }
    }

    /// <summary>Folds until cancelled; a commit that has begun is finished. <paramref name="missing"/> is read first, where it was asked for already.</summary>
    public async Task RunAsync(MissingEvents? missing, CancellationToken ct)
    {
        await Task.Yield();
        while (!ct.IsCancellationRequested)
        {
            try
            {
                progressed = false;
                await using var subscription = await ports.Feed.SubscribeAsync(place.Projection, place.Partition, ct);
                FeedIsBack();
                if (await subscription.ActiveAsync(ct))
                {
                    var opened = await OpenedAsync(ct);
                    await ConsumeAsync(new PendingCommit(opened), subscription, missing, ct);
                }

                // The broker is away, or another process has its share now: whoever subscribes again learns which. Not in a hurry, where nothing came of it.
                Set(status with { Owns = false });
                if (!progressed)
                {
                    await Task.Delay(RetryDelay.After(1), ports.Time, ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
            }
#pragma warning disable CA1031 // Whatever it was, the status tells it, and the partition starts again from what is stored.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Note(e);
            }

            missing?.Dispose();
            missing = null;
            await LetGoAsync();
            if (!ct.IsCancellationRequested && status.Failures > 0)
            {
                await Task.Delay(RetryDelay.After(status.Failures), ports.Time, ct)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private async Task ConsumeAsync(PendingCommit pending, IFeedSubscription subscription, MissingEvents? missing, CancellationToken ct)
    {
        if (missing is not null)
        {
            await TakeMissingAsync(pending, missing, ct);
        }

        FeedDelivery? last = null;
        long? gathering = null;
        var next = subscription.WaitAsync(ct).AsTask();
        while (await next)
        {
            while (!ct.IsCancellationRequested && pending.Events < options.EventsPerCommit && subscription.TryTake(out var delivery))
            {
                using (FoldTrace.Start(place, delivery))
                {
                    await TakeAsync(pending, delivery.Message, ct);
                }

                last = delivery;
            }

            next = subscription.WaitAsync(ct).AsTask();
            if (!ct.IsCancellationRequested && pending.Events >= options.GatherFrom && pending.Events < options.EventsPerCommit
                && options.GatherFor - ports.Time.GetElapsedTime(gathering ??= ports.Time.GetTimestamp()) is var left && left > TimeSpan.Zero && await ComesWithinAsync(left, next, ct))
            {
                continue;
            }

            gathering = null;

            if (pending.HasNews)
            {
                await CommitAsync(pending);
            }
            else
            {
                await pending.Projection.RestAsync(CancellationToken.None);
            }

            if (status.Failures > 0)
            {
                Set(status with { Failures = 0 });
            }

            if (last is { } delivered)
            {
                await subscription.AcknowledgeAsync(delivered, ct);
                last = null;
            }

            ct.ThrowIfCancellationRequested();
        }
    }

    // So many events at once are the log being caught up with: larger commits are far cheaper, and nobody waits for one more than for the next.
    private async Task<bool> ComesWithinAsync(TimeSpan time, Task<bool> next, CancellationToken ct)
    {
        try
        {
            return await next.WaitAsync(time, ports.Time, ct);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task TakeAsync(PendingCommit pending, FeedMessage message, CancellationToken ct)
    {
        if (MessageCases.Refusal(message, identity, place.Partition) is { } refusal)
        {
            Set(status with { MessagesRefused = status.MessagesRefused + 1, LastError = refusal });
            return;
        }

        var step = MessageCases.Of(message, pending.Through);
        if (step.Case == MessageCase.Heal)
        {
            using var missing = ports.Reader.Read(place.Partition, pending.Through, message.Previous);
            await TakeMissingAsync(pending, missing, ct);
            Set(status with { GapsHealed = status.GapsHealed + 1 });
            step = MessageCases.Of(message, pending.Through);
        }

        if (step.Case is MessageCase.Apply or MessageCase.Advance)
        {
            await pending.AddAsync(message.Events, step.First, message.Through);
        }
    }

    // Late already, so it is worth waiting for a commit of many pages.
    private async Task TakeMissingAsync(PendingCommit pending, MissingEvents missing, CancellationToken ct)
    {
        var pages = 0;
        while (await missing.WaitAsync(ct))
        {
            while (missing.TryTake(out var page))
            {
                await pending.AddAsync(page!.Events, 0, page.Through);
                pages++;
            }

            if (pending.Events >= options.EventsPerCommit || pages >= options.HealedPerCommit / options.PageEvents)
            {
                await CommitAsync(pending);
                pages = 0;
            }

            ct.ThrowIfCancellationRequested();
        }

        await CommitAsync(pending);
    }

    // Not cancelled with the worker: a commit that has begun is finished.
    private async Task CommitAsync(PendingCommit pending)
    {
        if (!pending.HasNews)
        {
            return;
        }

        await pending.Projection.CommitAsync(pending.Through, CancellationToken.None);
        progressed = true;
        Set(status with
        {
            Checkpoint = pending.Projection.Checkpoint,
            Through = pending.Through,
            AppliedEvents = status.AppliedEvents + pending.Events,
            Commits = status.Commits + 1,
            LastCommit = ports.Time.GetUtcNow(),
            Failures = 0,
        });
        pending.Committed();
        ports.Visibility.Report(place.Worker, pending.Through.Ordinal);
    }

    private async Task<IPartitionProjection> OpenedAsync(CancellationToken ct)
    {
        if (projection is null)
        {
            projection = await ports.Open(place.Projection, place.Partition, ct);
            if (options.SharesPartitions)
            {
                await RefuseOlderLogAsync(projection, ct);
            }

            Set(status with { Checkpoint = projection.Checkpoint, Through = projection.Checkpoint, Owns = true });
            ports.Visibility.Report(place.Worker, projection.Checkpoint.Ordinal);
        }

        return projection;
    }

    // What kept it from the feed is over; whether the partition can be folded shows when it is.
    private void FeedIsBack()
    {
        if (feedIsAway)
        {
            feedIsAway = false;
            Set(status with { Failures = 0 });
        }
    }

    // Another owner's commit is no fault: the first time, the partition goes on at once from what that one has stored.
    private void Note(Exception e)
    {
        feedIsAway = e is FeedUnavailableException;
        Set(status with { Owns = status.Owns && projection is not null, Failures = e is CheckpointMovedException && progressed ? 0 : status.Failures + 1, LastError = e.Message });
    }

    private async Task RefuseOlderLogAsync(IPartitionProjection opened, CancellationToken ct)
    {
        var head = await ports.Reader.HeadAsync(ct);
        if (opened.Checkpoint.Ordinal > head.Ordinal)
        {
            throw FeedProjector.OlderLog(place, opened.Checkpoint, head);
        }
    }

    /// <summary>Disposes of the projection; the next use opens it again.</summary>
    public async Task LetGoAsync()
    {
        var old = projection;
        projection = null;
        try
        {
            switch (old)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }
        }
#pragma warning disable CA1031 // It is let go either way; what failed is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Note(e);
        }
    }
}
