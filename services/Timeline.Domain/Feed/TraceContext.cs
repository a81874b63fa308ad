using System.Diagnostics;
using System.Text.Json;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Feed;

/// <summary>The trace that an event belongs to, as its metadata has it. Asked for only where somebody listens: bulk rows have none, and most events neither.</summary>
public static class TraceContext
{
    private static ReadOnlySpan<byte> Member => "\"traceParent\":\""u8;

    /// <summary>The context, or null where the event has none, or one that is not W3C's.</summary>
    public static ActivityContext? Of(LogEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.Metadata.Span.IndexOf(Member) < 0)
        {
            return null;
        }

        using var metadata = JsonDocument.Parse(e.Metadata);
        return metadata.RootElement.TryGetProperty("traceParent", out var parent) && ActivityContext.TryParse(parent.GetString(), null, isRemote: true, out var context) ? context : null;
    }

    /// <summary>The first event's trace as the parent, the others' as links; nothing where none has one.</summary>
    public static (ActivityContext Parent, IReadOnlyList<ActivityLink> Links)? Of(IEnumerable<FeedEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        ActivityContext? parent = null;
        List<ActivityLink>? links = null;
        foreach (var e in events)
        {
            if (Of(e.Log) is not { } context)
            {
                continue;
            }

            if (parent is null)
            {
                parent = context;
            }
            else
            {
                (links ??= []).Add(new ActivityLink(context));
            }
        }

        return parent is { } first ? (first, links ?? []) : null;
    }
}
