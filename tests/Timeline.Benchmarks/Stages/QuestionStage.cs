using System.Diagnostics;
using System.Globalization;
using Timeline.Benchmarks.Report;
using Timeline.Contracts.Answers;
using Timeline.Query;

namespace Timeline.Benchmarks.Stages;

/// <summary>Questions about the busiest country, days and ordinals drawn from a seed, and how the levels of country-days fall.</summary>
internal static class QuestionStage
{
    private const int Seed = 20241119;

    public static async Task<IReadOnlyList<Figure>> RunAsync(StageFolder folder, bool quick, CancellationToken ct)
    {
        await using var timeline = await Opened.Async(folder, ct);
        await timeline.CaughtUpAsync(ct);
        var queries = timeline.Queries;
        var (country, last) = await BusiestAsync(queries, ct);
        var head = (await queries.StatusAsync(ct)).Events - 1;
        var random = new Random(Seed);
        var times = quick ? 20 : 400;
        Clocks At(bool known) => new(Text(last.AddDays(-random.Next(360))), known ? random.NextInt64(head / 2, head).ToString(CultureInfo.InvariantCulture) : null, null);

        // Code warms up in a service; the first few questions of a process are not what its users see.
        await TimedAsync(20, () => queries.CountryAsync(country, At(true), ct));
        var figures = new List<Figure>();
        figures.AddRange(Figure.Quantiles($"as-of, {country}", await TimedAsync(times, () => queries.CountryAsync(country, At(false), ct)), "p99 20 ms"));
        figures.AddRange(Figure.Quantiles($"known-at, {country}", await TimedAsync(times, () => queries.CountryAsync(country, At(true), ct)), "p99 30 ms"));
        figures.AddRange(Figure.Quantiles($"explain, {country}", await TimedAsync(times / 2, () => queries.ExplainAsync(country, At(false), Paging.First, ct)), "p99 100 ms"));
        figures.AddRange(await ShareAsync(queries, last, quick ? 90 : 15, ct));
        return figures;
    }

    // The calibration of the machine-coded thresholds.
    private static async Task<IEnumerable<Figure>> ShareAsync(ITimelineQueries queries, DateOnly last, int everyDays, CancellationToken ct)
    {
        var days = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var back = 0; back < 360; back += everyDays)
        {
            var page = await queries.CountriesAsync(new Clocks(Text(last.AddDays(-back)), null, null), new Paging(Paging.MaxLimit, null), ct);
            foreach (var line in page.Countries)
            {
                var level = line.Level is { } l ? string.Create(CultureInfo.InvariantCulture, $"{l} {line.LevelName}") : "unknown";
                days[level] = days.GetValueOrDefault(level) + 1;
            }
        }

        return days.Select(d => new Figure { Name = $"country-days at {d.Key}", Value = 100.0 * d.Value / days.Values.Sum(), Unit = "%" });
    }

    private static async Task<(string Country, DateOnly Day)> BusiestAsync(ITimelineQueries queries, CancellationToken ct)
    {
        var page = await queries.CountriesAsync(Clocks.Latest, new Paging(Paging.MaxLimit, null), ct);
        var (best, day, most) = ("", default(DateOnly), -1L);
        foreach (var line in page.Countries)
        {
            var events = await queries.EventsAsync(line.Country, null, null, Clocks.Latest, new Paging(1, null), ct);
            if (events.Events is [{ Day: { } latest }, ..])
            {
                var on = DateOnly.ParseExact(latest, "yyyy-MM-dd", CultureInfo.InvariantCulture);
                var total = (await queries.ExplainAsync(line.Country, new Clocks(Text(on.AddDays(-30)), null, null), new Paging(1, null), ct)).Total;
                (best, day, most) = total > most ? (line.Country, on, total) : (best, day, most);
            }
        }

        return (best, day);
    }

    private static async Task<double[]> TimedAsync(int times, Func<Task> what)
    {
        var taken = new double[times];
        for (var i = 0; i < times; i++)
        {
            var from = Stopwatch.GetTimestamp();
            await what();
            taken[i] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        }

        return taken;
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
