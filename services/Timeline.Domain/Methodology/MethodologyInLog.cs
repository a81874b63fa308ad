using System.Text.Json;
using Timeline.Contracts;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Methodology;

/// <summary>Where a methodology stands in the log; its files are read when they are asked for.</summary>
public sealed record RecordedMethodology(string Name, string Hash, string? Reason, StreamName Stream, Revision Revision, Ordinal Ordinal, DateTimeOffset Time)
{
    /// <summary>The event's id: <c>methodology-v1</c> for the one that the log begins with, <c>methodologies/{n}</c> for the others.</summary>
    public string Event => EventNames.IdOf(Stream, Revision);
}

/// <summary>
/// Methodologies as the log holds them: the first in a stream of its own, all others in one stream, in order. They are few, so nothing needs to index them.
/// To hold one is not to be in force.
/// </summary>
public static class MethodologyInLog
{
    // A page may hold some megabytes: a methodology fills an event.
    private const int PageEvents = 16;

    /// <summary>The methodology of a name, or null where the log holds none. Throws <see cref="FormatException"/> for an event that holds something else.</summary>
    public static async Task<MethodologyVersion?> FindAsync(IEventLog log, string name, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (!MethodologyVersion.IsName(name))
        {
            return null;
        }

        await foreach (var (data, _) in ReadAsync(log, EventNames.ForMethodology(name), new Revision(0), ct).ConfigureAwait(false))
        {
            return MethodologyVersion.Parse(data.Name, data.Files);
        }

        await foreach (var (data, _) in ReadAsync(log, EventNames.Methodologies, new Revision(0), ct).ConfigureAwait(false))
        {
            if (data.Name == name)
            {
                return MethodologyVersion.Parse(data.Name, data.Files);
            }
        }

        return null;
    }

    /// <summary>Every methodology of the log, in its order.</summary>
    public static async Task<IReadOnlyList<RecordedMethodology>> ListAsync(IEventLog log, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(log);
        var all = new List<RecordedMethodology>();
        foreach (var stream in (StreamName[])[EventNames.ForMethodology(MethodologyVersion.FirstName), EventNames.Methodologies])
        {
            await foreach (var (data, e) in ReadAsync(log, stream, new Revision(0), ct).ConfigureAwait(false))
            {
                all.Add(new RecordedMethodology(data.Name, data.Hash, data.Reason, e.Stream, e.Revision, e.Ordinal, e.Time));
            }
        }

        return all;
    }

    private static async IAsyncEnumerable<(MethodologyData Data, LogEvent Event)> ReadAsync(
        IEventLog log, StreamName stream, Revision from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        while (await log.ReadStreamAsync(stream, from, PageEvents, ct).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var e in page)
            {
                yield return (DataOf(e), e);
            }

            from = new Revision(page[^1].Revision.Value + 1);
        }
    }

    private static MethodologyData DataOf(LogEvent e)
    {
        var id = EventNames.IdOf(e.Stream, e.Revision);
        try
        {
            return EventCodec.DecodeData(EventCodec.Decode(e.Data.Span)) as MethodologyData ?? throw new FormatException($"The log's {id} holds no methodology.");
        }
        catch (JsonException x)
        {
            throw new FormatException($"The log's {id} can't be read: {x.Message}", x);
        }
    }
}
