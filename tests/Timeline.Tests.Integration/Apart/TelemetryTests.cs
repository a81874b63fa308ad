using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Timeline.Tests.Integration.Host;
using Timeline.Tests.Integration.RabbitMq;

namespace Timeline.Tests.Integration.Apart;

/// <summary>Traces and metrics as a collector gets them over OTLP.</summary>
[Collection(BrokerCollection.Name)]
public sealed class TelemetryTests(RabbitMqServer broker) : IDisposable
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    private readonly TimelineCommand timeline = new();

    public void Dispose() => timeline.Dispose();

    [Fact]
    public async Task One_trace_goes_from_the_request_through_log_relay_and_queue_to_the_Projector_and_metrics_name_the_partitions()
    {
        var received = new ConcurrentBag<(string Path, byte[] Body)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.MapPost("/v1/{kind}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.Add((request.Path, body.ToArray()));
        });
        await collector.StartAsync();
        using var apart = new ServicesApart(timeline, broker.Address);
        apart["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        apart["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        apart["OTEL_BSP_SCHEDULE_DELAY"] = "100";
        apart["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        await apart.StartAsync();
        await apart.CaughtUpAsync(2);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events?wait=visible") { Content = new StringContent(Given.Warning("traced"), Encoding.UTF8, "application/json") };
        request.Headers.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");
        using var answer = await apart.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());

        var id = Convert.FromHexString(TraceId);
        await UntilAsync(() => new[] { "Timeline.Ingest", "Timeline.Relay", "Timeline.Projector" }.All(service => received.Any(r => r.Path == "/v1/traces" && Has(r.Body, id) && Has(r.Body, service))));
        await UntilAsync(() => new[] { "timeline.projector.lag.events", "timeline.projector.gaps_healed", "timeline.projector.parked", "timeline.projector.redelivered", "timeline.relay.events" }.All(name => received.Any(r => r.Path == "/v1/metrics" && Has(r.Body, name))));
        Assert.Contains(received, r => r.Path == "/v1/traces" && Has(r.Body, id) && Has(r.Body, "timeline.relay.publish"));
        Assert.Contains(received, r => r.Path == "/v1/traces" && Has(r.Body, id) && Has(r.Body, "timeline.projector.fold"));
        await UntilAsync(() => received.Any(r => r.Path == "/v1/traces" && Has(r.Body, id) && Has(r.Body, "timeline.change.publish")));
    }

    private static bool Has(byte[] body, string text) => Has(body, Encoding.UTF8.GetBytes(text));

    private static bool Has(byte[] body, byte[] part) => body.AsSpan().IndexOf(part) >= 0;

    private static async Task UntilAsync(Func<bool> come)
    {
        using var patience = new CancellationTokenSource(TimelineCommand.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!come())
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
    }
}
