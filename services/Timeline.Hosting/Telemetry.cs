using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Timeline.Hosting;

/// <summary>Traces and metrics of everything whose name begins with <c>Timeline</c>, over OTLP where an endpoint is named; else nothing is collected.</summary>
internal static class Telemetry
{
    private const string Standard = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void Add(IServiceCollection services, string service, ServiceSettings settings)
    {
        var endpoint = settings.Otlp is { Length: > 0 } own ? own : Environment.GetEnvironmentVariable(Standard);
        if (string.IsNullOrEmpty(endpoint))
        {
            return;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out _))
        {
            throw new FormatException($"otlp is '{endpoint}'; it is an address such as http://127.0.0.1:4317.");
        }

        // What the standard variables say (endpoint, protocol, headers) is the exporter's own to read.
        void To(OtlpExporterOptions o)
        {
            if (settings.Otlp.Length > 0)
            {
                o.Endpoint = new Uri(settings.Otlp);
            }
        }

        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("Timeline." + service, "timeline"))
            .WithTracing(tracing => tracing.AddSource("Timeline.*", "Microsoft.AspNetCore").AddOtlpExporter(To))
            .WithMetrics(metrics => metrics.AddMeter("Timeline.*").AddOtlpExporter(To));
    }
}
