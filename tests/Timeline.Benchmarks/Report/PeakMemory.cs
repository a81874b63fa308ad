using System.Globalization;

namespace Timeline.Benchmarks.Report;

/// <summary>The most memory that this process has had resident, SQLite's included.</summary>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status";
    private const string Peak = "VmHWM:";

    public static double Mebibytes
    {
        get
        {
            if (File.Exists(Status) && File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(Peak, StringComparison.Ordinal)) is { } line)
            {
                return long.Parse(line[Peak.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024.0;
            }

            using var self = System.Diagnostics.Process.GetCurrentProcess();
            return self.PeakWorkingSet64 / (1024.0 * 1024);
        }
    }
}
