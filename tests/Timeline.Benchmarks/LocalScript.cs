using System.Diagnostics;

namespace Timeline.Benchmarks;

/// <summary>Runs one of the scripts of infra/local to its end.</summary>
internal static class LocalScript
{
    private static readonly Lazy<string> Root = new(static () =>
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Timeline.sln")))
            {
                return at;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Timeline.sln.");
    });

    /// <summary>What it wrote to its output. Throws with what it wrote to its error output where it fails.</summary>
    public static async Task<string> RunAsync(string script, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        // The broker outlives the script and must not hold its pipes open: they are read from files.
        var (output, error) = (Path.GetTempFileName(), Path.GetTempFileName());
        try
        {
            var start = new ProcessStartInfo("bash") { WorkingDirectory = Root.Value };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add("out=$1 err=$2; shift 2; exec \"$@\" >\"$out\" 2>\"$err\"");
            foreach (var argument in (string[])["-", output, error, Path.Combine("infra", "local", script), .. arguments])
            {
                start.ArgumentList.Add(argument);
            }

            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }

            using var process = Process.Start(start) ?? throw new InvalidOperationException($"{script} did not start.");
            await process.WaitForExitAsync();
            return process.ExitCode == 0
                ? await File.ReadAllTextAsync(output)
                : throw new InvalidOperationException($"infra/local/{script} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await File.ReadAllTextAsync(error)}");
        }
        finally
        {
            File.Delete(output);
            File.Delete(error);
        }
    }
}
