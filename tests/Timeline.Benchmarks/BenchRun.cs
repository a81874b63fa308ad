using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Timeline.Adapters.Sqlite;
using Timeline.Contracts.Answers;
using Timeline.Domain.Ports;
using Timeline.Host.Api;
using Timeline.Host.Embedding;
using Timeline.Query;

namespace Timeline.Benchmarks;

/// <summary>Import, rebuild, live latency and questions on one data folder, beside their baselines.</summary>
internal sealed class BenchRun(string folder, string file)
{
    private static readonly TimeProvider Clock = TimeProvider.System;
    private readonly List<(string What, string Figure, string Baseline)> table = [];

    public async Task RunAsync()
    {
        var data = Path.Combine(folder, "data");
        var (imported, seconds, visible) = await ImportAsync(data);
        var events = await BytesAsync(Path.Combine(data, "log.db"));
        var bare = Path.Combine(folder, "bare.db");
        var insert = BareLoops.Insert(bare, events);
        var fold = BareLoops.Fold(bare);
        var import = imported.Rows / seconds;
        Add("import, durable", $"{import:N0} rows/s", $"bare insert {insert:N0}/s: {import / insert:P0}");
        Add("import and folded", $"{imported.Rows:N0} rows in {visible:N1} s", $"{imported.Rows / visible:N0} rows/s");
        var rebuild = await RebuildAsync(data, events.Count);
        Add("rebuild of all read models", $"{rebuild:N0} events/s", $"bare fold {fold:N0}/s: {rebuild / fold:P0}");
        await LiveAsync(data);
        Console.WriteLine();
        foreach (var (what, figure, baseline) in table)
        {
            Console.WriteLine($"{what,-34} {figure,-28} {baseline}");
        }
    }

    private void Add(string what, string figure, string baseline) => table.Add((what, figure, baseline));

    private async Task<(ImportOutcome Outcome, double Seconds, double Visible)> ImportAsync(string data)
    {
        await using var timeline = await OpenAsync(data);
        await timeline.CaughtUpAsync(default);
        var watch = Stopwatch.StartNew();
        ImportOutcome? outcome = null;
        await foreach (var progress in timeline.Intake.ImportGdeltAsync(file, Path.GetFileName(file), null, default))
        {
            outcome = progress.Outcome ?? outcome;
        }

        var seconds = watch.Elapsed.TotalSeconds;
        var status = await timeline.Queries.StatusAsync(default);
        await timeline.Queries.WaitVisibleAsync(new Ordinal(status.Events - 1), default);
        return (outcome!, seconds, watch.Elapsed.TotalSeconds);
    }

    private static async Task<double> RebuildAsync(string data, int events)
    {
        Directory.Delete(Path.Combine(data, "readmodels"), recursive: true);
        var watch = Stopwatch.StartNew();
        await using var timeline = await OpenAsync(data);
        await timeline.CaughtUpAsync(default);
        return events / watch.Elapsed.TotalSeconds;
    }

    private async Task LiveAsync(string data)
    {
        await using var timeline = await OpenAsync(data);
        await timeline.CaughtUpAsync(default);
        var append = await TimedAsync(500, async i =>
        {
            var outcome = await timeline.Intake.AppendAsync(Claim(i), default);
            if (outcome.Status != "recorded")
            {
                throw new InvalidOperationException($"The event was {outcome.Status}: {outcome.Errors?[0].Field} {outcome.Errors?[0].Message}");
            }

            await timeline.Queries.WaitVisibleAsync(new Ordinal(outcome.Ordinal!.Value), default);
        });
        Add("append to visible", append, "goal p50 10 ms");
        var busiest = await BusiestAsync(timeline.Queries);
        var latest = (await timeline.Queries.StatusAsync(default)).Events - 1;
        var day = busiest.Day;
        Add($"as-of, {busiest.Country}", await TimedAsync(200, i => timeline.Queries.CountryAsync(busiest.Country, At(day, i, null), default)), "goal p99 20 ms");
        Add($"known-at, {busiest.Country}", await TimedAsync(200, i => timeline.Queries.CountryAsync(busiest.Country, At(day, i, latest - i * 100), default)), "goal p99 30 ms");
        Add($"explain, {busiest.Country}", await TimedAsync(100, i => timeline.Queries.ExplainAsync(busiest.Country, At(day, i, null), Paging.First, default)), "goal p99 100 ms");
        await ShareAsync(timeline.Queries, day);
    }

    // The calibration of the machine-coded thresholds: how the levels of country-days fall.
    private async Task ShareAsync(ITimelineQueries queries, DateOnly last)
    {
        var days = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var total = 0;
        for (var back = 0; back < 360; back += 15)
        {
            var page = await queries.CountriesAsync(At(last, back, null), new Paging(Paging.MaxLimit, null), default);
            foreach (var line in page.Countries)
            {
                var level = line.Level is { } l ? string.Create(CultureInfo.InvariantCulture, $"{l} {line.LevelName}") : "unknown";
                days[level] = days.GetValueOrDefault(level) + 1;
                total++;
            }
        }

        foreach (var (level, count) in days)
        {
            Add($"country-days at {level}", $"{(double)count / total:P1}", $"of {total:N0}");
        }
    }

    private static async Task<(string Country, DateOnly Day)> BusiestAsync(ITimelineQueries queries)
    {
        var last = new DateOnly(2012, 6, 1);
        var page = await queries.CountriesAsync(new Clocks(null, null, null), new Paging(Paging.MaxLimit, null), default);
        var best = ("USA", -1);
        foreach (var line in page.Countries)
        {
            var events = await queries.EventsAsync(line.Country, null, null, Clocks.Latest, new Paging(1, null), default);
            var explain = events.Events is [{ Day: { } day }, ..] ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : last;
            var total = (await queries.ExplainAsync(line.Country, At(explain, 30, null), new Paging(1, null), default)).Total;
            if (total > best.Item2)
            {
                best = (line.Country, total);
                last = explain;
            }
        }

        return (best.Item1, last);
    }

    private static Clocks At(DateOnly last, int back, long? knownAt) => new(
        last.AddDays(-back % 360).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), knownAt is { } n ? Math.Max(0, n).ToString(CultureInfo.InvariantCulture) : null, null);

    private static async Task<string> TimedAsync(int times, Func<int, Task> what)
    {
        var taken = new double[times];
        for (var i = 0; i < times; i++)
        {
            var from = Stopwatch.GetTimestamp();
            await what(i);
            taken[i] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        }

        Array.Sort(taken);
        return $"p50 {taken[times / 2]:N1} ms, p99 {taken[times * 99 / 100]:N1} ms";
    }

    private static async Task<EmbeddedTimeline> OpenAsync(string data)
    {
        Directory.CreateDirectory(data);
        var place = new DataFolder(data);
        var ownership = FolderLock.TryTake(place) ?? throw new InvalidOperationException($"{data} is in use.");
        return await EmbeddedTimeline.OpenAsync(place, ownership, Clock, NullLoggerFactory.Instance, default);
    }

    private static async Task<IReadOnlyList<byte[]>> BytesAsync(string path)
    {
        await using var log = SqliteEventLog.Open(path, Clock);
        var events = new List<byte[]>();
        await foreach (var page in log.ReadAllAsync(LogPlace.Start, 1024, default))
        {
            events.AddRange(page.Events.Select(e => e.Data.ToArray()));
        }

        return events;
    }

    private static byte[] Claim(int i) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""
        {"id":"bench-{{{i}}}","type":"MissileLaunched","version":2,"summary":"A missile.","modality":"reported",
         "occurred":{"precision":"day","start":"2024-11-2{{{i % 8}}}"},"actors":[{"id":"RUS","role":"attacker"}],"targets":[{"id":"UKR","role":"target"}],
         "source":{"publisher":"Bench","published":"2024-11-30","reliability":"B","credibility":2},"data":{"weapon":"missile"}}
        """));
}
