using System.Diagnostics;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>The fold of a message, in the trace of those who gave its events.</summary>
internal static class FoldTrace
{
    private static readonly ActivitySource Traces = new("Timeline.Projector");

    /// <summary>Continues the message's trace where it came over a broker, else that of the events that it carries. Null where nobody listens, or nothing was traced.</summary>
    public static Activity? Start(WorkerPlace place, FeedDelivery delivery)
    {
        if (!Traces.HasListeners() || delivery.Message.Events.Count == 0)
        {
            return null;
        }

        var parent = ActivityContext.TryParse(delivery.TraceParent, null, isRemote: true, out var sent) ? sent : TraceContext.Of(delivery.Message.Events)?.Parent;
        var activity = parent is { } known ? Traces.StartActivity("timeline.projector.fold", ActivityKind.Consumer, known) : null;
        return activity?.SetTag("timeline.projection", place.Projection).SetTag("timeline.partition", place.Partition).SetTag("timeline.last", delivery.Message.Last.Ordinal.Value);
    }
}
