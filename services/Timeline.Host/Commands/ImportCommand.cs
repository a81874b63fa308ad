using System.CommandLine;
using System.Text.Json;
using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Host.Client;
using Timeline.Host.Screen;
using Timeline.Hosting;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Query.Api;

namespace Timeline.Host.Commands;

/// <summary><c>timeline import gdelt|ucdp|icews FILE...</c> and <c>timeline import csv --map MAPPING FILE...</c></summary>
internal static class ImportCommand
{
    private static readonly Argument<string[]> Files = new("files") { Description = "Plain, gzip or zip.", HelpName = "FILE", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<string[]> Covers = new("--covers")
    {
        Description = "Declare that the files are complete for countries (world, or codes with commas between), first day and last.",
        HelpName = "WHO FROM..TO",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> Map = new("--map") { Description = "The mapping file: how columns become events.", HelpName = "MAPPING", Required = true };

    private static readonly Option<string?> Repairs = new("--repairs")
    {
        Description = "The file brings the rows repaired that were set aside of this one, by its SHA-256: they are outstanding no more.", HelpName = "SHA",
    };

    public static Command Make() => new Command("import", "Import files of a bulk feed. Interrupted, it continues; repeated, it adds nothing.").With(
        Of(FeedNames.Gdelt, "Import GDELT 1.0 or 2.0 event files."),
        Of(FeedNames.Ucdp, "Import UCDP GED files: 49 columns, commas, with a header."),
        Of(FeedNames.Icews, "Import ICEWS event files: 20 columns, tabs, with a header."),
        Of(ImportSource.Csv, "Import any files with separators, by a mapping."));

    private static Command Of(string feed, string description)
    {
        var command = new Command(feed, description).With(Files, Covers, Repairs);
        if (feed == ImportSource.Csv)
        {
            command.With(Map);
        }

        CommandRun.Bind(command, run => RunAsync(
            run,
            new Import(feed, feed == ImportSource.Csv ? run.Parse.GetRequiredValue(Map) : null, run.Parse.GetValue(Covers), run.Parse.GetValue(Repairs)),
            run.Parse.GetRequiredValue(Files)));
        return command;
    }

    private static async Task<int> RunAsync(CommandRun run, Import import, string[] files)
    {
        if (import.Repairs is not null && files.Length > 1)
        {
            run.Page.Say("--repairs is about one file: import the others by themselves. Nothing was imported.");
            return ExitCodes.BadInput;
        }

        foreach (var file in import.Map is null ? files : files.Prepend(import.Map))
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
            var source = import.Map is null ? new ImportSource(import.Feed) : await GiveMappingAsync(run, session.Client, import.Map).ConfigureAwait(false);
            if (source is null)
            {
                return ExitCodes.BadInput;
            }

            var repaired = import.Repairs is null ? null : await SetAsideCommands.FileAsync(session.Client, import.Repairs, run.Stop).ConfigureAwait(false);
            foreach (var file in files)
            {
                var (ended, outcome) = await ImportAsync(run, session.Client, source, import, file).ConfigureAwait(false);
                code = Math.Max(code, ended);
                if (repaired is not null && outcome is not null && ended == ExitCodes.Done)
                {
                    code = await RepairedRows.SettleAsync(run, session.Client, repaired.File, outcome).ConfigureAwait(false);
                }
            }
        }

        return code;
    }

    // Null, and every reason told, where the mapping is wrong.
    private static async Task<ImportSource?> GiveMappingAsync(CommandRun run, TimelineClient client, string map)
    {
        try
        {
            var mapping = await client.AddMappingAsync(await File.ReadAllBytesAsync(map, run.Stop).ConfigureAwait(false), run.Stop).ConfigureAwait(false);
            return new ImportSource(ImportSource.Csv, mapping.Hash);
        }
        catch (ServiceRefusedException e) when (e.Problem.Status < 500)
        {
            foreach (var error in e.Problem.Errors ?? [new FieldError(e.Problem.Field, e.Problem.Detail)])
            {
                run.Page.Say(error.Field is null ? $"{map}: {error.Message}" : $"{map}: {error.Field}: {error.Message}");
            }

            run.Page.Say("Nothing was imported.");
            return null;
        }
    }

    private static async Task<(int Code, ImportOutcome? Outcome)> ImportAsync(CommandRun run, TimelineClient client, ImportSource source, Import import, string file)
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
                    await foreach (var progress in client.ImportAsync(source, stream, Path.GetFileName(file), import.CoversText, wait: true, run.Stop).ConfigureAwait(false))
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
            run.Page.Say($"  timeline import {import.Feed}{(import.Map is null ? "" : " --map " + import.Map)} {file}{(import.CoversText is null ? "" : " --covers " + import.CoversText)}{(import.Repairs is null ? "" : " --repairs " + import.Repairs)}{run.Where}");
            return (ExitCodes.Stopped, null);
        }

        if (last.Outcome is not { } outcome)
        {
            run.Page.Say($"{file}: {last.Error ?? "the service broke off before the end."} To continue, give the same command again.");
            return (last.Error is null || last.Retry ? ExitCodes.Unavailable : ExitCodes.BadInput, null);
        }

        Report(run, file, outcome);
        return (outcome.Rows == outcome.Events + outcome.Linked + outcome.Already + outcome.SetAside ? ExitCodes.Done : ExitCodes.No, outcome);
    }

    private sealed record Import(string Feed, string? Map, string[]? Covers, string? Repairs)
    {
        public string? CoversText => Covers is { Length: 2 } ? string.Join(' ', Covers) : null;
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
        if (o.Missing > 0)
        {
            run.Page.Line(FormattableString.Invariant(
                $"{o.Missing:N0} rows of earlier files are missing in this one and stay in force; it repeats others of them. Whoever holds them for withdrawn takes each back with an EventRetracted (timeline append):"));
            run.Page.Line("  " + string.Join(' ', o.FirstMissing) + (o.Missing > o.FirstMissing.Count ? " ..." : ""));
        }

        if (sum != o.Rows)
        {
            run.Page.Say(FormattableString.Invariant($"The parts add up to {sum:N0}, not to {o.Rows:N0}: this is a fault of Timeline, please report it."));
        }
    }
}
