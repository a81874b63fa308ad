using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>Tells other processes where this one's partitions stand: at once when something changes, and every few seconds that it lives.</summary>
public sealed class ProgressReporter(FeedProjector projector, IProgressBoard board, string owner, TimeProvider time)
{
    // One write serves all that changed meanwhile.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(string, int), WorkerStatus> told = [];

    /// <summary>Tells until cancelled. A board that can't be written is tried again: nothing but answers about progress depends on it.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var failures = 0;
        while (!ct.IsCancellationRequested)
        {
            var next = projector.NextChangeAsync();
            try
            {
                Tell();
                failures = 0;
            }
#pragma warning disable CA1031 // Whatever it was, it passes or the disk is full: the fold itself goes on and says so.
            catch (Exception) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                failures++;
                told.Clear();
            }

            await Task.Delay(failures > 0 ? RetryDelay.After(failures) : Gather, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await next.WaitAsync(Alive, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Tell()
    {
        var changed = new List<PartitionProgress>();
        foreach (var s in projector.Status)
        {
            // Who has let go does not speak for the partition any more: the next owner does.
            if (s.Owns && (!told.TryGetValue((s.Projection, s.Partition), out var before) || !ReferenceEquals(before, s)))
            {
                told[(s.Projection, s.Partition)] = s;
                changed.Add(new PartitionProgress(s.Projection, s.Partition, owner, s.Through, s.LastCommit, s.AppliedEvents, s.GapsHealed, s.MessagesRefused, s.Failures, s.LastError));
            }
        }

        board.Tell(owner, time.GetUtcNow(), changed);
    }
}
