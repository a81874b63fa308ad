using System.Globalization;
using Timeline.Domain.Ports;

namespace Timeline.Hosting;

/// <summary>How far the Projectors have come, as they told on the board; for processes that fold nothing themselves.</summary>
internal sealed class BoardProgress(IProgressReadings board, TimeProvider time) : IProjectionProgress
{
    // Who waits for what was given sees it within this time of its commit.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);
    // An owner that has not been heard of for longer is gone; it tells every two seconds that it lives.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private Dictionary<(string, int), PartitionProgress> seen = [];
    private long version = -1;

    /// <summary>What all partitions have come to, added up.</summary>
    public long Folded => Seen().Values.Sum(static p => p.Through.Ordinal.Value);

    public LogPlace? Through(string projection, int partition) => Seen().GetValueOrDefault((projection, partition))?.Through;

    public PartitionStanding? Of(string projection, int partition) => Seen().GetValueOrDefault((projection, partition)) is { } told
        ? new PartitionStanding(board.Owners().TryGetValue(told.Owner, out var heard) && IsAlive(heard) ? told.Owner : null, told.LastCommit, told.GapsHealed, told.Failures, told.LastError)
        : null;

    public async Task WaitUntilAsync(Ordinal ordinal, CancellationToken ct)
    {
        while (Lowest() < ordinal)
        {
            await Task.Delay(Look, time, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Why answers stand still, in words; null while every partition has a Projector that lives.</summary>
    public string? Silent
    {
        get
        {
            var told = Seen();
            var alive = board.Owners().Where(o => IsAlive(o.Value)).Select(static o => o.Key).ToHashSet(StringComparer.Ordinal);
            var without = Projections.Places().Where(place => !told.TryGetValue(place, out var p) || !alive.Contains(p.Owner)).ToList();
            return without.Count == 0 ? null
                : string.Create(CultureInfo.InvariantCulture, $"{without.Count} partitions have no Projector that tells of itself, {without[0].Projection} {without[0].Partition} among them: start Timeline.Projector and Timeline.Relay, and see that the broker answers.");
        }
    }

    private bool IsAlive(DateTimeOffset heard) => time.GetUtcNow() - heard < Silence;

    private Ordinal Lowest()
    {
        var told = Seen();
        return Projections.Places().Select(place => told.GetValueOrDefault(place)?.Through.Ordinal ?? Ordinal.None).Min();
    }

    private Dictionary<(string, int), PartitionProgress> Seen()
    {
        lock (gate)
        {
            if (board.Version is var now && now != version)
            {
                seen = board.Read().ToDictionary(static p => (p.Projection, p.Partition));
                version = now;
            }

            return seen;
        }
    }
}
