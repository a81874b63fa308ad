using System.CommandLine;
using System.Text;
using Timeline.Contracts.Answers;
using Timeline.Host.Client;
using Timeline.Host.Screen;
using Timeline.Hosting;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Query.Api;

namespace Timeline.Host.Commands;

/// <summary><c>timeline theatre NAME</c>, <c>theatre define FILE</c>, <c>theatre list</c></summary>
internal static class TheatreCommands
{
    public static Command Make()
    {
        var name = new Argument<string>("name") { Description = "The theatre's name, as theatre list shows it.", HelpName = "NAME" };
        var theatre = ReadCommands.Ask(
            new Command("theatre", "How far things have escalated between the members of a theatre: a named set of subjects.").With(name).WithClocks(),
            p => p.Question("/v1/theatres/" + Uri.EscapeDataString(p.GetRequiredValue(name))), AnswersJson.Default.TheatreReading, (page, a) => page.Show(a));
        return theatre.With(Define(), List());
    }

    private static Command List() =>
        ReadCommands.Ask(new Command("list", "The theatres that are defined, with their members.").With(GivenOptions.KnownAt),
            p => p.Question("/v1/theatres"), AnswersJson.Default.TheatreList, (page, a) => page.Show(a));

    private static Command Define()
    {
        var file = new Argument<string>("file")
        {
            Description = "JSON: {\"theatres\":[{\"theatre\":\"black-sea\",\"title\":\"Black Sea\",\"members\":[\"RUS\",\"UKR\"],\"reason\":\"why\"}]}; without members a theatre is closed.",
            HelpName = "FILE|-",
        };
        var command = new Command("define", "Define theatres: all of a file or none. What is in force already adds nothing.").With(file);
        CommandRun.Bind(command, run => DefineAsync(run, run.Parse.GetRequiredValue(file)));
        return command;
    }

    private static async Task<int> DefineAsync(CommandRun run, string file)
    {
        var utf8 = await ReadAsync(file, run.Stop).ConfigureAwait(false);
        var session = await run.OpenAsync().ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            Answer<TheatresDefined> answer;
            try
            {
                answer = await session.Client.PostAsync("/v1/theatres?wait=visible", utf8, AnswersJson.Default.TheatresDefined, run.Stop).ConfigureAwait(false);
            }
            catch (ServiceRefusedException e) when (e.Problem is { Status: < 500, Errors: { } errors })
            {
                Tell(run, file, utf8, errors);
                return ExitCodes.BadInput;
            }

            if (run.Json)
            {
                run.Page.Line(Encoding.UTF8.GetString(answer.Utf8.Span));
                return ExitCodes.Done;
            }

            foreach (var t in answer.Value.Theatres)
            {
                run.Page.Line(FormattableString.Invariant($"{t.Theatre}: {t.Status}, {t.Event} at ordinal {t.Ordinal}"));
            }
        }

        return ExitCodes.Done;
    }

    private static void Tell(CommandRun run, string file, byte[] utf8, IReadOnlyList<FieldError> errors)
    {
        foreach (var e in errors)
        {
            var line = e.Field is { } path && JsonLines.LineOf(utf8, path) is { } n ? FormattableString.Invariant($" line {n}, {path}") : "";
            run.Page.Say($"{file}{line}: {e.Message}");
        }

        run.Page.Say("None of the file's theatres was defined.");
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken ct)
    {
        var input = file == "-" ? Console.OpenStandardInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
        await using (input.ConfigureAwait(false))
        {
            using var body = new MemoryStream();
            var buffer = new byte[1 << 14];
            while (body.Length <= ApiLimits.EventBytes && await input.ReadAsync(buffer, ct).ConfigureAwait(false) is var n and > 0)
            {
                body.Write(buffer.AsSpan(0, n));
            }

            return body.Length <= ApiLimits.EventBytes
                ? body.ToArray()
                : throw new IOException(FormattableString.Invariant($"{file} has more than {ApiLimits.EventBytes:N0} bytes, the limit of a file of theatres. Define them in several files."));
        }
    }
}
