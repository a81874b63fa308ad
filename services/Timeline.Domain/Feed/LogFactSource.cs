using Timeline.Domain.Ports;

namespace Timeline.Domain.Feed;

/// <summary>Finds events in the log by id. Shared by the partitions of a process; keeps the last ones, since all partitions ask for the same.</summary>
public sealed class LogFactSource(IEventLog log) : IFactSource
{
    private const int Kept = 1024;
    private readonly Lock gate = new();
    private readonly Dictionary<string, FeedEvent> known = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();
    private readonly Dictionary<string, Ordinal> missing = new(StringComparer.Ordinal);

    public async ValueTask<FeedEvent?> FindAsync(string id, Ordinal before, CancellationToken ct)
    {
        lock (gate)
        {
            if (known.TryGetValue(id, out var kept))
            {
                return kept.Ordinal < before ? kept : null;
            }

            // An id that is only named is asked for by every partition after every commit: the log is asked once for each place it has come to.
            if (missing.TryGetValue(id, out var upTo) && before <= upTo.Next)
            {
                return null;
            }
        }

        if (EventNames.Locate(id) is not var (stream, revision))
        {
            return null;
        }

        var head = await log.HeadAsync(ct).ConfigureAwait(false);
        var found = await log.ReadStreamAsync(stream, revision, 1, ct).ConfigureAwait(false);
        if (found.Count == 0)
        {
            Miss(id, head.Ordinal);
            return null;
        }

        var e = FeedEvent.Decode(found[0]);
        Keep(id, e);
        return e.Ordinal < before ? e : null;
    }

    private void Miss(string id, Ordinal upTo)
    {
        lock (gate)
        {
            if (missing.Count >= Kept * 8)
            {
                missing.Clear();
            }

            missing[id] = upTo;
        }
    }

    private void Keep(string id, FeedEvent e)
    {
        lock (gate)
        {
            if (known.TryAdd(id, e))
            {
                order.Enqueue(id);
                if (order.Count > Kept)
                {
                    known.Remove(order.Dequeue());
                }
            }
        }
    }
}
