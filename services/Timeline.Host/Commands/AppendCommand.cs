using System.CommandLine;
using System.Text.Json;
using Timeline.Contracts.Answers;
using Timeline.Host.Client;
using Timeline.Hosting;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Ingest.Recording;
using Timeline.Query.Api;

namespace Timeline.Host.Commands;

/// <summary><c>timeline append FILE|-</c></summary>
internal static class AppendCommand
{
    public static Command Make()
    {
        var file = new Argument<string>("file") { Description = "A .json file holds one event; any other file, or - for standard input, one event per line.", HelpName = "FILE|-" };
        var wait = new Option<bool>("--wait") { Description = "Return only when the read models have the events." };
        var command = new Command("append", "Append events, and say for each what became of it.").With(file, wait);
        CommandRun.Bind(command, run => RunAsync(run, run.Parse.GetRequiredValue(file), run.Parse.GetValue(wait)));
        return command;
    }

    private static async Task<int> RunAsync(CommandRun run, string file, bool wait)
    {
        var input = file == "-" ? Console.OpenStandardInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
        var tally = new Tally();
        await using (input.ConfigureAwait(false))
        {
            var session = await run.OpenAsync().ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                await foreach (var outcome in OutcomesAsync(run, session.Client, input, file, wait).ConfigureAwait(false))
                {
                    tally.Add(outcome);
                    run.Page.Line(run.Json ? JsonSerializer.Serialize(outcome, Wire.Answers.AppendOutcome) : Words(outcome));
                }
            }
        }

        if (!run.Json)
        {
            run.Page.Line(tally.ToString());
        }

        return tally.AnyRefused ? ExitCodes.BadInput : ExitCodes.Done;
    }

    private static IAsyncEnumerable<AppendOutcome> OutcomesAsync(CommandRun run, TimelineClient client, Stream input, string file, bool wait) =>
        file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? OneAsync(run, client, input, wait)
            : EventLines.SendAsync(client, input, wait, run.Stop);

    private static async IAsyncEnumerable<AppendOutcome> OneAsync(CommandRun run, TimelineClient client, Stream input, bool wait)
    {
        if (input.Length > ApiLimits.EventBytes)
        {
            throw new IOException(FormattableString.Invariant($"The file has {input.Length:N0} bytes; an event may have at most {ApiLimits.EventBytes:N0}. Many events are given one per line in a .ndjson file."));
        }

        using var body = new MemoryStream();
        await input.CopyToAsync(body, run.Stop).ConfigureAwait(false);
        yield return await client.AppendAsync(body.ToArray(), wait, run.Stop).ConfigureAwait(false);
    }

    private static string Words(AppendOutcome outcome)
    {
        var place = outcome.Line is { } line ? FormattableString.Invariant($"line {line}: ") : "";
        var name = outcome.Id is null ? "" : " " + outcome.Id;
        var at = outcome.Ordinal is { } ordinal ? FormattableString.Invariant($" at ordinal {ordinal}") : "";
        var errors = (outcome.Errors ?? []).Select(e => e.Field is null ? e.Message : $"{e.Field}: {e.Message}");
        var said = string.Join("; ", errors);
        return said.Length == 0 ? $"{place}{outcome.Status}{name}{at}" : $"{place}{outcome.Status}{name}{at}: {said}";
    }
}

/// <summary>How many events ended how.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public bool AnyRefused => this[Recorder.Refused] + this[Recorder.Conflict] > 0;

    public int this[string status] => _counts.GetValueOrDefault(status);

    public void Add(AppendOutcome outcome) => _counts[outcome.Status] = this[outcome.Status] + 1;

    public override string ToString() => FormattableString.Invariant(
        $"{this[Recorder.Recorded]} recorded, {this[Recorder.Already]} already there, {this[Recorder.Conflict]} in conflict, {this[Recorder.Refused]} refused");
}
