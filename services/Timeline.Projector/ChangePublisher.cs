using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Timeline.Domain.Changes;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>
/// Gives changes to the bus, from the outboxes of the partitions that this process folds: in order within a subject, each confirmed before the next. Starts
/// again behind what was confirmed last, so everything arrives at least once. Two processes that publish one partition at once repeat, never skip.
/// </summary>
/// <param name="open">Opens the outbox of a projection's partition.</param>
/// <param name="log">Tells which trace an event belongs to; null: none is continued.</param>
public sealed class ChangePublisher(Func<string, int, IChangeOutbox> open, IChangePublisher bus, TimeProvider time, IEventLog? log = null)
{
    private static readonly ActivitySource Traces = new("Timeline.Projector");

    /// <summary>Changes read at a time, after which what was confirmed is remembered.</summary>
    private const int Page = 100;

    private readonly ConcurrentDictionary<(string Projection, int Partition), SemaphoreSlim> rung = new();
    private readonly Channel<(string Projection, int Partition)> first = Channel.CreateUnbounded<(string, int)>();
    private readonly ConcurrentDictionary<(string Projection, int Partition), PublisherFailure> failures = new();
    private long published;
    private long lost;

    /// <summary>Changes that the bus has confirmed since the process started.</summary>
    public long Published => Interlocked.Read(ref published);

    /// <summary>Changes that were pruned before the bus took them, for it was away too long; consumers find the gap and mend it with a snapshot.</summary>
    public long Lost => Interlocked.Read(ref lost);

    /// <summary>The partition whose changes can't be given to the bus for the longest; null: all is well.</summary>
    public PublisherFailure? Failing => failures.Values.MaxBy(static f => f.Failures);

    /// <summary>There may be changes in a partition's outbox.</summary>
    public void Ring(string projection, int partition)
    {
        var signal = new SemaphoreSlim(1);
        if (rung.GetOrAdd((projection, partition), signal) is var known && ReferenceEquals(known, signal))
        {
            first.Writer.TryWrite((projection, partition));
        }
        else if (known.CurrentCount == 0)
        {
            known.Release();
        }
    }

    /// <summary>Publishes until cancelled. What fails is tried again by itself; the status tells.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var running = new List<Task>();
        try
        {
            await foreach (var place in first.Reader.ReadAllAsync(ct).ConfigureAwait(false))
            {
                running.Add(PublishAsync(place, rung[place], ct));
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task PublishAsync((string Projection, int Partition) place, SemaphoreSlim signal, CancellationToken ct)
    {
        await Task.Yield();
        IChangeOutbox? outbox = null;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await signal.WaitAsync(ct).ConfigureAwait(false);
                outbox ??= open(place.Projection, place.Partition);
                while (await PublishPageAsync(outbox, ct).ConfigureAwait(false))
                {
                    failures.TryRemove(place, out _);
                }

                failures.TryRemove(place, out _);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
            }
#pragma warning disable CA1031 // reason: whatever it was, the status tells it, and it is tried again
            catch (Exception e)
#pragma warning restore CA1031
            {
                (outbox as IDisposable)?.Dispose();
                outbox = null;
                var failed = failures.AddOrUpdate(place, _ => new PublisherFailure(place.Projection, place.Partition, 1, e.Message), (_, f) => f with { Failures = f.Failures + 1, LastError = e.Message });
                await Task.Delay(RetryDelay.After(failed.Failures), time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Ring(place.Projection, place.Partition);
            }
        }

        (outbox as IDisposable)?.Dispose();
    }

    private async Task PublishInOrderAsync(IReadOnlyList<StoredChange> changes, IEnumerable<int> places, bool[] confirmed, CancellationToken ct)
    {
        foreach (var i in places)
        {
            using (await StartTraceAsync(changes[i], ct).ConfigureAwait(false))
            {
                await bus.PublishAsync(changes[i], ct).ConfigureAwait(false);
            }

            confirmed[i] = true;
            Interlocked.Increment(ref published);
        }
    }

    // A change joins the trace of the event that made it.
    private async ValueTask<Activity?> StartTraceAsync(StoredChange change, CancellationToken ct) =>
        Traces.HasListeners() && log is not null && await log.ReadAtAsync(change.Place.Ordinal, ct).ConfigureAwait(false) is { } e && TraceContext.Of(e) is { } parent
            ? Traces.StartActivity("timeline.change.publish", ActivityKind.Producer, parent)?.SetTag("timeline.subject", change.Subject).SetTag("timeline.type", change.Type)
            : null;

    private async Task<bool> PublishPageAsync(IChangeOutbox outbox, CancellationToken ct)
    {
        var (changes, pruned) = outbox.Untold(Page);
        Interlocked.Add(ref lost, pruned);
        var confirmed = new bool[changes.Count];
        try
        {
            // Order matters within a subject; to wait for one subject's confirms with another's would make the busiest partition the slowest by far.
            await Task.WhenAll(Enumerable.Range(0, changes.Count).GroupBy(i => changes[i].Subject, StringComparer.Ordinal).Select(places => PublishInOrderAsync(changes, places, confirmed, ct))).ConfigureAwait(false);
        }
        finally
        {
            // What was confirmed behind one that was not is told again.
            outbox.MarkTold(Array.IndexOf(confirmed, false) is >= 0 and var first ? first : confirmed.Length);
        }

        return changes.Count == Page;
    }
}

/// <summary>A partition whose changes can't be given to the bus now: how often in a row, and why.</summary>
public sealed record PublisherFailure(string Projection, int Partition, int Failures, string LastError);
