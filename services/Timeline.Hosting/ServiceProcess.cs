using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Timeline.Domain.Feed;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;

namespace Timeline.Hosting;

/// <summary>
/// A service that runs apart, from its start to its end: options, the shared data folder, health, signals. What it does, and what it alone may write, its Program says.
/// Exit codes: 0 stopped, 2 wrong options, 3 a dependency is down for good or a part has failed.
/// </summary>
internal sealed class ServiceProcess : IReadiness
{
    private const int ExitOptions = 2, ExitFailed = 3;

    private readonly ConcurrentDictionary<Type, object> parts = new();
    private readonly ConcurrentBag<Func<string?>> conditions = [];
    private readonly Stack<object> owned = new();
    private readonly RunningParts running;
    private readonly CancellationTokenSource stop;
    private int code = ExitFailed;
    private OpenLog? log;
    private volatile string? waitsFor = "The service is starting.";

    private ServiceProcess(ServiceDescription description, ServiceSettings settings, ILoggerFactory loggers, CancellationTokenSource stop)
    {
        Name = description.Name;
        Settings = settings;
        Folder = new DataFolder(settings.Data);
        Loggers = loggers;
        Logger = loggers.CreateLogger("Timeline." + description.Name);
        this.stop = stop;
        running = new RunningParts(Logger, stop.Token);
    }

    public string Name { get; }

    public ServiceSettings Settings { get; }

    public DataFolder Folder { get; }

    public ILoggerFactory Loggers { get; }

    public ILogger Logger { get; }

    public TimeProvider Clock { get; } = TimeProvider.System;

    /// <summary>This process among others: machine and process id.</summary>
    public string Owner { get; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    public string? NotReadyBecause => waitsFor ?? log?.Trouble() ?? conditions.Select(c => c()).FirstOrDefault(c => c is not null);

    /// <summary>Runs the service until a signal or a failure ends it.</summary>
    public static async Task<int> RunAsync(ServiceDescription description, string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        ServiceSettings settings;
        try
        {
            if (ServiceHelp.Answer(description, args, out var file) is { } code)
            {
                return code;
            }

            settings = ServiceSettings.Read(file);
            settings.Check();
            _ = settings.Listen(description.Key);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"timeline-{description.Key}: {e.Message} --help lists the options.").ConfigureAwait(false);
            return ExitOptions;
        }

        using var loggers = LoggerFactory.Create(logging => ServiceHost.ConfigureLogging(logging, settings.Verbose));
        var process = new ServiceProcess(description, settings, loggers, stop);
        try
        {
            return await process.RunAsync(description).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (IsExpected(e))
        {
            await Console.Error.WriteLineAsync($"timeline-{description.Key}: {e.Message}").ConfigureAwait(false);
            return CodeOf(e);
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>The log; waits for as long as its store is away.</summary>
    public async Task<IEventLog> LogAsync(CancellationToken ct)
    {
        log = await TriedAsync("the log", () => LogHome.OpenAsync(Folder, Settings.Store(), Name.ToLowerInvariant(), Clock, ct), ct).ConfigureAwait(false);
        return Owns(log).Log;
    }

    /// <summary>The methodology in force. Ingest puts it into a new log; the others wait for that.</summary>
    public async Task<MethodologyVersion> MethodologyAsync(IEventLog from, CancellationToken ct)
    {
        var name = MethodologyVersion.BuiltIn().Name;
        for (var tries = 1; ; tries++)
        {
            if (await TriedAsync("the log", () => MethodologyInLog.FindAsync(from, name, ct), ct).ConfigureAwait(false) is { } found)
            {
                waitsFor = null;
                return found;
            }

            waitsFor = $"The log holds no methodology {name} yet: start Timeline.Ingest, which begins a new log.";
            await Task.Delay(RetryDelay.After(Math.Min(tries, 4)), Clock, ct).ConfigureAwait(false);
        }
    }

    /// <summary>What is disposed of at the end, the last first.</summary>
    public T Owns<T>(T what)
        where T : notnull
    {
        owned.Push(what);
        return what;
    }

    /// <summary>Gives an address's handler what it asks for.</summary>
    public void Gives<T>(T part)
        where T : class => parts[typeof(T)] = part;

    /// <summary>A part that runs until the service stops. One that fails ends the service, with its reason.</summary>
    public void Runs(string part, Func<CancellationToken, Task> run) => running.Start(part, run);

    /// <summary>A condition of being ready: null where it holds, else why it does not.</summary>
    public void ReadyWhen(Func<string?> condition) => conditions.Add(condition);

    /// <summary>Ends the service for a reason that no waiting mends.</summary>
    public void Fail(string why) => running.Fail(why);

    internal T Part<T>()
        where T : class => parts.TryGetValue(typeof(T), out var part) ? (T)part : throw new LogUnavailableException(NotReadyBecause ?? "The service is starting.");

    // Its message says all that the operator needs; any other failure is told with where it came from.
    private static bool IsExpected(Exception e) =>
        e is UnavailableException or LogUnusableException or FeedRefusedException or FormatException or IOException or UnauthorizedAccessException;

    private static int CodeOf(Exception e) => e is FormatException ? ExitOptions : ExitFailed;

    private async Task<int> RunAsync(ServiceDescription description)
    {
        using var share = FolderLock.TryShare(Folder, description.Role) ?? throw new UnavailableException(
            FolderLock.ReadHolder(Folder) is { } holder
                ? $"Process {holder.Pid} serves all of {Folder.Given} in one process. Stop it, or give the services another folder with TIMELINE_DATA."
                : $"{Folder.Given} has its {description.Key} already, or one process holds all of it. Stop that one, or take another folder with TIMELINE_DATA.");
        Directory.CreateDirectory(Folder.ReadModels);
        using var tokens = Settings.Text("tokens") is { Length: > 0 } file ? TokenBook.Open(file, Clock, said => Logger.LogWarning("{Tokens}", said)) : null;
        var options = new ServerOptions(Settings.Listen(description.Key), Settings.Verbose, tokens);
        if (description.Addresses.Length > 0 && options.WhyNot("TIMELINE_TOKENS=tokens.json") is { } refused)
        {
            throw new FormatException(refused);
        }

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        ServiceHost.ConfigureLogging(builder.Logging, Settings.Verbose);
        description.AddParts(new PartRegistration(builder.Services, this));
        Telemetry.Add(builder.Services, description.Name, Settings);
        var elsewhere = description.Elsewhere(Settings);
        var app = ServiceHost.Build(builder, this, Folder, new OpenRequests(), options, description.Shapes, web => ServiceHost.SendOn(web, elsewhere.Ingest, elsewhere.Query), description.Addresses);
        try
        {
            var address = await ServiceHost.StartAsync(app, options, stop.Token).ConfigureAwait(false);
            if (description.Announced)
            {
                FolderLock.Announce(Folder, new Holder(Environment.ProcessId, address.ToString()));
            }

            await Console.Out.WriteLineAsync($"Timeline.{Name} listens at {address} and works on {Folder.Given}. Ctrl-C stops it.").ConfigureAwait(false);
            var composing = ComposeAsync(description);
            var why = await Task.WhenAny(running.Failed, Task.Delay(Timeout.InfiniteTimeSpan, stop.Token)).ConfigureAwait(false) == running.Failed
                ? await running.Failed.ConfigureAwait(false)
                : null;
            await stop.CancelAsync().ConfigureAwait(false);
            await composing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (why is not null)
            {
                await Console.Error.WriteLineAsync($"timeline-{description.Key}: {why}").ConfigureAwait(false);
            }

            return why is null ? 0 : code;
        }
        finally
        {
            await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
            await running.EndedAsync().ConfigureAwait(false);
            while (owned.TryPop(out var last))
            {
                await DisposeAsync(last).ConfigureAwait(false);
            }

            await app.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task ComposeAsync(ServiceDescription description)
    {
        try
        {
            await Task.Yield();
            await description.Start(this, stop.Token).ConfigureAwait(false);
            waitsFor = null;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // Whatever keeps the service from starting ends it, with its reason.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!IsExpected(e))
            {
                Logger.LogError(e, "The service can't start");
            }

            code = CodeOf(e);
            Fail(e.Message);
        }
    }

    /// <summary>Tries until what is asked of can be had; <see cref="NotReadyBecause"/> says what is waited for.</summary>
    public async Task<T> TriedAsync<T>(string what, Func<Task<T>> open, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await open().ConfigureAwait(false);
            }
            catch (LogUnavailableException e)
            {
                waitsFor = $"The service waits for {what}: {e.Message}";
            }

            await Task.Delay(RetryDelay.After(tries), Clock, ct).ConfigureAwait(false);
        }
    }

    private static async ValueTask DisposeAsync(object what)
    {
        switch (what)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync().ConfigureAwait(false);
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }
}
