using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Timeline.Contracts.Answers;
using Timeline.Contracts.Json;
using Timeline.Host.Api;
using Timeline.Host.Client;
using Timeline.Query;

namespace Timeline.Host.Embedding;

/// <summary>The HTTP API over an embedded Timeline: one process, one data folder.</summary>
internal sealed class TimelineServer : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    private readonly WebApplication _app;
    private readonly OpenRequests _open;
    private readonly ILoggerFactory _loggers;

    private TimelineServer(WebApplication app, EmbeddedTimeline timeline, OpenRequests open, ILoggerFactory loggers, Uri address)
    {
        _app = app;
        _open = open;
        _loggers = loggers;
        Timeline = timeline;
        Address = address;
    }

    public EmbeddedTimeline Timeline { get; }

    public Uri Address { get; }

    /// <summary>Opens the folder and listens. The lock passes to the server, and is let go when it fails to start.</summary>
    public static async Task<TimelineServer> StartAsync(DataFolder folder, FolderLock ownership, ServerOptions options, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        ConfigureLogging(builder.Logging, options);
        var loggers = LoggerFactory.Create(logging => ConfigureLogging(logging, options));
        EmbeddedTimeline? timeline = null;
        try
        {
            timeline = await EmbeddedTimeline.OpenAsync(folder, ownership, LogHome.Given, TimeProvider.System, loggers, ct).ConfigureAwait(false);
            var open = new OpenRequests();
            var app = Build(builder, timeline.Intake, timeline.Queries, timeline, folder, open, options);
            await StartListeningAsync(app, options, ct).ConfigureAwait(false);
            var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            ownership.Announce(new Holder(Environment.ProcessId, Reachable(address).ToString()));
            return new TimelineServer(app, timeline, open, loggers, Reachable(address));
        }
        catch
        {
            if (timeline is not null)
            {
                await timeline.DisposeAsync().ConfigureAwait(false);
            }

            loggers.Dispose();
            throw;
        }
    }

    /// <summary>Completes when no request is being answered: another command may have found this service and work through it.</summary>
    public Task DrainAsync(CancellationToken ct) => _open.NoneAsync(ct);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(StopPatience);
        await _app.StopAsync(patience.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        await Timeline.DisposeAsync().ConfigureAwait(false);
        _loggers.Dispose();
    }

    /// <summary>The service in front of these parts, not yet listening.</summary>
    internal static WebApplication Build(
        WebApplicationBuilder builder, IIntake intake, ITimelineQueries queries, IReadiness readiness, DataFolder folder, OpenRequests open, ServerOptions options)
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
        builder.Services.AddSingleton(intake);
        builder.Services.AddSingleton(queries);
        builder.Services.AddSingleton(readiness);
        AddApi(builder.Services);
        var app = builder.Build();
        app.Use(open.CountAsync);
        if (options.IsLoopback)
        {
            app.Use(OwnMachine.GuardAsync);
        }

        app.MapTimeline();
        return app;
    }

    /// <summary>What the API needs beside the parts behind it.</summary>
    internal static void AddApi(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            // As the contracts have it; bodies are never bound by these options, only described by them.
            json.SerializerOptions.PropertyNameCaseInsensitive = false;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, HostJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, AnswersJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Default);
        });
        services.AddOpenApi("v1", ApiDescription.Configure);
    }

    private static async Task StartListeningAsync(WebApplication app, ServerOptions options, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new UnavailableException($"Can't listen on {options.Listen}: {e.Message} Give another address with --listen.", e);
        }
    }

    // "Any" is an address to listen on, not one to go to.
    private static Uri Reachable(Uri address) =>
        IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri
            : address;

    private static void ConfigureLogging(ILoggingBuilder logging, ServerOptions options)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(options.Verbose ? LogLevel.Information : LogLevel.Warning);
        logging.AddFilter("Microsoft", LogLevel.Warning);
    }

    // The command decides when the service ends; the host must not take the signals from it.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>Counts the requests that are being answered, so that a service inside a command does not end under another command.</summary>
internal sealed class OpenRequests
{
    private readonly Lock _gate = new();
    private int _count;
    private TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OpenRequests() => _none.SetResult();

    public async Task CountAsync(HttpContext http, RequestDelegate next)
    {
        Enter();
        try
        {
            await next(http).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    public Task NoneAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            return _none.Task.WaitAsync(ct);
        }
    }

    private void Enter()
    {
        lock (_gate)
        {
            if (_count++ == 0)
            {
                _none = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_count == 0)
            {
                _none.SetResult();
            }
        }
    }
}
