using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Timeline.Adapters.EventStoreDb;
using Timeline.Host.Client;
using Timeline.Host.Embedding;
using Timeline.Host.Screen;
using Timeline.Hosting;
using Timeline.Hosting.Http;
using Timeline.Ingest;
using Timeline.Ingest.Api;
using Timeline.Query.Api;

namespace Timeline.Host.Commands;

/// <summary><c>timeline log copy FROM TO</c></summary>
internal static class LogCommand
{
    public static Command Make()
    {
        var from = new Argument<string>("from") { Description = "A data folder, or an EventStoreDB: esdb://HOST:2113?tls=false.", HelpName = "FROM" };
        var to = new Argument<string>("to") { Description = "Another one: empty, or an earlier part of the same copy.", HelpName = "TO" };
        var copy = new Command(
            "copy",
            "Copy a whole log into another store, and prove the copy equal. Interrupted, it continues; repeated, it proves again. The copy is a log of its own: cursors of the first are refused by it.")
            .With(from, to);
        CommandRun.Bind(copy, run => CopyAsync(run, run.Parse.GetRequiredValue(from), run.Parse.GetRequiredValue(to)));
        return new Command("log", "The log itself.").With(copy);
    }

    private static async Task<int> CopyAsync(CommandRun run, string from, string to)
    {
        if (!EventStoreDbAddress.IsMeant(from) && !EventStoreDbAddress.IsMeant(to) && Path.GetFullPath(from) == Path.GetFullPath(to))
        {
            run.Page.Say("Both are the same folder. Name two.");
            return ExitCodes.BadInput;
        }

        var scratch = Directory.CreateTempSubdirectory("timeline-copy-");
        try
        {
            var source = await StoreAsync(run, from, Path.Combine(scratch.FullName, "from.db"), mayMake: false).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                var target = await StoreAsync(run, to, Path.Combine(scratch.FullName, "to.db"), mayMake: true).ConfigureAwait(false);
                await using (target.ConfigureAwait(false))
                {
                    return await CopyAsync(run, new LogCopy(source.Opened.Log, target.Opened.Log)).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static async Task<int> CopyAsync(CommandRun run, LogCopy copy)
    {
        var steps = Channel.CreateBounded<WorkDone>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var copying = EndAsync(copy.RunAsync(p => steps.Writer.TryWrite(new WorkDone(p.Done, p.Total, p.Done, "events")), run.Stop), steps.Writer);
        await run.Page.ProgressAsync("copy", steps.Reader.ReadAllAsync()).ConfigureAwait(false);
        try
        {
            var report = await copying.ConfigureAwait(false);
            run.Page.Line(run.Json
                ? JsonSerializer.Serialize(report, HostWire.Own.LogCopyReport)
                : string.Create(CultureInfo.InvariantCulture, $"{report.Events:N0} events, {report.Bytes:N0} bytes: {report.Copied:N0} copied, {report.Already:N0} there before. Both logs are equal, SHA-256 {report.Sha256}"));
            return ExitCodes.Done;
        }
        catch (LogCopyException e)
        {
            run.Page.Say(e.Message);
            return ExitCodes.No;
        }
        catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
        {
            run.Page.Say("Stopped. What was copied is kept. To continue, give the same command again.");
            return ExitCodes.Stopped;
        }
    }

    private static async Task<LogCopyReport> EndAsync(Task<LogCopyReport> copying, ChannelWriter<WorkDone> steps)
    {
        try
        {
            return await copying.ConfigureAwait(false);
        }
        finally
        {
            steps.Complete();
        }
    }

    private static async Task<Store> StoreAsync(CommandRun run, string text, string index, bool mayMake)
    {
        if (EventStoreDbAddress.IsMeant(text))
        {
            return new Store(await LogHome.OpenAsync(LogHome.Address(text), index, TimeProvider.System, run.Stop, mayMake).ConfigureAwait(false), null);
        }

        var folder = new DataFolder(text);
        if (!mayMake && !File.Exists(folder.Log))
        {
            throw new FileNotFoundException($"There is no log in '{EventStoreDbAddress.WithoutPassword(text)}'. Name the data folder of a Timeline, or an EventStoreDB as esdb://HOST:2113?tls=false.");
        }

        var ownership = FolderLock.TryTake(folder)
            ?? throw new UnavailableException($"Another process works on '{text}'. Stop it, so that the log stands still, and copy again.");
        try
        {
            return new Store(LogHome.Open(folder.Log, TimeProvider.System), ownership);
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    /// <summary>A log and, where it is in a folder, the folder: nobody else works on it meanwhile.</summary>
    private sealed record Store(OpenLog Opened, FolderLock? Ownership) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Opened.DisposeAsync().ConfigureAwait(false);
            Ownership?.Dispose();
        }
    }
}
