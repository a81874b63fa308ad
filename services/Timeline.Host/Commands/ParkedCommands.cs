using System.CommandLine;
using System.Text;
using System.Text.Json;
using Timeline.Contracts.Answers;
using Timeline.Host.Client;
using Timeline.Host.Screen;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;

namespace Timeline.Host.Commands;

/// <summary><c>timeline parked list|show|redrive|drop|confirm</c></summary>
internal static class ParkedCommands
{
    /// <summary>Decisions in one request.</summary>
    private const int AtATime = 500;

    private static readonly Option<string?> Country = new("--country") { Description = "Only what is parked for this subject, or for anybody.", HelpName = "ISO" };

    private static readonly Option<string?> Projection = new("--projection") { Description = "Only what is parked in escalation, or in stance.", HelpName = "NAME" };

    public static Command Make() =>
        new Command("parked", "Events that could not be folded: look at them, try them again, give them up.").With(List(), Show(), Redrive(), Drop(), Confirm());

    private static Command List()
    {
        var state = new Option<string?>("--state") { Description = "outstanding (the default), redriven, dropped or all.", HelpName = "STATE" };
        return ReadCommands.Ask(new Command("list", "All of them with their causes; parked = outstanding + redriven + dropped.").With(Country, Projection, state),
            p => p.Question("/v1/parked", ("country", p.GetValue(Country)), ("projection", p.GetValue(Projection)), ("state", p.GetValue(state))), AnswersJson.Default.ParkedList, (page, a) => page.Show(a));
    }

    private static Command Show()
    {
        var id = new Argument<string>("id") { Description = "As parked list shows it.", HelpName = "ID" };
        return ReadCommands.Ask(new Command("show", "One event, every attempt to fold it, and what was decided.").With(id),
            p => "/v1/parked/" + string.Join('/', p.GetRequiredValue(id).Split('/').Select(Uri.EscapeDataString)), AnswersJson.Default.ParkedView, (page, a) => page.Show(a));
    }

    private static Command Redrive()
    {
        var ids = new Argument<string[]>("id") { Description = "Events as parked list shows them.", HelpName = "ID", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All that are outstanding." };
        var command = new Command("redrive", "Try events again. Those that still can't be folded stay parked with the new cause, and the command ends with 1.").With(ids, all, Country, Projection);
        CommandRun.Bind(command, run =>
        {
            var named = run.Parse.GetValue(ids) ?? [];
            if (named.Length == 0 != run.Parse.GetValue(all))
            {
                run.Page.Say("Give the ids of parked events, or --all.");
                return Task.FromResult(ExitCodes.BadInput);
            }

            return DecideAsync(run, named, "redrive", ParkedStates.Redriven, static (chunk, _) => JsonSerializer.SerializeToUtf8Bytes(
                new RedriveShape([.. chunk.Select(static d => new RedriveItem(d.Event, d.Subject, d.Projection, d.Attempts))]), IngestJson.Default.RedriveShape));
        });
        return command;
    }

    private static Command Drop()
    {
        var ids = new Argument<string[]>("id") { Description = "Events as parked list shows them.", HelpName = "ID", Arity = ArgumentArity.OneOrMore };
        var reason = new Option<string>("--reason") { Description = "Why they are given up.", HelpName = "TEXT", Required = true };
        var command = new Command("drop", "Give events up for good, with a reason. They stay in the log, and count for nothing.").With(ids, reason, Country, Projection);
        CommandRun.Bind(command, run =>
        {
            var why = run.Parse.GetRequiredValue(reason);
            return DecideAsync(run, run.Parse.GetRequiredValue(ids), "drop", ParkedStates.Dropped, (chunk, parked) => JsonSerializer.SerializeToUtf8Bytes(
                new DropShape([.. chunk.Select(d => new DropItem(d.Event, d.Subject, d.Projection, NamedOf(d.Event, parked)))], why), IngestJson.Default.DropShape));
        });
        return command;
    }

    private static Command Confirm()
    {
        var asked = new Argument<string>("id") { Description = "As parked drop said it when it asked for a second person, such as asked/0.", HelpName = "ID" };
        var command = new Command("confirm", "Confirm, as the second person, that events are given up: with a token of your own that has the role operate.").With(asked);
        CommandRun.Bind(command, async run =>
        {
            var session = await run.OpenAsync().ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                var body = JsonSerializer.SerializeToUtf8Bytes(new ConfirmShape(run.Parse.GetRequiredValue(asked)), IngestJson.Default.ConfirmShape);
                var answer = await session.Client.PostAsync("/v1/parked/confirm?wait=visible", body, AnswersJson.Default.ParkedDecided, run.Stop).ConfigureAwait(false);
                foreach (var line in run.Json ? [Encoding.UTF8.GetString(answer.Utf8.Span)] : answer.Value.Outcomes.Select(static o => $"{o.Event} for {o.Subject} in {o.Projection ?? "all projections"}: dropped, {(o.Status == ParkedDecided.Recorded ? "" : "already in ")}{o.Decision}"))
                {
                    run.Page.Line(line);
                }

                return ExitCodes.Done;
            }
        });
        return command;
    }

    private static List<string> NamedOf(string id, IReadOnlyList<ParkedLine> parked) =>
        [.. parked.Where(l => l.Event == id).Select(static l => l.Subject).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    // Asks for all that is outstanding of the selection, waits until it is folded, and tells what has become of it.
    private static async Task<int> DecideAsync(CommandRun run, string[] ids, string word, string wanted, Func<Decision[], IReadOnlyList<ParkedLine>, byte[]> body)
    {
        var session = await run.OpenAsync().ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var everything = await AllAsync(run, session.Client, selected: false).ConfigureAwait(false);
            var selected = ids.Length == 0 || run.Parse.GetValue(Country) is not null || run.Parse.GetValue(Projection) is not null
                ? await AllAsync(run, session.Client, selected: true).ConfigureAwait(false)
                : everything;
            var asked = selected.Where(l => l.State == ParkedStates.Outstanding && (ids.Length == 0 || ids.Contains(l.Event))).ToList();
            foreach (var id in ids.Where(id => asked.TrueForAll(l => l.Event != id)).Distinct(StringComparer.Ordinal))
            {
                run.Page.Say($"{id} is not parked" + (selected.FirstOrDefault(l => l.Event == id) is { } was ? $": it was {was.State}." : ": parked list shows what is."));
            }

            var decisions = asked.GroupBy(static l => (l.Event, l.Subject)).Select(same => new Decision(
                same.Key.Event, same.Key.Subject, same.Count() == 1 ? same.First().Projection : null, same.Max(static l => l.Attempts))).ToArray();
            var asks = false;
            foreach (var chunk in decisions.Chunk(AtATime))
            {
                var answer = await session.Client.PostAsync($"/v1/parked/{word}?wait=visible", body(chunk, everything), AnswersJson.Default.ParkedDecided, run.Stop).ConfigureAwait(false);
                if (answer.Value.Outcomes.FirstOrDefault(static o => o.Status == ParkedDecided.Asked) is { } waits)
                {
                    asks = true;
                    if (run.Json)
                    {
                        run.Page.Line(Encoding.UTF8.GetString(answer.Utf8.Span));
                    }

                    run.Page.Say($"Asked as {waits.Decision}; it needs a second person: timeline parked confirm {waits.Decision}{run.Where}");
                }
            }

            if (asks && run.Json)
            {
                return ExitCodes.No;
            }

            var now = (await AllAsync(run, session.Client, selected: false).ConfigureAwait(false)).Where(l => asked.Exists(a => a.Event == l.Event && a.Subject == l.Subject && a.Projection == l.Projection)).ToList();
            Tell(run, now);
            return now.TrueForAll(l => l.State == wanted) && ids.All(id => asked.Exists(l => l.Event == id)) ? ExitCodes.Done : ExitCodes.No;
        }
    }

    private static async Task<IReadOnlyList<ParkedLine>> AllAsync(CommandRun run, TimelineClient client, bool selected) =>
        (await client.GetAsync(
            selected ? run.Parse.Question("/v1/parked", ("state", "all"), ("country", run.Parse.GetValue(Country)), ("projection", run.Parse.GetValue(Projection))) : "/v1/parked?state=all",
            AnswersJson.Default.ParkedList, run.Stop).ConfigureAwait(false)).Value.Parked;

    private static void Tell(CommandRun run, List<ParkedLine> lines)
    {
        long Count(string state) => lines.Count(l => l.State == state);
        var list = new ParkedList(new ParkedCount(lines.Count, Count(ParkedStates.Outstanding), Count(ParkedStates.Redriven), Count(ParkedStates.Dropped)), lines);
        if (run.Json)
        {
            run.Page.Line(JsonSerializer.Serialize(list, Wire.Answers.ParkedList));
        }
        else
        {
            run.Page.Show(list);
        }
    }

    private sealed record Decision(string Event, string Subject, string? Projection, int Attempts);
}
