using System.CommandLine;
using System.Globalization;
using System.Net;
using Timeline.Contracts.Answers;
using Timeline.Host.Client;
using Timeline.Host.Embedding;
using Timeline.Host.Screen;
using Timeline.Hosting;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Query.Api;

namespace Timeline.Host.Commands;

/// <summary><c>timeline serve</c>: the whole of Timeline in one process on one data folder, until it is stopped.</summary>
internal static class ServeCommand
{
    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(10);

    public static Command Make()
    {
        var listen = new Option<IPEndPoint>("--listen")
        {
            Description = "Address and port. Any but loopback needs --tokens.",
            HelpName = "[ADDRESS:]PORT",
            DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, ServerOptions.DefaultPort),
            CustomParser = result =>
            {
                var endpoint = ServerOptions.ParseListen(result.Tokens[0].Value);
                if (endpoint is null)
                {
                    result.AddError($"--listen is '{result.Tokens[0].Value}'; it is a port, ADDRESS:PORT or http://ADDRESS:PORT.");
                }

                return endpoint;
            },
        };
        var scenario = new Option<string?>("--scenario")
        {
            Description = $"Load a scenario first: a file of events, or one of {string.Join(", ", Scenarios.Shipped())}. Twice adds nothing.",
            HelpName = "NAME|FILE",
        };
        var tokens = new Option<string?>("--tokens")
        {
            Description = $"The tokens file: who may call, and what needs a second person. timeline token new makes it. [{TokenCommand.FileVariable}]",
            HelpName = "FILE",
            DefaultValueFactory = _ => TokenCommand.FileGiven,
        };
        var once = new Option<bool>("--once") { Description = "Load the scenario, print the table, and end." };
        var command = new Command("serve", "Serve a data folder: the log, the read models and the HTTP API.").With(listen, tokens, scenario, once).WithClocks();
        CommandRun.Bind(command, run => RunAsync(run, run.Parse.GetRequiredValue(listen), run.Parse.GetValue(tokens), run.Parse.GetValue(scenario), run.Parse.GetValue(once)));
        return command;
    }

    private static async Task<int> RunAsync(CommandRun run, IPEndPoint listen, string? tokens, string? scenario, bool once)
    {
        if (run.Server is not null)
        {
            run.Page.Say("serve works on a data folder: give --data, not --server.");
            return ExitCodes.BadInput;
        }

        using var book = tokens is null ? null : TokenBook.Open(tokens, TimeProvider.System, run.Page.Say);
        var options = new ServerOptions(listen, Verbose: !once, book);
        if (options.WhyNot("--tokens tokens.json") is { } refused)
        {
            run.Page.Say(refused);
            return ExitCodes.BadInput;
        }

        var folder = new DataFolder(run.Data);
        if (FolderLock.TryTake(folder) is not { } ownership)
        {
            run.Page.Say(Held(run, folder));
            return ExitCodes.BadInput;
        }

        var server = await TimelineServer.StartAsync(folder, ownership, options, run.Stop).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            using var client = new TimelineClient(server.Address, new Credentials(book?.OwnToken));
            if (scenario is not null && await LoadAsync(run, client, scenario).ConfigureAwait(false) is var code and not ExitCodes.Done)
            {
                return code;
            }

            await CaughtUpAsync(run, server.Timeline).ConfigureAwait(false);
            if (scenario is not null)
            {
                var path = run.Parse.Question("/v1/countries", ("limit", ApiLimits.PageLines.ToString(CultureInfo.InvariantCulture)));
                run.Page.Show((await client.GetAsync(path, AnswersJson.Default.CountriesReading, run.Stop).ConfigureAwait(false)).Value);
            }

            if (once)
            {
                return ExitCodes.Done;
            }

            run.Page.Line($"Timeline answers at {server.Address} from {run.Data}. Try: {(book is null ? "" : $"{Credentials.Variable}=... ")}timeline country RUS{run.Where}. Ctrl-C stops it.");
            return await UntilStoppedAsync(run, server.Timeline).ConfigureAwait(false);
        }
    }

    // Whoever waits for the address learns why it does not come.
    private static async Task CaughtUpAsync(CommandRun run, EmbeddedTimeline timeline)
    {
        var caughtUp = timeline.CaughtUpAsync(run.Stop);
        while (await Task.WhenAny(caughtUp, Task.Delay(BetweenWords, run.Stop)).ConfigureAwait(false) != caughtUp)
        {
            if (timeline.NotReadyBecause is { } why)
            {
                run.Page.Say(why);
            }
        }

        await caughtUp.ConfigureAwait(false);
    }

    private static async Task<int> UntilStoppedAsync(CommandRun run, EmbeddedTimeline timeline)
    {
        try
        {
            run.Page.Say(await timeline.Failed.WaitAsync(run.Stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
        {
            run.Page.Say("Stopping.");
            return ExitCodes.Done;
        }

        return ExitCodes.Unavailable;
    }

    private static async Task<int> LoadAsync(CommandRun run, TimelineClient client, string scenario)
    {
        var path = Scenarios.Find(scenario);
        if (path is null)
        {
            run.Page.Say($"There is no scenario '{scenario}'; give a file, or one of {string.Join(", ", Scenarios.Shipped())}.");
            return ExitCodes.BadInput;
        }

        var tally = new Tally();
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
        await using (file.ConfigureAwait(false))
        {
            await foreach (var outcome in EventLines.SendAsync(client, file, wait: true, run.Stop).ConfigureAwait(false))
            {
                tally.Add(outcome);
                foreach (var error in outcome.Errors ?? [])
                {
                    run.Page.Say($"{path}, line {outcome.Line}: {error.Field} {error.Message}");
                }
            }
        }

        run.Page.Line($"Scenario {Path.GetFileNameWithoutExtension(path)}: {tally}.");
        return tally.AnyRefused ? ExitCodes.BadInput : ExitCodes.Done;
    }

    private static string Held(CommandRun run, DataFolder folder) => FolderLock.ReadHolder(folder) is { Address: { } address } holder
        ? string.Create(CultureInfo.InvariantCulture, $"Process {holder.Pid} serves {run.Data} already, at {address}. Ask it: timeline status --server {address} - or serve another folder: timeline serve --data DIR.")
        : $"Another process holds {run.Data} and has told no address yet. Wait for it to end, or serve another folder: timeline serve --data DIR.";
}

/// <summary>The scenarios that come with the command.</summary>
internal static class Scenarios
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "scenarios");

    public static IReadOnlyList<string> Shipped() => Directory.Exists(Folder)
        ? [.. Directory.GetFiles(Folder, "*.ndjson").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The file of a shipped name or the file itself; null where neither is there.</summary>
    public static string? Find(string nameOrFile) =>
        File.Exists(nameOrFile) ? nameOrFile
        : Shipped().Contains(nameOrFile) ? Path.Combine(Folder, nameOrFile + ".ndjson")
        : null;
}
