using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Timeline.Contracts.Answers;
using Timeline.Contracts.Json;
using Timeline.Hosting.Access;

namespace Timeline.Hosting.Http;

/// <summary>How every service listens: limits, problems, health, and the guard of a service that only its own machine reaches.</summary>
internal static class ServiceHost
{
    /// <summary>A service in front of its parts, not yet listening. <paramref name="shapes"/>: the JSON of its own bodies.</summary>
    public static WebApplication Build(
        WebApplicationBuilder builder, IReadiness readiness, DataFolder folder, OpenRequests open, ServerOptions options,
        IReadOnlyList<IJsonTypeInfoResolver> shapes, Action<WebApplication> first, params Action<RouteGroupBuilder>[] own)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen);
            kestrel.Limits.MaxConcurrentConnections = ApiLimits.Connections;
            kestrel.Limits.MaxRequestLineSize = ApiLimits.RequestLineBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = ApiLimits.HeaderBytes;
            kestrel.Limits.MaxRequestBodySize = ApiLimits.EventBytes;
        });
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddSingleton(folder);
        builder.Services.AddSingleton(readiness);
        builder.Services.AddSingleton(new AccessGuard(options.Tokens));
        AddApi(builder.Services, shapes);
        var app = builder.Build();
        app.Use(open.CountAsync);
        if (options is { IsLoopback: true, Tokens: null })
        {
            app.Use(OwnMachine.GuardAsync);
        }

        first(app);
        app.MapService(own);
        return app;
    }

    /// <summary>Of a service that takes nothing itself: where to give.</summary>
    public const string IngestHeader = "Timeline-Ingest";

    /// <summary>Who writes at a service that answers, or asks at one that takes, is sent on: 307, so that method and body stay.</summary>
    public static void SendOn(WebApplication app, Uri? ingest, Uri? query) => app.Use((http, next) =>
    {
        var isV1 = http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);
        if (ingest is not null && http.Request.Path == "/health/live")
        {
            http.Response.Headers[IngestHeader] = ingest.ToString();
        }

        var to = !isV1 ? null : HttpMethods.IsPost(http.Request.Method) ? ingest : HttpMethods.IsGet(http.Request.Method) ? query : null;
        if (to is null)
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        http.Response.Headers.Location = new Uri(to, http.Request.Path + http.Request.QueryString).ToString();
        return http.Response.CompleteAsync();
    });

    /// <summary>What the API needs beside the parts behind it.</summary>
    public static void AddApi(IServiceCollection services, IReadOnlyList<IJsonTypeInfoResolver> shapes)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            // As the contracts have it; bodies are never bound by these options, only described by them.
            json.SerializerOptions.PropertyNameCaseInsensitive = false;
            foreach (var shape in shapes)
            {
                json.SerializerOptions.TypeInfoResolverChain.Insert(0, shape);
            }

            json.SerializerOptions.TypeInfoResolverChain.Insert(0, HostingJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, AnswersJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Default);
        });
        services.AddOpenApi("v1", ApiDescription.Configure);
    }

    /// <summary>Listens, and tells at which address others reach it. Throws <see cref="UnavailableException"/> where the address can't be had; the service is disposed of then.</summary>
    public static async Task<Uri> StartAsync(WebApplication app, ServerOptions options, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new UnavailableException($"Can't listen on {options.Listen}: {e.Message} Give another address: --listen of timeline serve, TIMELINE_LISTEN of a service that runs apart.", e);
        }

        return Reachable(new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));
    }

    /// <summary>Everything goes to standard error: standard output is the answer's.</summary>
    public static void ConfigureLogging(ILoggingBuilder logging, bool verbose)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.Warning);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // What keeps it from listening is told in one line, not with a stack.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    }

    // "Any" is an address to listen on, not one to go to.
    private static Uri Reachable(Uri address) =>
        IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri
            : address;

    // The process decides when the service ends; the web host must not take the signals from it.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
