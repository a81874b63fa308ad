using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Timeline.Adapters.EventStoreDb;
using Timeline.Benchmarks.Report;
using Timeline.Benchmarks.Stages;

namespace Timeline.Benchmarks;

/// <summary>What to measure, and where to.</summary>
internal sealed record BenchOptions
{
    public required IReadOnlyList<int> Sizes { get; init; }
    public required string Output { get; init; }
    public string? Samples { get; init; }
    public required IReadOnlyList<string> Only { get; init; }
    public bool Quick { get; init; }
    public string? Folder { get; init; }

    /// <summary>A connection string of an EventStoreDB; without it the test server is started.</summary>
    public string? Store { get; init; }
}

/// <summary>Every stage over every size, then the table, the JSON and the plot.</summary>
internal static class BenchRun
{
    private const int Seed = 20241119;
    private const string Georgia = "gdelt1-georgia-2011-2013.tsv.gz";

    /// <returns>The exit code: 2 for a connection string that is none, 3 for a server that can't be used.</returns>
    public static async Task<int> RunAsync(BenchOptions options, CancellationToken ct)
    {
        EventStoreDbAddress? given;
        try
        {
            given = string.IsNullOrEmpty(options.Store) ? null : EventStoreDbAddress.Parse(options.Store);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }

        await using var server = new StoreServer(given);
        if (options.Only.Any(IsOnStore) && await server.FaultAsync(ct) is { } fault)
        {
            await Console.Error.WriteLineAsync($"ESDB or --esdb names a server that can't be used. {fault}");
            return 3;
        }

        return await RunAsync(options, server, ct);
    }

    private static async Task<int> RunAsync(BenchOptions options, StoreServer server, CancellationToken ct)
    {
        var folder = options.Folder ?? Directory.CreateTempSubdirectory("timeline-bench-").FullName;
        try
        {
            var results = new List<BenchResult>();
            foreach (var rows in options.Sizes)
            {
                var place = new StageFolder(Path.Combine(folder, rows.ToString(CultureInfo.InvariantCulture)));
                Directory.CreateDirectory(place.Path);
                if (!File.Exists(place.Rows))
                {
                    GdeltRows.Write(place.Rows, rows, Seed);
                }

                // A store takes no more than a part of the rows: once is enough.
                var stages = rows == options.Sizes.Max() ? options.Only : [.. options.Only.Where(s => !IsOnStore(s))];
                results.Add(await RunAsync(options with { Only = stages }, server, place, rows, $"{rows:N0} GDELT-like rows from seed {Seed}", ct));
            }

            if (options.Samples is { } samples && File.Exists(Path.Combine(samples, Georgia)))
            {
                var place = new StageFolder(Path.Combine(folder, "georgia"));
                Directory.CreateDirectory(place.Path);
                await File.WriteAllTextAsync(place.At("source"), Path.GetFullPath(Path.Combine(samples, Georgia)), ct);
                results.Add(await RunAsync(options with { Only = [.. options.Only.Where(s => !IsOnStore(s))] }, server, place, 0, Georgia, ct));
            }

            results.ForEach(r => Table.Write(Console.Out, r));
            if (options.Quick)
            {
                Console.WriteLine();
                Console.WriteLine("A quick run: it shows that the bench works. Starting up outweighs everything in its figures.");
            }

            await SaveAsync(options, results, ct);
            return 0;
        }
        finally
        {
            if (options.Folder is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<BenchResult> RunAsync(BenchOptions options, StoreServer server, StageFolder place, int rows, string source, CancellationToken ct)
    {
        var figures = new List<Figure>();
        foreach (var stage in Stage.Names.Where(options.Only.Contains))
        {
            var store = IsOnStore(stage) ? await server.AddressAsync(Stage.BeginsEmpty(stage), ct) : null;
            var watch = Stopwatch.StartNew();
            figures.AddRange(await InProcessOfItsOwnAsync(stage, place, store, options.Quick, ct));
            Console.Error.WriteLine($"{source}: {stage} took {watch.Elapsed.TotalSeconds:N1} s");
        }

        // Peaks of a size are gone with its processes; its files are only in the way of the next.
        if (options.Folder is null)
        {
            Directory.Delete(place.Path, recursive: true);
        }

        double? Baseline(string? name) => name is null ? null : figures.FirstOrDefault(f => f.Name == name)?.Value;
        return new BenchResult { Rows = rows, Source = source, Figures = figures.ConvertAll(f => f with { Ratio = f.Value / Baseline(f.Of) }) };
    }

    private static async Task<IReadOnlyList<Figure>> InProcessOfItsOwnAsync(string stage, StageFolder place, EventStoreDbAddress? store, bool quick, CancellationToken ct)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(typeof(BenchRun).Assembly.Location);
        }

        foreach (var argument in (string[])["stage", stage, place.Path, .. quick ? new[] { "--quick" } : []])
        {
            start.ArgumentList.Add(argument);
        }

        // As bin/timeline and bin/Timeline.Projector set it; the baselines have the same.
        start.Environment.TryAdd("DOTNET_GCgen0size", "3000000");
        if (Stage.IsApart(stage))
        {
            start.Environment.TryAdd("DOTNET_gcServer", "1");
        }

        if (store is not null)
        {
            start.Environment[StoreLoad.Variable] = StoreServer.Text(store);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("The stage's process did not start.");
        IReadOnlyList<Figure>? figures = null;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(ct) is { } line)
            {
                figures = Stage.FiguresOf(line) ?? figures;
            }

            await process.WaitForExitAsync(ct);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        return figures is not null && process.ExitCode == 0 ? figures : throw new InvalidOperationException($"Stage {stage} on {place.Path} failed with exit code {process.ExitCode}; what it printed stands above.");
    }

    private static bool IsOnStore(string stage) => stage.StartsWith(Stage.OnStore, StringComparison.Ordinal);

    private static async Task SaveAsync(BenchOptions options, List<BenchResult> results, CancellationToken ct)
    {
        Directory.CreateDirectory(options.Output);
        var json = Path.Combine(options.Output, "results.json");
        var report = new BenchReport
        {
            Cores = Environment.ProcessorCount, Runtime = RuntimeInformation.FrameworkDescription, System = RuntimeInformation.OSDescription, Quick = options.Quick, Results = results,
        };
        await File.WriteAllBytesAsync(json, JsonSerializer.SerializeToUtf8Bytes(report, ReportJson.Default.BenchReport), ct);
        Console.WriteLine();
        Console.WriteLine($"{json} has all figures.");
        if (results.Count(r => r.Rows > 0) > 1)
        {
            var plot = Path.Combine(options.Output, "plot.svg");
            await File.WriteAllTextAsync(plot, Plot.Svg(results), ct);
            Console.WriteLine($"{plot} shows the rates by size.");
        }
    }
}
