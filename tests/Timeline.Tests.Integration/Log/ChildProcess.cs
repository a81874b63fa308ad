using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Timeline.Tests.Integration.Log;

/// <summary>Starts the child program that appends, as a process of its own.</summary>
internal static class ChildProcess
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Timeline.Tests.Child.dll");

    // The runtime that runs the tests runs the child: .../shared/Microsoft.NETCore.App/VERSION/ lies three folders below its dotnet.
    public static readonly string Dotnet = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>What to run to append as <c>Timeline.Tests.Child</c> says.</summary>
    public static string[] Append(string log, string name, int count, int bytes) =>
        [Dotnet, Program, "append", log, name, count.ToString(), bytes.ToString()];

    public static Process Start(params string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command.AsSpan(1))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
    }

    /// <summary>Exit code, acknowledged appends as (number, last ordinal), and what went to standard error.</summary>
    public static async Task<(int Code, List<(int Number, long Ordinal)> Acknowledged, string Error)> ToEndAsync(this Process process, CancellationToken ct)
    {
        var error = process.StandardError.ReadToEndAsync(ct);
        var acknowledged = await process.AcknowledgedAsync(int.MaxValue, ct);
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, acknowledged, await error);
    }

    /// <summary>The next acknowledged appends, up to so many or the end of the output. A line that a kill cut off is none.</summary>
    public static async Task<List<(int Number, long Ordinal)>> AcknowledgedAsync(this Process process, int most, CancellationToken ct)
    {
        var acknowledged = new List<(int, long)>();
        while (acknowledged.Count < most && await process.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (line.Split(' ') is [var number, var ordinal, "durable"])
            {
                acknowledged.Add((int.Parse(number), long.Parse(ordinal)));
            }
        }

        return acknowledged;
    }
}
