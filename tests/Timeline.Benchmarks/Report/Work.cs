using System.Diagnostics;

namespace Timeline.Benchmarks.Report;

/// <summary>Times work on events, and counts what this process allocates for it, on all its threads.</summary>
internal static class Work
{
    /// <summary>
    /// Events a second, and managed bytes allocated an event, each beside the same of <paramref name="beside"/>; what the client allocates stands beside the bytes that
    /// were stored. <paramref name="work"/> returns how many events it was.
    /// </summary>
    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string what, string by, string? beside, Func<Task<long>> work)
    {
        var name = Names.Of(what, by);
        var of = beside is null ? null : Names.Of(what, beside);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        var events = await work();
        var seconds = watch.Elapsed.TotalSeconds;
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        return
        [
            new Figure { Name = name, Value = events / seconds, Unit = "events/s", Of = of },
            new Figure { Name = Names.Allocated(name), Value = allocated / (double)events, Unit = "B/event", Of = by == Names.Client ? Names.StoredBytes : of is null ? null : Names.Allocated(of) },
        ];
    }
}
