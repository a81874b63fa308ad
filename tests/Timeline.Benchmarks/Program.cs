using System.Globalization;
using Timeline.Benchmarks;

// One table, each figure beside its baseline in the same run. Machines differ and are noisy: read the ratios.
var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200_000;
var samples = Environment.GetEnvironmentVariable("TIMELINE_SAMPLES");
var folder = Directory.CreateTempSubdirectory("timeline-bench-").FullName;
try
{
    var georgia = samples is null ? null : Path.Combine(samples, "gdelt1-georgia-2011-2013.tsv.gz");
    var file = georgia is not null && File.Exists(georgia) ? georgia : Path.Combine(folder, "rows.tsv");
    if (file != georgia)
    {
        GdeltRows.Write(file, rows, seed: 20241119);
    }

    Console.WriteLine($"rows: {(file == georgia ? "the Georgia file" : $"{rows:N0} generated from a seed")}");
    await new BenchRun(folder, file).RunAsync();
}
finally
{
    Directory.Delete(folder, recursive: true);
}
