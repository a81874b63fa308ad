using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>How far every worker has come, and who waits for all of them.</summary>
internal sealed class Visibility(int workers)
{
    private readonly Lock gate = new();
    private readonly Ordinal[] through = Enumerable.Repeat(Ordinal.None, workers).ToArray();
    private readonly List<(Ordinal Ordinal, TaskCompletionSource Seen)> waiting = [];

    /// <summary>The lowest of all workers.</summary>
    public Ordinal Lowest
    {
        get
        {
            lock (gate)
            {
                return LowestOfAll();
            }
        }
    }

    /// <summary>A worker has come to an ordinal; back, too, when it starts again from what it had stored.</summary>
    public void Report(int worker, Ordinal ordinal)
    {
        lock (gate)
        {
            through[worker] = ordinal;
            if (waiting.Count == 0)
            {
                return;
            }

            var lowest = LowestOfAll();
            for (var i = waiting.Count - 1; i >= 0; i--)
            {
                if (waiting[i].Ordinal <= lowest)
                {
                    waiting[i].Seen.TrySetResult();
                    waiting.RemoveAt(i);
                }
            }
        }
    }

    public async Task WaitAsync(Ordinal ordinal, CancellationToken ct)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (ordinal <= LowestOfAll())
            {
                return;
            }

            waiting.Add((ordinal, seen));
        }

        try
        {
            await seen.Task.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            lock (gate)
            {
                waiting.Remove((ordinal, seen));
            }

            throw;
        }
    }

    private Ordinal LowestOfAll()
    {
        var lowest = through[0];
        foreach (var ordinal in through)
        {
            lowest = ordinal < lowest ? ordinal : lowest;
        }

        return lowest;
    }
}
