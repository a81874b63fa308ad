using System.Collections.Concurrent;
using Timeline.Domain;
using Timeline.Domain.Ports;

namespace Timeline.Query;

/// <summary>From ordinals, which the ledger holds, to the ids that users know.</summary>
internal sealed class EventIds(IEventLog log)
{
    private const int Kept = 50_000;
    private readonly ConcurrentDictionary<Ordinal, string> known = new();

    public async ValueTask<string> IdAsync(Ordinal ordinal, CancellationToken ct)
    {
        if (known.TryGetValue(ordinal, out var id))
        {
            return id;
        }

        var e = await log.ReadAtAsync(ordinal, ct).ConfigureAwait(false)
            ?? throw new InvalidDataException($"The read model names event {ordinal}, which the log does not hold: it belongs to another log.");
        if (known.Count >= Kept)
        {
            known.Clear();
        }

        return known[ordinal] = EventNames.IdOf(e.Stream, e.Revision);
    }

    public async ValueTask<IReadOnlyList<string>> IdsAsync(IReadOnlyList<Ordinal> ordinals, CancellationToken ct)
    {
        var ids = new string[ordinals.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = await IdAsync(ordinals[i], ct).ConfigureAwait(false);
        }

        return ids;
    }
}
