using Timeline.Contracts;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Methodology;

/// <summary>Methodologies as the log holds them: each in a stream of its own.</summary>
public static class MethodologyInLog
{
    /// <summary>The methodology of a name, or null where the log holds none. Throws <see cref="FormatException"/> for a stream that holds something else.</summary>
    public static async Task<MethodologyVersion?> FindAsync(IEventLog log, string name, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(log);
        var stream = EventNames.ForMethodology(name);
        var found = await log.ReadStreamAsync(stream, new Revision(0), 1, ct).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return null;
        }

        return EventCodec.DecodeData(EventCodec.Decode(found[0].Data.Span)) is MethodologyData data
            ? MethodologyVersion.Parse(data.Name, data.Files)
            : throw new FormatException($"The log's {stream} holds no methodology.");
    }
}
