using System.Diagnostics;
using System.Globalization;
using System.Text;
using Timeline.Benchmarks.Report;
using Timeline.Domain.Ports;
using Timeline.Host.Embedding;
using Timeline.Hosting.Access;

namespace Timeline.Benchmarks.Stages;

/// <summary>
/// Events at a steady rate, whether or not the earlier ones have been answered, each timed from the moment it was due to the moment at which every
/// question sees it.
/// </summary>
internal static class LiveStage
{
    private const int PerSecond = 200;

    public static async Task<IReadOnlyList<Figure>> RunAsync(StageFolder folder, bool quick, CancellationToken ct)
    {
        await using var timeline = await Opened.Async(folder, ct);
        await timeline.CaughtUpAsync(ct);
        var run = Guid.CreateVersion7().ToString("n")[..12];
        await AtRateAsync(timeline, run + "-warm", PerSecond * (quick ? 1 : 3), ct);
        var taken = await AtRateAsync(timeline, run, PerSecond * (quick ? 2 : 15), ct);
        return Figure.Quantiles(Names.Visible, taken, "p50 5 ms, p99 25 ms");
    }

    private static async Task<double[]> AtRateAsync(EmbeddedTimeline timeline, string run, int count, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        var appends = new List<Task<double>>(count);
        for (var i = 0; i < count; i++)
        {
            var due = start + (i * Stopwatch.Frequency / PerSecond);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, ct);
            }

            appends.Add(OneAsync(timeline, run, i, due, ct));
        }

        return await Task.WhenAll(appends);
    }

    private static async Task<double> OneAsync(EmbeddedTimeline timeline, string run, int i, long due, CancellationToken ct)
    {
        var outcome = await timeline.Intake.AppendAsync(Event(run, i), AccessGuard.ThisUser, ct);
        if (outcome.Status != "recorded")
        {
            throw new InvalidOperationException($"The event was {outcome.Status}: {outcome.Errors?[0].Field} {outcome.Errors?[0].Message}");
        }

        await timeline.Queries.WaitVisibleAsync(new Ordinal(outcome.Ordinal!.Value), ct);
        return Stopwatch.GetElapsedTime(due).TotalMilliseconds;
    }

    private static byte[] Event(string run, int i) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""
        {"id":"bench-{{{run}}}-{{{i}}}","type":"MissileLaunched","version":2,"summary":"A missile.","modality":"reported",
         "occurred":{"precision":"day","start":"2024-11-2{{{i % 8}}}"},"actors":[{"id":"RUS","role":"attacker"}],"targets":[{"id":"UKR","role":"target"}],
         "source":{"publisher":"Bench","published":"2024-11-30","reliability":"B","credibility":2},"data":{"weapon":"missile"}}
        """));
}
