using System.Diagnostics;
using Timeline.Benchmarks.Report;

namespace Timeline.Benchmarks.Stages;

/// <summary>The whole product on a log that the read models know nothing of.</summary>
internal static class FoldStage
{
    /// <summary>The first time: the Relay publishes the log from its start, the Projector folds what it is handed.</summary>
    public static async Task<IReadOnlyList<Figure>> FirstAsync(StageFolder folder, CancellationToken ct) =>
        [new Figure { Name = Names.Fold, Value = await RateAsync(folder, ct), Unit = "events/s", Of = Names.BareFold }];

    /// <summary>The read models are gone, the feed has nothing more to say: everything comes from the log.</summary>
    public static async Task<IReadOnlyList<Figure>> RebuildAsync(StageFolder folder, CancellationToken ct)
    {
        var readModels = System.IO.Path.Combine(folder.Data, "readmodels");
        if (Directory.Exists(readModels))
        {
            Directory.Delete(readModels, recursive: true);
        }

        var rate = await RateAsync(folder, ct);
        return
        [
            new Figure { Name = Names.Rebuild, Value = rate, Unit = "events/s", Of = Names.BareFold, Goal = "at least 60% of the bare fold" },
            new Figure { Name = Names.RebuildMemory, Value = PeakMemory.Mebibytes, Unit = "MiB", Goal = "at most 256 MB; five million at most 1.25 times one million" },
        ];
    }

    private static async Task<double> RateAsync(StageFolder folder, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        await using var timeline = await Opened.Async(folder, ct);
        await timeline.CaughtUpAsync(ct);
        return (await timeline.Queries.StatusAsync(ct)).Events / watch.Elapsed.TotalSeconds;
    }
}
