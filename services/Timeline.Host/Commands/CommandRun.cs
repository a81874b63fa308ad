using System.CommandLine;
using System.CommandLine.Parsing;
using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;
using Timeline.Host.Client;
using Timeline.Host.Embedding;
using Timeline.Host.Screen;
using Timeline.Hosting;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Query.Api;

namespace Timeline.Host.Commands;

/// <summary>One run of a command: what was given, where it writes, and what its end says.</summary>
internal sealed class CommandRun(ParseResult parse, CancellationToken stop)
{
    public ParseResult Parse { get; } = parse;

    /// <summary>Ctrl-C or SIGTERM.</summary>
    public CancellationToken Stop { get; } = stop;

    public bool Json => Parse.GetValue(GivenOptions.Json);

    public string Data => Parse.GetValue(GivenOptions.Data)!;

    public Uri? Server => Parse.GetValue(GivenOptions.Server);

    public Page Page { get; } = new(parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error);

    /// <summary>How the user would say again which service is meant.</summary>
    public string Where => Server is not null ? $" --server {Server}" : Data == GivenOptions.DefaultData ? "" : $" --data {Data}";

    public Task<Session> OpenAsync() => Session.OpenAsync(Server, Data, Credentials.Given(Parse.GetValue(GivenOptions.TokenFile)), Stop);

    /// <summary>Makes this the command's action. Every failure that has a name ends here, with its exit code and what to do about it.</summary>
    public static void Bind(Command command, Func<CommandRun, Task<int>> body)
    {
        command.Validators.Add(result =>
        {
            if (result.GetResult(GivenOptions.Server) is { Implicit: false } && result.GetResult(GivenOptions.Data) is { Implicit: false })
            {
                result.AddError("--server and --data name two places: give one of them.");
            }
        });
        command.SetAction((parse, stop) => GuardAsync(new CommandRun(parse, stop), body));
    }

    private static async Task<int> GuardAsync(CommandRun run, Func<CommandRun, Task<int>> body)
    {
        try
        {
            return await body(run).ConfigureAwait(false);
        }
        catch (ServiceRefusedException e)
        {
            run.Page.Say(e.Problem.Field is { } field ? $"{field}: {e.Problem.Detail}" : e.Problem.Detail);
            return e.Problem.Status >= 500 ? ExitCodes.Unavailable : ExitCodes.BadInput;
        }
        catch (TokensException e)
        {
            run.Page.Say(e.Message);
            return ExitCodes.BadInput;
        }
        catch (Exception e) when (e is UnavailableException or LogUnavailableException or LogUnusableException)
        {
            run.Page.Say(e.Message);
            return ExitCodes.Unavailable;
        }
        catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
        {
            run.Page.Say("Stopped.");
            return ExitCodes.Stopped;
        }
        catch (HttpRequestException e)
        {
            run.Page.Say(run.Server is not null ? $"No Timeline answers at {run.Server}: {e.Message}" : $"The service broke off: {e.Message}");
            return ExitCodes.Unavailable;
        }
        catch (Exception e) when (FullDisk.IsCauseOf(e))
        {
            run.Page.Say(run.Server is null ? new DataFolder(run.Data).NoRoom : e.Message);
            return ExitCodes.Unavailable;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            run.Page.Say(e.Message);
            return ExitCodes.BadInput;
        }
#pragma warning disable CA1031 // The edge of the process: a fault of our own is told whole, and never passes for an answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            run.Page.Say($"Timeline failed, and the fault is its own; please report it. {e}");
            return ExitCodes.Unavailable;
        }
    }
}
