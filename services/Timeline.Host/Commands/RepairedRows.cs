using Timeline.Contracts.Answers;
using Timeline.Host.Client;
using Timeline.Hosting;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Query.Api;

namespace Timeline.Host.Commands;

/// <summary>What <c>import --repairs</c> says once the repaired file is in the log.</summary>
internal static class RepairedRows
{
    /// <summary>
    /// Settles the rows of a file that were set aside, if the repaired file has exactly as many rows: else some were dropped or come from elsewhere, and
    /// which ones nobody knows.
    /// </summary>
    public static async Task<int> SettleAsync(CommandRun run, TimelineClient client, string file, ImportOutcome repaired)
    {
        var by = $"{repaired.Feed}-{repaired.Sha256}";
        if (by == file)
        {
            run.Page.Say($"{file} is the imported file itself: its rows can't be repaired by it.");
            return ExitCodes.BadInput;
        }

        var whole = (await client.GetAsync($"/v1/setaside?file={file}&cut=false&limit=1", AnswersJson.Default.SetAsideReading, run.Stop).ConfigureAwait(false)).Value.Counts.Outstanding;
        if (whole > 0 && repaired.Rows != whole)
        {
            run.Page.Say(FormattableString.Invariant(
                $"The file has {repaired.Rows:N0} rows, and {whole:N0} rows of {file} are outstanding: which of them it repairs can't be told, so none is taken for repaired. The imported rows are kept. ")
                + $"Export one file at a time, and give up first what can't be repaired, with timeline setaside dismiss ID --reason TEXT{run.Where}; then give this command again.");
            return ExitCodes.No;
        }

        if (whole > 0)
        {
            await SetAsideCommands.SettleAsync(client, new SettlementShape(file, null, by, null), run.Stop).ConfigureAwait(false);
        }

        if (!run.Json)
        {
            run.Page.Line(FormattableString.Invariant($"{whole:N0} rows of {file} are repaired by this file; timeline setaside list shows what is outstanding."));
        }

        return ExitCodes.Done;
    }
}
