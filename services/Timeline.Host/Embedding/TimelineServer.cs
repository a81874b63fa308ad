using Timeline.Contracts.Changes;
using Timeline.Hosting;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Query;
using Timeline.Query.Api;

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
        ServiceHost.ConfigureLogging(builder.Logging, options.Verbose);
        var loggers = LoggerFactory.Create(logging => ServiceHost.ConfigureLogging(logging, options.Verbose));
        EmbeddedTimeline? timeline = null;
        try
        {
            timeline = await EmbeddedTimeline.OpenAsync(folder, ownership, LogHome.Given, TimeProvider.System, loggers, ct).ConfigureAwait(false);
            var open = new OpenRequests();
            var app = Build(builder, timeline.Intake, timeline.Queries, timeline.Changes, timeline, timeline, folder, open, options);
            var address = await ServiceHost.StartAsync(app, options, ct).ConfigureAwait(false);
            ownership.Announce(new Holder(Environment.ProcessId, address.ToString()));
            return new TimelineServer(app, timeline, open, loggers, address);
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
        WebApplicationBuilder builder, IIntake intake, ITimelineQueries queries, IChangeQueries changes, IVisibility visibility, IReadiness readiness, DataFolder folder, OpenRequests open, ServerOptions options)
    {
        builder.Services.AddSingleton(intake);
        builder.Services.AddSingleton(queries);
        builder.Services.AddSingleton(changes);
        builder.Services.AddSingleton(visibility);
        return ServiceHost.Build(builder, readiness, folder, open, options, [IngestJson.Default, ChangesJson.Default], static _ => { }, IngestApi.Map, QueryApi.Map);
    }
}
