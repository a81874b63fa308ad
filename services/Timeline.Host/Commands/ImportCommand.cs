using System.CommandLine;
using System.Text.Json;
using Timeline.Contracts.Answers;
using Timeline.Host.Api;
using Timeline.Host.Client;
using Timeline.Host.Screen;

namespace Timeline.Host.Commands;

/// <summary><c>timeline import gdelt FILE...</c></summary>
internal static class ImportCommand
{
    public static Command Make()
    {
        var files = new Argument<string[]>("files") { Description = "Plain, gzip or zip; GDELT 1.0 or 2.0 event files.", HelpName = "FILE", Arity = ArgumentArity.OneOrMore };
        var covers = new Option<string[]>("--covers")
        {
            Description = "Declare that the files are complete for countries (world, or codes with commas between), first day and last.",
            HelpName = "WHO FROM..TO",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        var repairs = new Option<string?>("--repairs")
        {
            Description = "The file brings the rows repaired that were set aside of this one, by its SHA-256: they are outstanding no more.", HelpName = "SHA",
        };
        var gdelt = new Command("gdelt", "Import GDELT event files. Interrupted, it continues; repeated, it adds nothing.").With(files, covers, repairs);
        CommandRun.Bind(gdelt, run => RunAsync(run, run.Parse.GetRequiredValue(files), run.Parse.GetValue(covers), run.Parse.GetValue(repairs)));
        return new Command("import", "Import files of a bulk feed.").With(gdelt);
    }

    private static async Task<int> RunAsync(CommandRun run, string[] files, string[]? covers, string? repairs)
    {
        if (repairs is not null && files.Length > 1)
        {
            run.Page.Say("--repairs is about one file: import the others by themselves. Nothing was imported.");
            return ExitCodes.BadInput;
        }

        foreach (var file in files)
        {
            if (!File.Exists(file))
            {
                run.Page.Say($"{file}: there is no such file. Nothing was imported.");
                return ExitCodes.BadInput;
            }
        }

        var code = ExitCodes.Done;
        var session = await run.OpenAsync().ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var repaired = repairs is null ? null : await SetAsideCommands.FileAsync(session.Client, repairs, run.Stop).ConfigureAwait(false);
            foreach (var file in files)
            {
                var (ended, outcome) = await ImportAsync(run, session.Client, file, covers is { Length: 2 } ? string.Join(' ', covers) : null).ConfigureAwait(false);
                code = Math.Max(code, ended);
                if (repaired is not null && outcome is not null && ended == ExitCodes.Done)
                {
                    code = await RepairedRows.SettleAsync(run, session.Client, repaired.File, outcome).ConfigureAwait(false);
                }
            }
        }

        return code;
    }

    private static async Task<(int Code, ImportOutcome? Outcome)> ImportAsync(CommandRun run, TimelineClient client, string file, string? covers)
    {
        var last = new ImportProgress();
        try
        {
            var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
            await using (stream.ConfigureAwait(false))
            {
                await run.Page.ProgressAsync(Path.GetFileName(file), Steps()).ConfigureAwait(false);

                async IAsyncEnumerable<WorkDone> Steps()
                {
                    await foreach (var progress in client.ImportGdeltAsync(stream, Path.GetFileName(file), covers, wait: true, run.Stop).ConfigureAwait(false))
                    {
                        last = progress with { Rows = Math.Max(progress.Rows, last.Rows) };
                        yield return new WorkDone(progress.Bytes, progress.TotalBytes, progress.Rows, "rows");
                    }
                }
            }
        }
        catch (ServiceRefusedException e) when (e.Problem.Status < 500)
        {
            run.Page.Say($"{file}: {e.Problem.Detail}");
            return (ExitCodes.BadInput, null);
        }
        catch (Exception e) when (run.Stop.IsCancellationRequested && e is OperationCanceledException or HttpRequestException or IOException)
        {
            run.Page.Say(FormattableString.Invariant($"Stopped. {last.Rows:N0} rows of {file} had been read; what was appended of them is kept. To continue, give the same command again:"));
            run.Page.Say($"  timeline import gdelt {file}{(covers is null ? "" : " --covers " + covers)}{run.Where}");
            return (ExitCodes.Stopped, null);
        }

        if (last.Outcome is not { } outcome)
        {
            run.Page.Say($"{file}: {last.Error ?? "the service broke off before the end."} To continue, give the same command again.");
            return (last.Error is null ? ExitCodes.Unavailable : ExitCodes.BadInput, null);
        }

        Report(run, file, outcome);
        return (outcome.Rows == outcome.Events + outcome.Linked + outcome.Already + outcome.SetAside ? ExitCodes.Done : ExitCodes.No, outcome);
    }

    private static void Report(CommandRun run, string file, ImportOutcome o)
    {
        if (run.Json)
        {
            run.Page.Line(JsonSerializer.Serialize(o, Wire.Answers.ImportOutcome));
            return;
        }

        var resumed = o.Resumed > 0 ? FormattableString.Invariant($"; {o.Resumed:N0} of them had been appended before") : "";
        var sum = o.Events + o.Linked + o.Already + o.SetAside;
        run.Page.Line(FormattableString.Invariant($"{file} ({o.Feed}, sha256 {o.Sha256})"));
        run.Page.Line(FormattableString.Invariant(
            $"{o.Rows:N0} rows = {o.Events:N0} events + {o.Linked:N0} linked + {o.Already:N0} already known + {o.SetAside:N0} set aside{resumed}"));
        if (sum != o.Rows)
        {
            run.Page.Say(FormattableString.Invariant($"The parts add up to {sum:N0}, not to {o.Rows:N0}: this is a fault of Timeline, please report it."));
        }
    }
}
