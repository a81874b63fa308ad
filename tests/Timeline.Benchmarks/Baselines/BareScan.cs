using System.Diagnostics;
using SQLitePCL;
using Timeline.Benchmarks.Report;
using Timeline.Benchmarks.Stages;

namespace Timeline.Benchmarks.Baselines;

/// <summary>Every event of the log in its order, every byte looked at.</summary>
internal static class BareScan
{
    public static IReadOnlyList<Figure> Run(StageFolder folder)
    {
        using var db = new Raw(folder.Log);
        using var select = db.Prepare("SELECT data FROM events ORDER BY row");
        var watch = Stopwatch.StartNew();
        long count = 0, newlines = 0;
        while (raw.sqlite3_step(select) == raw.SQLITE_ROW)
        {
            newlines += raw.sqlite3_column_blob(select, 0).Count((byte)'\n');
            count++;
        }

        return newlines == 0
            ? [new Figure { Name = Names.BareScan, Value = count / watch.Elapsed.TotalSeconds, Unit = "events/s" }]
            : throw new InvalidOperationException("Canonical JSON has no line breaks.");
    }
}
