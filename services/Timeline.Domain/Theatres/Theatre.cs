using Timeline.Contracts;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Theatres;

/// <summary>One definition of a theatre, as it stands in the log. The latest of a name is in force; one without members closes the theatre.</summary>
/// <param name="Name">A slug.</param>
/// <param name="Members">Subjects, ordinally sorted, each once.</param>
/// <param name="Event">The definition's id, <c>theatres/{n}</c>.</param>
public sealed record Theatre(string Name, string Title, IReadOnlyList<string> Members, string? Reason, string Event, Ordinal Ordinal, DateTimeOffset Time)
{
    public bool IsClosed => Members.Count == 0;

    /// <summary>Whether a definition would say anything that this one does not.</summary>
    public bool Says(TheatreData other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Name == other.Theatre && Title == other.Title && Reason == other.Reason && Members.SequenceEqual(other.Members, StringComparer.Ordinal);
    }

    /// <summary>The definition of a name that was in force at an ordinal, or null where there was none yet.</summary>
    public static Theatre? InForce(IEnumerable<Theatre> definitions, string name, Ordinal knownAt)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        return definitions.Where(t => t.Name == name && t.Ordinal <= knownAt).MaxBy(t => t.Ordinal);
    }
}

/// <summary>The definitions that a log holds. They are few and stand in one stream, so nothing needs to index them; what was read once is kept.</summary>
public sealed class TheatreDefinitions(IEventLog log)
{
    private const int PageEvents = 500;
    private volatile IReadOnlyList<Theatre> known = [];

    /// <summary>All definitions, in order. Throws <see cref="FormatException"/> for one that can't be read.</summary>
    public async Task<IReadOnlyList<Theatre>> ReadAsync(CancellationToken ct)
    {
        var all = known;
        while (await log.ReadStreamAsync(EventNames.Theatres, new Revision(all.Count), PageEvents, ct).ConfigureAwait(false) is { Count: > 0 } page)
        {
            // Two who read at once read the same: the stream only grows.
            all = [.. all, .. page.Select(Read)];
            known = all;
        }

        return all;
    }

    private static Theatre Read(LogEvent e)
    {
        try
        {
            return EventCodec.DecodeData(EventCodec.Decode(e.Data.Span)) is TheatreData d
                ? new Theatre(d.Theatre, d.Title, d.Members, d.Reason, EventNames.IdOf(e.Stream, e.Revision), e.Ordinal, e.Time)
                : throw new FormatException($"{EventNames.IdOf(e.Stream, e.Revision)} defines no theatre.");
        }
        catch (System.Text.Json.JsonException x)
        {
            throw new FormatException($"{EventNames.IdOf(e.Stream, e.Revision)} can't be read: {x.Message}", x);
        }
    }
}
