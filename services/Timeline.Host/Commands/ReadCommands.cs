using System.CommandLine;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Timeline.Contracts.Answers;
using Timeline.Host.Screen;
using Timeline.Hosting;

namespace Timeline.Host.Commands;

/// <summary>The commands that ask. Each is one address of the service and one picture of its answer.</summary>
internal static class ReadCommands
{
    private static readonly AnswersJson Json = AnswersJson.Default;

    public static Command Country()
    {
        var iso = Subject();
        return Ask(new Command("country", "Where a subject stands and how far things have escalated.").With(iso).WithClocks(),
            p => p.Question($"/v1/countries/{Escaped(p, iso)}"), Json.CountryReading, (page, a) => page.Show(a));
    }

    public static Command Stance()
    {
        var iso = Subject();
        return Ask(new Command("stance", "The stances of a subject: on issues, and toward others.").With(iso).WithClocks(),
            p => p.Question($"/v1/countries/{Escaped(p, iso)}/stance"), Json.CountryReading, (page, a) => page.ShowStance(a));
    }

    public static Command Dyad()
    {
        var a = Subject("a");
        var b = Subject("b");
        return Ask(new Command("dyad", "What two subjects do to each other.").With(a, b).WithClocks(),
            p => p.Question($"/v1/dyads/{Escaped(p, a)}/{Escaped(p, b)}"), Json.DyadReading, (page, d) => page.Show(d));
    }

    public static Command Countries() =>
        Ask(new Command("countries", "Every subject on one line.").WithClocks().WithPages(),
            p => p.Question("/v1/countries"), Json.CountriesReading, (page, a) => page.Show(a));

    public static Command Events()
    {
        var country = new Option<string>("--country") { Description = "Events that name this subject.", HelpName = "ISO", Required = true };
        var from = new Option<string?>("--from") { Description = "First day, yyyy-MM-dd.", HelpName = "DAY" };
        var to = new Option<string?>("--to") { Description = "Last day, included.", HelpName = "DAY" };
        return Ask(new Command("events", "Events that name a subject, the latest day first.").With(country, from, to).WithClocks().WithPages(),
            p => p.Question($"/v1/countries/{Uri.EscapeDataString(p.GetRequiredValue(country))}/events", ("from", p.GetValue(from)), ("to", p.GetValue(to))),
            Json.EventsReading, (page, a) => page.Show(a));
    }

    public static Command Event()
    {
        var id = new Argument<string>("id") { Description = "As events and explain show it.", HelpName = "ID" };
        return Ask(new Command("event", "One event as it stands in the log, and what later events say of it.").With(id),
            p => "/v1/events/" + string.Join('/', p.GetRequiredValue(id).Split('/').Select(Uri.EscapeDataString)), Json.EventView, (page, a) => page.Show(a));
    }

    public static Command Explain()
    {
        var iso = Subject();
        return Ask(new Command("explain", "A score taken apart: the sums, and the entries they consist of.").With(iso).WithClocks().WithPages(),
            p => p.Question("/v1/explain", ("country", p.GetRequiredValue(iso))), Json.ExplainReading, (page, a) => page.Show(a));
    }

    public static Command Status() =>
        Ask(new Command("status", "The log's length, the read models' places and lag, what the feeds brought."), _ => "/v1/status", Json.Status, (page, a) => page.Show(a));

    public static Command Digests()
    {
        var subject = new Option<string?>("--subject") { Description = "Only this subject.", HelpName = "ISO" };
        return Ask(new Command("digests", "Digests of the read models: equal digests, equal answers.").With(subject),
            p => p.Question("/v1/digests", ("subject", p.GetValue(subject))), Json.DigestsReading, (page, a) => page.Show(a));
    }

    private static Argument<string> Subject(string name = "iso") =>
        new(name) { Description = "ISO 3166-1 alpha-3, such as RUS, or a registered organisation, such as NATO.", HelpName = name.ToUpperInvariant() };

    private static string Escaped(ParseResult parse, Argument<string> argument) => Uri.EscapeDataString(parse.GetRequiredValue(argument));

    /// <summary>A command that asks one address, and shows its answer as JSON or as a picture.</summary>
    public static Command Ask<T>(Command command, Func<ParseResult, string> path, JsonTypeInfo<T> info, Action<Page, T> show)
    {
        CommandRun.Bind(command, async run =>
        {
            var session = await run.OpenAsync().ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                var answer = await session.Client.GetAsync(path(run.Parse), info, run.Stop).ConfigureAwait(false);
                if (run.Json)
                {
                    run.Page.Line(Encoding.UTF8.GetString(answer.Utf8.Span));
                }
                else
                {
                    show(run.Page, answer.Value);
                }
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
