using Timeline.Domain.Ports;

namespace Timeline.Domain.Feed;

/// <summary>Finds events in the log by id. Shared by the partitions of a process; keeps the last rows at hand, since repeats mostly follow soon.</summary>
public sealed class LogFactSource(IEventLog log) : IFactSource
{
    private const int RecentBytes = 8 * 1024 * 1024;
    private const int KeptMisses = 8192;

    /// <summary>Events found last, decoded: all partitions and projections ask for the same within moments.</summary>
    private const int KeptDecoded = 128;
    private readonly Lock gate = new();
    private readonly RecentRows recent = new(RecentBytes);
    private readonly Dictionary<string, Ordinal> missing = new(StringComparer.Ordinal);
    private readonly FeedEvent?[] decoded = new FeedEvent?[KeptDecoded];

    public async ValueTask<FeedEvent?> FindAsync(string id, Ordinal before, CancellationToken ct)
    {
        if (decoded[SlotOf(id)] is { } last && last.Id == id)
        {
            return last.Ordinal < before ? last : null;
        }

        if (EventNames.Locate(id) is not var (stream, revision) || IsMissing(id, before))
        {
            return null;
        }

        if (!recent.TryGet(stream, revision, out var row))
        {
            var head = await log.HeadAsync(ct).ConfigureAwait(false);
            var found = await log.ReadStreamAsync(stream, revision, 1, ct).ConfigureAwait(false);
            if (found.Count == 0)
            {
                Miss(id, head.Ordinal);
                return null;
            }

            row = found[0];
            recent.Add(row);
        }

        var e = FeedEvent.Decode(row);
        decoded[SlotOf(id)] = e;
        return e.Ordinal < before ? e : null;
    }

    public async ValueTask<string> IdAtAsync(Ordinal ordinal, CancellationToken ct) =>
        await log.ReadAtAsync(ordinal, ct).ConfigureAwait(false) is { } e
            ? EventNames.IdOf(e.Stream, e.Revision)
            : throw new InvalidDataException($"The read model names event {ordinal}, which the log does not hold: it belongs to another log.");

    public void Keep(FeedEvent row)
    {
        ArgumentNullException.ThrowIfNull(row);
        recent.Add(row.Log);
    }

    private static uint SlotOf(string id) => unchecked((uint)id.GetHashCode(StringComparison.Ordinal)) % KeptDecoded;

    // An id that is only named is asked for by every partition after every commit: the log is asked once for each place it has come to.
    private bool IsMissing(string id, Ordinal before)
    {
        lock (gate)
        {
            return missing.TryGetValue(id, out var upTo) && before <= upTo.Next;
        }
    }

    private void Miss(string id, Ordinal upTo)
    {
        lock (gate)
        {
            if (missing.Count >= KeptMisses)
            {
                missing.Clear();
            }

            missing[id] = upTo;
        }
    }
}
