using System.Globalization;
using Timeline.Tests.Projector.Simulation;

namespace Timeline.Tests.Projector;

/// <summary>SEEDS=n tries n schedules; SEED=n runs the one that a failure named.</summary>
public sealed class FeedSimulationTests
{
    private const int Schedules = 2000;

    [Fact]
    public void Whatever_is_lost_repeated_reordered_handed_over_or_killed_every_partition_folds_exactly_its_events_once_and_in_order()
    {
        var one = Environment.GetEnvironmentVariable("SEED");
        var count = Environment.GetEnvironmentVariable("SEEDS") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : Schedules;
        var seeds = string.IsNullOrEmpty(one) ? Enumerable.Range(1, count) : [int.Parse(one, CultureInfo.InvariantCulture)];
        var faults = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var seed in seeds)
        {
            var simulation = new FeedSimulation(seed);
            var failure = simulation.Run();
            Assert.True(failure is null, $"Seed {seed}, run it again with make simulate SEED={seed}: {failure}");
            Count(faults, simulation);
        }

        // Schedules in which nothing ever went wrong would prove nothing. A few may have missed this or that.
        Assert.True(!string.IsNullOrEmpty(one) || count < 100 || faults.Values.All(n => n >= count / 10), string.Join(", ", faults.Select(f => $"{f.Key} {f.Value}")) + $" in {count} schedules");
    }

    [Fact]
    public void A_seed_gives_the_same_run_again()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var (first, second) = (new FeedSimulation(seed), new FeedSimulation(seed));

            Assert.Equal(first.Run(), second.Run());
            Assert.Equal(first.Trace, second.Trace);
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_crash_of_the_Relay_or_the_Projector_at_any_of_its_awaits_loses_nothing_and_repeats_nothing(int seed, bool singleActive)
    {
        var sweep = new CrashSweep(seed, singleActive);
        var (relay, projector, failure) = sweep.Undisturbed();
        Assert.Null(failure);
        Assert.True(relay > 20 && projector > 40, $"{relay} and {projector} steps are too few to prove anything.");

        foreach (var (ofRelay, step) in Enumerable.Range(0, relay).Select(static s => (true, s)).Concat(Enumerable.Range(0, projector).Select(static s => (false, s))))
        {
            var wrong = sweep.Crashed(ofRelay, step);
            Assert.True(wrong is null, $"Seed {seed}, {(ofRelay ? "Relay" : "Projector")} killed at its step {step}: {wrong}");
        }
    }

    private static void Count(Dictionary<string, long> faults, FeedSimulation simulation)
    {
        foreach (var (name, n) in new[]
        {
            ("crashes", simulation.Crashes), ("lost", simulation.Feed.Lost), ("repeated", simulation.Feed.Repeated), ("reordered", simulation.Feed.Reordered),
            ("overlapping", simulation.Feed.Overlapping), ("handed over", simulation.Feed.HandedOver), ("commits of a superseded owner", simulation.TakenOver),
        })
        {
            faults[name] = faults.GetValueOrDefault(name) + n;
        }
    }
}
