using System.Diagnostics.Metrics;

namespace Timeline.Relay;

/// <summary>The Relay's figures, as OpenTelemetry collects them: meter <c>Timeline.Relay</c>.</summary>
internal sealed class RelayMeter : IDisposable
{
    private readonly Meter meter = new("Timeline.Relay");

    public RelayMeter(FeedRelay relay)
    {
        meter.CreateObservableCounter("timeline.relay.events", () => relay.Status.Events, "{event}", "Events published and confirmed since the start.");
        meter.CreateObservableCounter("timeline.relay.messages", () => relay.Status.Messages, "{message}", "Messages published and confirmed since the start, heartbeats among them.");
        meter.CreateObservableGauge("timeline.relay.published", () => relay.Status.Published.Ordinal.Value, "{event}", "The last ordinal that is confirmed.");
        meter.CreateObservableGauge("timeline.relay.failures", () => relay.Status.Failures, "{failure}", "Failures in a row; 0 while all is well.");
    }

    public void Dispose() => meter.Dispose();
}
