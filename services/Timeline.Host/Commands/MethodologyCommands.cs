using System.CommandLine;
using System.Text;
using System.Text.Json;
using Timeline.Contracts.Answers;
using Timeline.Host.Client;
using Timeline.Host.Screen;
using Timeline.Hosting;
using Timeline.Ingest.Api;
using Timeline.Ingest.Recording;
using Timeline.Query.Api;

namespace Timeline.Host.Commands;

/// <summary><c>timeline methodology add|list|show|diff</c></summary>
internal static class MethodologyCommands
{
    private const string FilesPrefix = "files.";

    public static Command Make() =>
        new Command("methodology", "Methodologies: the tables that turn events into stance and escalation. The log keeps all of them; one is in force.").With(Add(), List(), Show(), Diff());

    private static Command List() =>
        ReadCommands.Ask(new Command("list", "The methodologies that the log holds, with hash, ordinal, and which is in force."),
            static _ => "/v1/methodologies", AnswersJson.Default.MethodologyList, (page, a) => page.Show(a));

    private static Command Diff()
    {
        var (from, to) = (Name("v1", "A methodology, as methodology list shows it."), Name("v2", "The other."));
        return ReadCommands.Ask(
            new Command("diff", "What differs between two methodologies: by file, row and column. What is for people alone, and moves no score, is told apart. Exit code 0 whether or not anything differs.").With(from, to),
            p => $"/v1/methodologies/{Uri.EscapeDataString(p.GetRequiredValue(from))}/diff/{Uri.EscapeDataString(p.GetRequiredValue(to))}",
            AnswersJson.Default.MethodologyDifference, (page, a) => page.Show(a));
    }

    private static Command Add()
    {
        var folder = new Argument<string>("dir") { Description = "A folder with the files of a methodology and nothing else; timeline methodology show v1 --out DIR writes one to begin with.", HelpName = "DIR" };
        var name = new Option<string?>("--name") { Description = "Its name: 1 to 64 of a-z 0-9 . _ -, a letter or digit first. Default: the folder's name.", HelpName = "NAME" };
        var reason = new Option<string?>("--reason") { Description = "Why it was made.", HelpName = "TEXT" };
        var command = new Command("add", "Check a methodology and record it. That does not put it in force: readings stay as they are. The same again adds nothing; a name is never given twice.").With(folder, name, reason);
        CommandRun.Bind(command, run => AddAsync(run, run.Parse.GetRequiredValue(folder), run.Parse.GetValue(name), run.Parse.GetValue(reason)));
        return command;
    }

    private static async Task<int> AddAsync(CommandRun run, string folder, string? name, string? reason)
    {
        name ??= new DirectoryInfo(folder).Name;
        var given = new MethodologyShape(name, await MethodologyFolder.ReadAsync(folder, run.Stop).ConfigureAwait(false), reason);
        var session = await run.OpenAsync().ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            Answer<MethodologyOutcome> answer;
            try
            {
                answer = await session.Client.PostAsync(
                    "/v1/methodologies?wait=visible", JsonSerializer.SerializeToUtf8Bytes(given, HostWire.Own.MethodologyShape), AnswersJson.Default.MethodologyOutcome, run.Stop).ConfigureAwait(false);
            }
            catch (ServiceRefusedException e) when (e.Problem is { Status: < 500, Errors: { } errors })
            {
                foreach (var error in errors)
                {
                    run.Page.Say(Told(folder, error));
                }

                run.Page.Say("Nothing was recorded.");
                return ExitCodes.BadInput;
            }

            Tell(run, answer);
        }

        return ExitCodes.Done;
    }

    private static void Tell(CommandRun run, Answer<MethodologyOutcome> answer)
    {
        if (run.Json)
        {
            run.Page.Line(Encoding.UTF8.GetString(answer.Utf8.Span));
            return;
        }

        var o = answer.Value;
        run.Page.Line(FormattableString.Invariant($"{o.Name}: {o.Status}, {o.Event} at ordinal {o.Ordinal}, hash {o.Hash}"));
        foreach (var note in o.Notes)
        {
            run.Page.Say($"Note: {note}");
        }

        if (o.Status == Recorder.Recorded)
        {
            run.Page.Say("Recorded, not in force: readings stay as they are.");
        }
    }

    private static string Told(string folder, FieldError error) => error.Field switch
    {
        { } path when path.StartsWith(FilesPrefix, StringComparison.Ordinal) => $"{Path.Combine(folder, path[FilesPrefix.Length..])}, {error.Message}",
        "name" => $"{error.Message}. --name gives another than the folder's.",
        { } other => $"{other}: {error.Message}",
        null => error.Message,
    };

    private static Command Show()
    {
        var name = Name("name", "As methodology list shows it.");
        var file = new Option<string?>("--file") { Description = "Print this file alone, to the letter.", HelpName = "FILE" };
        var folder = new Option<string?>("--out") { Description = "Write all files into this folder, which is empty or not there yet.", HelpName = "DIR" };
        var command = new Command("show", "One methodology: its parameters and files.").With(name, file, folder);
        command.Validators.Add(result =>
        {
            if (result.GetValue(file) is not null && (result.GetValue(folder) is not null || result.GetValue(GivenOptions.Json)))
            {
                result.AddError("--file prints one file and nothing else: leave --out and --json out, or leave --file out.");
            }
        });
        CommandRun.Bind(command, run => ShowAsync(run, run.Parse.GetRequiredValue(name), run.Parse.GetValue(file), run.Parse.GetValue(folder)));
        return command;
    }

    private static async Task<int> ShowAsync(CommandRun run, string name, string? file, string? folder)
    {
        var session = await run.OpenAsync().ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var answer = await session.Client.GetAsync("/v1/methodologies/" + Uri.EscapeDataString(name), AnswersJson.Default.MethodologyView, run.Stop).ConfigureAwait(false);
            if (file is not null)
            {
                return Print(run, answer.Value, file);
            }

            if (folder is not null)
            {
                await MethodologyFolder.WriteAsync(folder, answer.Value, run.Stop).ConfigureAwait(false);
            }

            if (run.Json)
            {
                run.Page.Line(Encoding.UTF8.GetString(answer.Utf8.Span));
            }
            else if (folder is not null)
            {
                run.Page.Line(FormattableString.Invariant($"{folder}: {answer.Value.Files.Count} files of {name}. Change them, then: timeline methodology add {folder} --name NAME{run.Where}"));
            }
            else
            {
                run.Page.Show(answer.Value);
            }
        }

        return ExitCodes.Done;
    }

    private static int Print(CommandRun run, MethodologyView methodology, string file)
    {
        if (!methodology.Files.TryGetValue(file, out var text))
        {
            run.Page.Say($"{methodology.Name} has no file '{file}'. It has: {string.Join(", ", methodology.Files.Keys.Order(StringComparer.Ordinal))}.");
            return ExitCodes.BadInput;
        }

        run.Page.Text(text);
        return ExitCodes.Done;
    }

    private static Argument<string> Name(string name, string description) => new(name) { Description = description, HelpName = name.ToUpperInvariant() };
}
