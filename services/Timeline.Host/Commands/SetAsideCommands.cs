using System.CommandLine;
using System.Globalization;
using System.Text;
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

/// <summary><c>timeline setaside list|show|export|dismiss</c></summary>
internal static class SetAsideCommands
{
    private static readonly Option<string?> Feed = new("--feed") { Description = "Only rows of this feed.", HelpName = "FEED" };

    private static readonly Option<string?> File = new("--file")
    {
        Description = "Only rows of this file: the SHA-256 that its import printed, or the feed, a hyphen and the SHA-256.", HelpName = "SHA",
    };

    public static Command Make() =>
        new Command("setaside", "Rows of feeds that could not be read: look at them, take them out for repair, settle them.").With(List(), Show(), Export(), Dismiss());

    private static Command List()
    {
        var state = new Option<string?>("--state") { Description = "outstanding (the default), repaired, dismissed or all.", HelpName = "STATE" };
        return ReadCommands.Ask(new Command("list", "Rows with line, cause and beginning, and their files with counts by cause.").With(Feed, File, state).WithPages(),
            p => p.Question("/v1/setaside", ("feed", p.GetValue(Feed)), ("file", p.GetValue(File)), ("state", p.GetValue(state))), AnswersJson.Default.SetAsideReading, (page, a) => page.Show(a));
    }

    private static Command Show()
    {
        var id = new Argument<string>("id") { Description = "As setaside list shows it.", HelpName = "ID" };
        return ReadCommands.Ask(new Command("show", "One row whole, its cause, and what to do.").With(id),
            p => "/v1/setaside/" + string.Join('/', p.GetRequiredValue(id).Split('/').Select(Uri.EscapeDataString)), AnswersJson.Default.SetAsideView, (page, a) => page.Show(a));
    }

    private static Command Dismiss()
    {
        var ids = new Argument<string[]>("id") { Description = "Rows of one file; none: all outstanding rows of the file that --file names.", HelpName = "ID", Arity = ArgumentArity.ZeroOrMore };
        var reason = new Option<string>("--reason") { Description = "Why they are given up.", HelpName = "TEXT", Required = true };
        var command = new Command("dismiss", "Give rows up, with a reason. They stay in the log.").With(ids, File, reason);
        CommandRun.Bind(command, run => DismissAsync(run, run.Parse.GetValue(ids) ?? [], run.Parse.GetValue(File), run.Parse.GetRequiredValue(reason)));
        return command;
    }

    private static async Task<int> DismissAsync(CommandRun run, string[] ids, string? file, string reason)
    {
        var files = ids.Select(id => id[..Math.Max(0, id.LastIndexOf('/'))]).Distinct(StringComparer.Ordinal).ToList();
        if (files.Count == 0 == file is null || files.Count > 1)
        {
            run.Page.Say("Give the ids of rows of one file, or --file SHA for all its outstanding rows.");
            return ExitCodes.BadInput;
        }

        var session = await run.OpenAsync().ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var name = files.Count == 1 ? files[0] : await NameOfAsync(session.Client, file!, run.Stop).ConfigureAwait(false);
            var answer = await SettleAsync(session.Client, new SettlementShape(name, ids.Length > 0 ? ids : null, null, reason), run.Stop).ConfigureAwait(false);
            run.Page.Line(run.Json ? Encoding.UTF8.GetString(answer.Utf8.Span) : FormattableString.Invariant($"{answer.Value.Status}: {answer.Value.Event} at ordinal {answer.Value.Ordinal}"));
        }

        return ExitCodes.Done;
    }

    /// <summary>Settles rows and waits until the list shows it.</summary>
    public static Task<Answer<SettleOutcome>> SettleAsync(TimelineClient client, SettlementShape settlement, CancellationToken ct) =>
        client.PostAsync("/v1/setaside/settlements?wait=visible", JsonSerializer.SerializeToUtf8Bytes(settlement, HostWire.Own.SettlementShape), AnswersJson.Default.SettleOutcome, ct);

    /// <summary>The whole name of a file that a hash names, with all its rows set aside counted.</summary>
    public static async Task<SetAsideFile> FileAsync(TimelineClient client, string file, CancellationToken ct) =>
        (await client.GetAsync($"/v1/setaside?state=all&limit=1&file={Uri.EscapeDataString(file)}", AnswersJson.Default.SetAsideReading, ct).ConfigureAwait(false)).Value.Files[0];

    private static async Task<string> NameOfAsync(TimelineClient client, string file, CancellationToken ct) => (await FileAsync(client, file, ct).ConfigureAwait(false)).File;

    private static Command Export()
    {
        var output = new Option<string>("--output", "-o") { Description = "The file to write; it must not be there yet.", HelpName = "FILE", Required = true };
        var command = new Command("export", "Outstanding rows as they stood in their file, byte for byte, to be repaired and imported again.").With(Feed, File, output);
        CommandRun.Bind(command, run => ExportAsync(run, run.Parse.GetRequiredValue(output)));
        return command;
    }

    private static async Task<int> ExportAsync(CommandRun run, string output)
    {
        if (System.IO.File.Exists(output))
        {
            run.Page.Say($"{output} is there already, and may hold repairs: give another name, or delete it. Nothing was written.");
            return ExitCodes.BadInput;
        }

        var session = await run.OpenAsync().ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var selection = run.Parse.Question("/v1/setaside/export", ("feed", run.Parse.GetValue(Feed)), ("file", run.Parse.GetValue(File)));
            using var response = await session.Client.OpenAsync(selection, run.Stop).ConfigureAwait(false);
            var (rows, cut) = (Number(response, SetAsideEndpoints.RowsHeader), Number(response, SetAsideEndpoints.CutHeader));
            var feed = response.Headers.TryGetValues(SetAsideEndpoints.FeedHeader, out var values) ? values.First() : null;
            var bytes = rows == 0 ? 0 : await WriteAsync(response, output, run.Stop).ConfigureAwait(false);
            var left = cut == 0 ? [] : (await session.Client.GetAsync(
                run.Parse.Question("/v1/setaside", ("feed", run.Parse.GetValue(Feed)), ("file", run.Parse.GetValue(File)), ("cut", "true"), ("limit", "1000")),
                AnswersJson.Default.SetAsideReading, run.Stop).ConfigureAwait(false)).Value.Rows;
            Report(run, new ExportReport(output, feed is "" ? null : feed, rows, bytes, cut, [.. left.Select(r => r.Id)]));
            return cut > 0 ? ExitCodes.No : ExitCodes.Done;
        }
    }

    private static void Report(CommandRun run, ExportReport report)
    {
        if (run.Json)
        {
            run.Page.Line(JsonSerializer.Serialize(report, HostWire.Own.ExportReport));
            return;
        }

        run.Page.Line(report.Rows == 0
            ? "No row that is kept whole is outstanding; nothing was written."
            : FormattableString.Invariant($"{report.Output}: {report.Rows:N0} rows, {report.Bytes:N0} bytes. Repair it, then: timeline import {FeedNames.ImportArguments(report.Feed ?? "")} {report.Output} --repairs SHA{run.Where}"));
        if (report.Cut > 0)
        {
            run.Page.Say(FormattableString.Invariant($"{report.Cut:N0} rows are left out, because only their beginning is kept: take them from the file itself."));
            foreach (var id in report.CutRows)
            {
                run.Page.Say("  " + id);
            }
        }
    }

    private static async Task<long> WriteAsync(HttpResponseMessage response, string output, CancellationToken ct)
    {
        // Whole or not at all: half an export would be repaired as if it were all of it.
        var part = output + ".part";
        try
        {
            long bytes;
            var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true);
            await using (file.ConfigureAwait(false))
            {
                await response.Content.CopyToAsync(file, ct).ConfigureAwait(false);
                bytes = file.Length;
            }

            System.IO.File.Move(part, output);
            return bytes;
        }
        finally
        {
            System.IO.File.Delete(part);
        }
    }

    private static long Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? n
            : throw new HttpRequestException($"The answer has no header {header}: another version of Timeline serves there.");
}

/// <summary>What an export wrote, and the rows that it had to leave out because only their beginning is kept.</summary>
internal sealed record ExportReport(string Output, string? Feed, long Rows, long Bytes, long Cut, IReadOnlyList<string> CutRows);
