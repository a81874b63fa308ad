using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Timeline.Adapters.EventStoreDb;
using Timeline.Contracts.Answers;
using Timeline.Host.Client;
using Timeline.Host.Embedding;
using Timeline.Host.Screen;
using Timeline.Hosting;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Query.Api;

namespace Timeline.Host.Commands;

/// <summary>One thing that was looked at.</summary>
public sealed record DoctorCheck(string Name, bool Ok, string Detail);

/// <summary>Answer of <c>timeline doctor --json</c>.</summary>
public sealed record DoctorReport(bool Ok, IReadOnlyList<DoctorCheck> Checks);

/// <summary>Answer of <c>timeline version --json</c>.</summary>
public sealed record VersionReport(string Timeline, string Runtime, string System);

/// <summary><c>timeline doctor</c> and <c>timeline version</c></summary>
internal static class DoctorCommand
{
    private const long LowDiskBytes = 256L << 20;

    public static Command Make()
    {
        var command = new Command("doctor", "Look whether everything is as it must be: folder, store, log, read models, versions. Exit code 1 if something is not.");
        CommandRun.Bind(command, RunAsync);
        return command;
    }

    public static Command Version()
    {
        var command = new Command("version", "The versions of the command and of what it runs on.");
        CommandRun.Bind(command, run =>
        {
            var v = Versions();
            run.Page.Line(run.Json ? JsonSerializer.Serialize(v, HostWire.Own.VersionReport) : $"timeline {v.Timeline} on {v.Runtime}, {v.System}");
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandRun run)
    {
        var v = Versions();
        var checks = new List<DoctorCheck> { new("versions", true, $"timeline {v.Timeline} on {v.Runtime}, {v.System}") };
        if (run.Server is null)
        {
            checks.Add(Folder(run.Data));
        }

        var findings = run.Server is null ? await StoreAsync(run).ConfigureAwait(false) : [];
        checks.AddRange(findings.Select(static f => new DoctorCheck(f.Name, f.Ok, f.Detail)));

        // Asking makes the log where there is none, and a doctor only looks.
        if (checks.TrueForAll(c => c.Ok) && findings.All(static f => f.HoldsLog))
        {
            await AskAsync(run, checks).ConfigureAwait(false);
        }

        var report = new DoctorReport(checks.TrueForAll(c => c.Ok), checks);
        if (run.Json)
        {
            run.Page.Line(JsonSerializer.Serialize(report, HostWire.Own.DoctorReport));
        }
        else
        {
            run.Page.Show(report);
        }

        return report.Ok ? ExitCodes.Done : ExitCodes.No;
    }

    // Where TIMELINE_LOG names a store, it is a dependency of its own.
    private static async Task<IReadOnlyList<Finding>> StoreAsync(CommandRun run) =>
        LogHome.Given() is { } address ? await EventStoreDbInspection.LookAsync(address, TimeProvider.System, run.Stop).ConfigureAwait(false) : [];

    private static DoctorCheck Folder(string data)
    {
        var folder = new DataFolder(data);
        try
        {
            Directory.CreateDirectory(folder.Path);
            var probe = Path.Combine(folder.Path, ".doctor");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            var free = new DriveInfo(folder.Path).AvailableFreeSpace;
            return new DoctorCheck("data folder", free >= LowDiskBytes,
                string.Create(CultureInfo.InvariantCulture, $"{folder.Path} can be written; {free >> 20:N0} MiB are free ({LowDiskBytes >> 20} are wanted)"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new DoctorCheck("data folder", false, e.Message);
        }
    }

    private static async Task AskAsync(CommandRun run, List<DoctorCheck> checks)
    {
        var session = await run.OpenAsync().ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var client = session.Client;
            checks.Add(new DoctorCheck("service", true, session.IsOwn ? "none runs on the folder; looked at it directly" : $"answers at {client.Address}"));
            var notReady = await client.NotReadyBecauseAsync(run.Stop).ConfigureAwait(false);
            checks.Add(new DoctorCheck("ready", notReady is null, notReady ?? "the read models have caught up"));
            var status = (await client.GetAsync("/v1/status", AnswersJson.Default.Status, run.Stop).ConfigureAwait(false)).Value;
            checks.Add(new DoctorCheck("log", status.Events > 0, FormattableString.Invariant($"{status.LogId} holds {status.Events:N0} events and can be read")));
            checks.Add(new DoctorCheck("read models", status.Partitions.All(p => p.Through < status.Events),
                FormattableString.Invariant($"generation {status.Generation}, {status.Partitions.Count} partitions, {status.Lag:N0} events behind")));
            var parked = (await client.GetAsync("/v1/parked", AnswersJson.Default.ParkedList, run.Stop).ConfigureAwait(false)).Value.Counts.Outstanding;
            checks.Add(new DoctorCheck("parked events", parked == 0, parked == 0 ? "none" : FormattableString.Invariant($"{parked}: see timeline parked list{run.Where}")));
            checks.Add(new DoctorCheck("methodology", true, $"{status.Methodology.Name} {status.Methodology.Hash}"));
        }
    }

    private static VersionReport Versions() => new(
        typeof(DoctorCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription);
}
