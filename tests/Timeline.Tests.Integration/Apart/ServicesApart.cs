using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Timeline.Tests.Integration.Host;

namespace Timeline.Tests.Integration.Apart;

/// <summary>The services as processes of their own on one data folder and one broker. Each can be killed and started again; what it says is kept for the failure's message.</summary>
internal sealed class ServicesApart : IDisposable
{
    private readonly TimelineCommand timeline;
    private readonly Dictionary<string, string> options;
    private readonly Dictionary<string, (Process Process, Task<string> Said)> services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> listens = new(StringComparer.Ordinal);

    public ServicesApart(TimelineCommand timeline, string broker, string? data = null)
    {
        this.timeline = timeline;
        var (ingest, query) = (FreePort(), FreePort());
        (listens["Ingest"], listens["Query"]) = (ingest, query);
        options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["TIMELINE_DATA"] = data ?? timeline.Data,
            ["TIMELINE_BROKER"] = broker,
            ["TIMELINE_INGEST"] = $"http://127.0.0.1:{ingest}",
            ["TIMELINE_QUERY"] = $"http://127.0.0.1:{query}",
        };

        // Questions are sent on to Query, whatever is given stays.
        Http = new HttpClient { BaseAddress = new Uri(options["TIMELINE_INGEST"]), Timeout = TimelineCommand.Patience };
        Query = new HttpClient { BaseAddress = new Uri(options["TIMELINE_QUERY"]), Timeout = TimelineCommand.Patience };
    }

    public HttpClient Http { get; }

    public HttpClient Query { get; }

    public IReadOnlyCollection<string> Names => services.Keys;

    /// <summary>What every service is told beside where the others are.</summary>
    public string this[string option]
    {
        set => options[option] = value;
    }

    /// <summary>Starts one of each but for so many Projectors, and waits until all of them listen.</summary>
    public async Task StartAsync(int projectors = 1, int relays = 1)
    {
        await StartAsync("Ingest");
        await Task.WhenAll(Enumerable.Range(1, relays).Select(i => $"Relay-{i}").Concat(Enumerable.Range(1, projectors).Select(i => $"Projector-{i}")).Append("Query").Select(StartAsync));
    }

    /// <summary>Starts a service by its name, such as Relay-2, and waits until it listens.</summary>
    public async Task StartAsync(string name)
    {
        var own = new Dictionary<string, string>(options, StringComparer.Ordinal) { ["TIMELINE_LISTEN"] = listens.GetValueOrDefault(name, "0") };
        var process = timeline.StartProgram("Timeline." + name.Split('-')[0], own);
        var said = process.StandardError.ReadToEndAsync();
        services[name] = (process, said);
        using var patience = new CancellationTokenSource(TimelineCommand.Patience);
        if (await process.StandardOutput.ReadLineAsync(patience.Token) is not { } line || !line.Contains("listens at", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{name} ended with {process.ExitCode}: {await said}");
        }

        listens.TryAdd(name, new Uri(line.Split(' ')[3]).Port.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>kill -9. Fails where it had ended by itself.</summary>
    public async Task KillAsync(string name)
    {
        var (process, said) = services[name];
        Assert.False(process.HasExited, $"{name} had ended by itself: {(process.HasExited ? await said : "")}");
        process.Kill();
        await process.WaitForExitAsync();
        services.Remove(name);
    }

    /// <summary>SIGTERM; how it ended.</summary>
    public async Task<Ended> StopAsync(string name)
    {
        var (process, said) = services[name];
        services.Remove(name);
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
        return new Ended(process.ExitCode, await process.StandardOutput.ReadToEndAsync(), await said);
    }

    /// <summary>What a service says at one of its addresses.</summary>
    public async Task<string> AskAsync(string name, string path, string? token = null)
    {
        using var http = new HttpClient { Timeout = TimelineCommand.Patience };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{listens[name]}{path}"));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Waits until an answer of Query is as it should be.</summary>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> right, string what)
    {
        using var patience = new CancellationTokenSource(TimelineCommand.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var last = "";
        while (true)
        {
            try
            {
                using var answer = await Query.GetAsync(path, patience.Token);
                last = await answer.Content.ReadAsStringAsync(patience.Token);
                if (answer.IsSuccessStatusCode && JsonDocument.Parse(last).RootElement is var json && right(json))
                {
                    return json;
                }

                await look.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new InvalidOperationException($"{what} did not come. Last answer of {path}: {last}\n{await ToldAsync()}");
            }
        }
    }

    /// <summary>Waits until every partition has everything.</summary>
    public Task<JsonElement> CaughtUpAsync(long events = 0) =>
        UntilAsync("/v1/status", s => s.GetProperty("lag").GetInt64() == 0 && s.GetProperty("events").GetInt64() >= events, "The end of the lag");

    public void Dispose()
    {
        Http.Dispose();
        Query.Dispose();
        foreach (var (process, _) in services.Values)
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    // Every service's readiness and, of those that have ended, their last words.
    private async Task<string> ToldAsync()
    {
        var told = new List<string>();
        foreach (var (name, (process, said)) in services)
        {
            told.Add($"{name}: {(process.HasExited ? $"ended with {process.ExitCode}: {await said}" : await AskAsync(name, "/health/ready"))}");
        }

        return string.Join('\n', told);
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
