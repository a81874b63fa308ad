using System.Globalization;
using Timeline.Tests.Projector.Simulation;

namespace Timeline.Tests.Projector;

/// <summary>SEEDS=n tries n schedules; SEED=n runs the one that a failure named.</summary>
public sealed class FeedSimulationTests
{
    [Fact]
    public void Whatever_is_lost_repeated_reordered_or_killed_every_partition_folds_exactly_its_events_once_and_in_order()
    {
        var one = Environment.GetEnvironmentVariable("SEED");
        var count = int.Parse(Environment.GetEnvironmentVariable("SEEDS") ?? "500", CultureInfo.InvariantCulture);
        var seeds = one is null ? Enumerable.Range(1, count) : [int.Parse(one, CultureInfo.InvariantCulture)];
        var (crashes, takenOver) = (0, 0);
        foreach (var seed in seeds)
        {
            var simulation = new FeedSimulation(seed);
            var failure = simulation.Run();
            Assert.True(failure is null, $"Seed {seed}, run it again with SEED={seed}: {failure}");
            crashes += simulation.Crashes;
            takenOver += simulation.TakenOver;
        }

        // Schedules in which nothing ever went wrong would prove nothing.
        Assert.True(one is not null || (crashes >= count && takenOver > 0), $"{crashes} crashes, {takenOver} take-overs in {count} schedules");
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
}
