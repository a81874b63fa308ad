using System.Diagnostics.Metrics;
using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>The Projector's figures per projection and partition, as OpenTelemetry collects them: meter <c>Timeline.Projector</c>. Of the partitions that this process owns.</summary>
internal sealed class ProjectorMeter : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Meter meter = new("Timeline.Projector");
    private readonly FeedProjector projector;
    private readonly IEventLog log;
    private readonly TimeProvider time;
    private volatile IReadOnlyList<(WorkerStatus Worker, long Events, double Seconds)> lags = [];

    /// <param name="feed">Messages that came again, and messages that could not be read, since the start.</param>
    public ProjectorMeter(FeedProjector projector, IEventLog log, IReadModels models, ChangePublisher changes, Func<(long Redelivered, long Rejected)> feed, TimeProvider time)
    {
        (this.projector, this.log, this.time) = (projector, log, time);
        meter.CreateObservableGauge("timeline.projector.lag.events", () => lags.Select(static l => Of(l.Events, l.Worker)), "{event}", "Events of the log that are not in the answers yet.");
        meter.CreateObservableGauge("timeline.projector.lag.seconds", () => lags.Select(static l => Of(l.Seconds, l.Worker)), "s", "How long the oldest of them has been in the log.");
        meter.CreateObservableCounter("timeline.projector.events", () => Owned().Select(static w => Of(w.AppliedEvents, w)), "{event}", "Events folded since the start.");
        meter.CreateObservableCounter("timeline.projector.commits", () => Owned().Select(static w => Of(w.Commits, w)), "{commit}", "Commits since the start.");
        meter.CreateObservableCounter("timeline.projector.gaps_healed", () => Owned().Select(static w => Of(w.GapsHealed, w)), "{gap}", "Times that the log was read for what the feed had not brought.");
        meter.CreateObservableCounter("timeline.projector.refused", () => Owned().Select(static w => Of(w.MessagesRefused, w)), "{message}", "Messages of another log, generation or partition.");
        meter.CreateObservableGauge(
            "timeline.projector.parked", () => Owned().Where(static w => Projections.Partitioned.Contains(w.Projection)).Select(w => Of(models.Parked(w.Projection, w.Partition).Count(static p => p.State == ParkedState.Outstanding), w)),
            "{event}", "Events and subjects that can't be folded and wait for a decision.");
        meter.CreateObservableCounter("timeline.projector.redelivered", () => feed().Redelivered, "{message}", "Messages that the broker gave again, of all partitions.");
        meter.CreateObservableCounter("timeline.projector.rejected", () => feed().Rejected, "{message}", "Messages that could not be read and went to the dead letters, of all partitions.");
        meter.CreateObservableCounter("timeline.changes.published", () => changes.Published, "{change}", "Changes that the bus has confirmed.");
        meter.CreateObservableCounter("timeline.changes.lost", () => changes.Lost, "{change}", "Changes that were pruned before the bus took them; consumers mend the gap with a snapshot.");
        meter.CreateObservableGauge("timeline.projector.failures", () => Owned().Select(static w => Of(w.Failures, w)), "{failure}", "Failures in a row; 0 while all is well.");
    }

    /// <summary>Measures the lag every second until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(ct).ConfigureAwait(false))
        {
            try
            {
                lags = await MeasureAsync(ct).ConfigureAwait(false);
            }
            catch (LogUnavailableException)
            {
                // The last measure stands until the log answers again; readiness says what is wrong.
            }
        }
    }

    public void Dispose() => meter.Dispose();

    private async Task<IReadOnlyList<(WorkerStatus, long, double)>> MeasureAsync(CancellationToken ct)
    {
        var head = (await log.HeadAsync(ct).ConfigureAwait(false)).Ordinal;
        var measured = new List<(WorkerStatus, long, double)>();
        var waiting = new Dictionary<Ordinal, double>();
        foreach (var w in Owned())
        {
            var behind = Math.Max(0, head.Value - w.Through.Ordinal.Value);
            var next = w.Through.Ordinal.Next;
            if (behind > 0 && !waiting.ContainsKey(next))
            {
                waiting[next] = await log.ReadAtAsync(next, ct).ConfigureAwait(false) is { } oldest ? Math.Max(0, (time.GetUtcNow() - oldest.Time).TotalSeconds) : 0;
            }

            measured.Add((w, behind, behind > 0 ? waiting[next] : 0));
        }

        return measured;
    }

    private IEnumerable<WorkerStatus> Owned() => projector.Status.Where(static w => w.Owns);

    private static Measurement<T> Of<T>(T value, WorkerStatus w)
        where T : struct => new(value, new KeyValuePair<string, object?>("projection", w.Projection), new KeyValuePair<string, object?>("partition", w.Partition));
}
