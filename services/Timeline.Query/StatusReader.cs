using System.Globalization;
using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Quarantine;

namespace Timeline.Query;

/// <summary>How the service stands: the log's length, and of every partition how far it has come, who has it, and what to do where it does not go on.</summary>
internal sealed class StatusReader(
    IEventLog log, IReadModels models, IProjectionProgress progress, MethodologyVersion methodology, ClockResolver clockResolver, TimeProvider clock)
{
    /// <summary>Seconds without a commit, with something to do, after which the feed is under suspicion.</summary>
    private const int Quiet = 10;

    public async Task<Status> ReadAsync(CancellationToken ct)
    {
        var head = (await log.HeadAsync(ct).ConfigureAwait(false)).Ordinal;
        var waiting = new Dictionary<Ordinal, long>();
        var partitions = new List<PartitionStatus>();
        foreach (var (projection, partition) in Projections.Places(models.Info.Partitions))
        {
            var through = models.Through(projection, partition).Ordinal;
            var behind = Math.Max(0, head.Value - through.Value);
            if (behind > 0 && !waiting.ContainsKey(through))
            {
                waiting[through] = await SecondsInLogAsync(through.Next, ct).ConfigureAwait(false);
            }

            partitions.Add(Of(projection, partition, through, behind, behind > 0 ? waiting[through] : 0));
        }

        return new Status
        {
            LogId = models.Info.LogId,
            Events = head.Value + 1,
            Today = clockResolver.Today(clockResolver.Reached()) is { } day ? When.Format(day) : null,
            Methodology = new MethodologyRef(methodology.Name, methodology.Hash),
            Generation = models.Info.Generation,
            Epoch = models.Info.Epoch,
            Lag = partitions.Max(p => p.Lag),
            Partitions = partitions,
        };
    }

    private PartitionStatus Of(string projection, int partition, Ordinal through, long behind, long seconds)
    {
        var standing = progress.Of(projection, partition);
        var single = Projections.Single.Contains(projection);
        var entries = single ? models.SetAside.Count(new SetAsideSelection(null, null, null, null), through).Total : models.Entries(projection, partition);
        var parked = single ? 0 : models.Parked(projection, partition).Count(static p => p.State == ParkedState.Outstanding);
        var (waits, next) = Advice(standing, seconds, behind, parked);
        return new PartitionStatus(
            projection, partition, through.Value, behind, seconds, entries, parked, standing?.GapsHealed ?? 0, standing?.Owner,
            standing?.LastCommit?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), waits, next);
    }

    // The first thing that stands in the way, and what to type.
    private (string? Waits, string? Next) Advice(PartitionStanding? standing, long seconds, long behind, int parked) =>
        standing?.Owner is null ? ("no Projector that lives has told of it", "start Timeline.Projector and see its /health/ready; timeline doctor")
        : standing.Failures > 0 ? (standing.LastError, "mend what it says; it tries again by itself. timeline doctor")
        : behind > 0 && seconds >= Quiet && (standing.LastCommit is not { } last || (clock.GetUtcNow() - last).TotalSeconds >= Quiet)
            ? ($"its Projector lives and has committed nothing for {Quiet} s: the feed brings nothing", "see /health/ready of Timeline.Relay, and that the broker answers; timeline doctor")
        : (behind > 0 ? "it is being folded" : null, parked > 0 ? "timeline parked list" : null);

    private async Task<long> SecondsInLogAsync(Ordinal ordinal, CancellationToken ct) =>
        await log.ReadAtAsync(ordinal, ct).ConfigureAwait(false) is { } oldest ? Math.Max(0, (long)Math.Ceiling((clock.GetUtcNow() - oldest.Time).TotalSeconds)) : 0;
}
