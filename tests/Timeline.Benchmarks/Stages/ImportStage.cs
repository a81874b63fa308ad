using System.Diagnostics;
using Timeline.Adapters.Sqlite;
using Timeline.Benchmarks.Report;
using Timeline.Ingest.Feeds;
using Timeline.Ingest;
using Timeline.Ingest.Recording;

namespace Timeline.Benchmarks.Stages;

/// <summary>Ingest alone, from a feed's file into the log: what <c>timeline import</c> does until every row is durable.</summary>
internal static class ImportStage
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(StageFolder folder, CancellationToken ct)
    {
        Directory.CreateDirectory(folder.Data);
        await using var log = SqliteEventLog.Open(folder.Log, TimeProvider.System);
        var start = await FirstStart.RunAsync(log, TimeProvider.System, ct);
        using var index = new SqliteFeedIndex(System.IO.Path.Combine(folder.Data, "ingest.db"));
        using var importer = new FeedImporter(log, index, start.Methodology, TimeProvider.System);
        var watch = Stopwatch.StartNew();
        var outcome = await importer.ImportGdeltAsync(FeedFile.At(folder.Source), new ImportOptions(), null, ct);
        var rate = outcome.Rows / watch.Elapsed.TotalSeconds;
        if (outcome.Rows != outcome.Events + outcome.Linked + outcome.Already + outcome.SetAside)
        {
            throw new InvalidOperationException("The counts of the import don't add up.");
        }

        return
        [
            new Figure { Name = Names.Import, Value = rate, Unit = "rows/s", Of = Names.BareInsert, Goal = "at least 40% of the bare insert and 60,000 rows/s" },
            new Figure { Name = Names.ImportMemory, Value = PeakMemory.Mebibytes, Unit = "MiB" },
            new Figure { Name = "rows linked as repeats", Value = 100.0 * outcome.Linked / outcome.Rows, Unit = "%" },
        ];
    }
}
