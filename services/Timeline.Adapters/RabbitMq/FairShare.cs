namespace Timeline.Adapters.RabbitMq;

/// <summary>
/// Which partitions a process lets go, so that several processes come to even shares without talking to each other: the broker gives every partition to whoever
/// subscribed first, and to the next in line when that one lets go.
/// </summary>
internal sealed class FairShare(int queues, TimeSpan keep)
{
    private readonly Dictionary<string, TimeSpan> letGo = new(StringComparer.Ordinal);
    private int processes;

    /// <summary>Queues that one of so many processes may hold: no process holds more when all hold at most this.</summary>
    public static int Of(int queues, int processes) => (queues + Math.Max(1, processes) - 1) / Math.Max(1, processes);

    /// <summary>
    /// The queues to let go at <paramref name="now"/>, on any clock: those beyond this process's share, the last ones first. None until the number of processes was
    /// the same twice: one that starts has not subscribed to all yet. A queue that came back is kept for a while: nobody else wants it.
    /// </summary>
    public IReadOnlyList<string> LetGo(IReadOnlyCollection<string> active, int processesNow, TimeSpan now)
    {
        var settled = processesNow == processes;
        processes = processesNow;
        var beyond = active.Count - Of(queues, processesNow);
        if (!settled || beyond <= 0)
        {
            return [];
        }

        var chosen = active
            .Where(queue => !letGo.TryGetValue(queue, out var at) || now - at >= keep)
            .OrderDescending(StringComparer.Ordinal)
            .Take(beyond)
            .ToList();
        foreach (var queue in chosen)
        {
            letGo[queue] = now;
        }

        return chosen;
    }
}
