using System.Diagnostics.Metrics;
using System.Globalization;
using Timeline.Contracts.Answers;
using Timeline.Domain.Ports;

namespace Timeline.Audit;

/// <summary>
/// Goes round the partitions, one after the other, for ever, and keeps the last finding of each. A difference stays told until the same partition is found equal again.
/// </summary>
public sealed class Watch : IDisposable
{
    private readonly Reconciliation reconciliation;
    private readonly TimeSpan between;
    private readonly TimeProvider time;
    private readonly Action<Reconciled> alarm;
    private readonly Meter meter = new("Timeline.Audit");
    private readonly Lock gate = new();
    private readonly SortedDictionary<(string, int), (Reconciled Finding, DateTimeOffset At)> findings = [];
    private string? lastError;

    /// <param name="between">From the end of one partition's check to the begin of the next.</param>
    /// <param name="alarm">Told of every check that finds a difference which the one before it did not.</param>
    public Watch(Reconciliation reconciliation, TimeSpan between, TimeProvider time, Action<Reconciled> alarm)
    {
        (this.reconciliation, this.between, this.time, this.alarm) = (reconciliation, between, time, alarm);
        meter.CreateObservableGauge("timeline.audit.differing_subjects", () => Findings().Sum(static f => f.Finding.Differ.Count), "{subject}", "Subjects whose read model is not what the log gives.");
        meter.CreateObservableGauge("timeline.audit.partitions_checked", () => Findings().Count, "{partition}", "Partitions that have been re-derived since the start.");
    }

    /// <summary>Why the read models can't be trusted, in words; null while every partition that was checked equals the log.</summary>
    public string? Difference => Findings().Select(static f => f.Finding).FirstOrDefault(static f => f.Differ.Count > 0) is { } found
        ? string.Create(CultureInfo.InvariantCulture,
            $"{found.Projection}, partition {found.Partition}, is not what the log gives up to ordinal {found.At}: {string.Join(", ", found.Differ.Take(5))}{(found.Differ.Count > 5 ? ", ..." : "")}. Delete the folder readmodels while no Projector runs: it is built again.")
        : null;

    public AuditStatus Status => new(
        [.. Findings().Select(static f => new AuditFinding(
            f.Finding.Projection, f.Finding.Partition, f.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), f.Finding.At.Value, f.Finding.Events, f.Finding.Subjects, f.Finding.Differ))],
        lastError);

    /// <summary>Checks until cancelled. A log that is away is waited for.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            foreach (var (projection, partition) in Projections.Places().Where(static p => !Projections.Single.Contains(p.Projection)))
            {
                try
                {
                    Keep(await reconciliation.CheckAsync(projection, partition, ct).ConfigureAwait(false));
                }
                catch (LogUnavailableException e)
                {
                    lastError = e.Message;
                }

                await Task.Delay(between, time, ct).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => meter.Dispose();

    private void Keep(Reconciled found)
    {
        bool isKnown;
        lock (gate)
        {
            isKnown = findings.TryGetValue((found.Projection, found.Partition), out var before) && before.Finding.Differ.SequenceEqual(found.Differ);
            findings[(found.Projection, found.Partition)] = (found, time.GetUtcNow());
            lastError = null;
        }

        if (found.Differ.Count > 0 && !isKnown)
        {
            alarm(found);
        }
    }

    private List<(Reconciled Finding, DateTimeOffset At)> Findings()
    {
        lock (gate)
        {
            return [.. findings.Values];
        }
    }
}
