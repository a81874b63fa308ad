using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Timeline.Tests.Integration.Host;

/// <summary>How a command ended.</summary>
internal sealed record Ended(int Code, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement.Clone();

    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A data folder of its own and the real <c>timeline</c> on it, as a process of its own.</summary>
internal sealed class TimelineCommand : IDisposable
{
    /// <summary>Far longer than anything takes: a test that waits longer has failed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // The runtime that runs the tests runs the command: .../shared/Microsoft.NETCore.App/VERSION/ lies three folders below its dotnet.
    public static readonly string Dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("timeline-host-");
    private readonly List<Process> _started = [];

    public string Folder => _folder.FullName;

    public string Data => Path.Combine(Folder, "data");

    /// <summary>The connection string of the store that holds the log; null where the data folder does.</summary>
    public string? Log { get; init; }

    /// <summary>What commands find in their environment.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>Writes a file into the folder and gives its path.</summary>
    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Runs a command on the data folder to its end.</summary>
    public Task<Ended> RunAsync(params string[] arguments) => RunOnAsync([.. arguments, "--data", Data]);

    /// <summary>Runs a command that says itself what it works on.</summary>
    public async Task<Ended> RunOnAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await process.ToEndAsync();
    }

    /// <summary>Starts a command on the data folder; the folder's end is its end.</summary>
    public Process StartOnData(params string[] arguments) => Start([.. arguments, "--data", Data]);

    /// <summary>Starts a service on the data folder and waits until it tells its address.</summary>
    public async Task<(Process Process, HttpClient Http)> ServeAsync(params string[] arguments)
    {
        var process = StartOnData(["serve", "--listen", "0", .. arguments]);
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("Timeline answers at ", StringComparison.Ordinal))
            {
                return (process, new HttpClient { BaseAddress = new Uri(line.Split(' ')[3]) });
            }
        }

        throw new InvalidOperationException("The service ended: " + await process.StandardError.ReadToEndAsync());
    }

    public void Dispose()
    {
        foreach (var process in _started)
        {
            try
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception)
            {
                // It has ended, and its object is disposed of.
            }

            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Starts a command that says itself what it works on; the folder's end is its end.</summary>
    public Process Start(params string[] arguments) => StartProgram("timeline", Environment, arguments);

    /// <summary>Starts one of the services that run apart, with its options in the environment; the folder's end is its end.</summary>
    public Process StartProgram(string program, IReadOnlyDictionary<string, string> options, params string[] arguments)
    {
        var start = new ProcessStartInfo(Dotnet) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        start.Environment["TIMELINE_LOG"] = Log ?? "";
        foreach (var (name, value) in options)
        {
            start.Environment[name] = value;
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program + ".dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        _started.Add(process);
        return process;
    }
}

internal static class ProcessSigns
{
    public static async Task<Ended> ToEndAsync(this Process process)
    {
        using var patience = new CancellationTokenSource(TimelineCommand.Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return new Ended(process.ExitCode, await output, await error);
    }

    /// <summary>Ctrl-C.</summary>
    public static async Task InterruptAsync(this Process process)
    {
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
