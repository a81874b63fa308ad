namespace Timeline.Tests.Projector.Simulation;

/// <summary>
/// The real Relay and the real Projector around a lossy feed, in a world of one seed: while events come in, one or two of each run at a time, die, are stopped,
/// lose their queues and come back; then the faults end, and everything must come right by itself.
/// </summary>
internal sealed class FeedSimulation
{
    private const int StepsToSettle = 40_000;
    private readonly World world;
    private readonly SimulatedServices services;
    private readonly SavedCheckpoint[] relayCheckpoints;

    public FeedSimulation(int seed)
    {
        world = new World(seed);
        var partitions = world.Random.Next(1, 6);
        string[] projections = world.Random.Next(2) == 0 ? ["escalation"] : ["escalation", "stance"];
        services = new SimulatedServices(world, projections, partitions, singleActive: world.Random.Next(3) > 0);

        // Two Relays share a checkpoint, or each has its own.
        var checkpoint = services.NewCheckpoint();
        relayCheckpoints = [checkpoint, world.Random.Next(2) == 0 ? checkpoint : services.NewCheckpoint()];
    }

    public ulong Trace => world.Trace;

    public int Crashes { get; private set; }

    /// <summary>Commits that were refused since another owner had committed before.</summary>
    public int TakenOver => services.Stores.Sum(static s => s.TakenOver);

    public LossyFeed Feed => services.Feed;

    /// <summary>Null where every partition has folded exactly its events, once, in order.</summary>
    public string? Run()
    {
        var toAppend = world.Random.Next(10, 80);
        var stormSteps = world.Random.Next(200, 2500);
        var calm = world.Random.Next(20, 150);
        for (var i = 0; i < stormSteps && services.Violation is null; i++)
        {
            if (world.Random.Next(stormSteps) < toAppend)
            {
                AppendSome();
            }

            if (world.Random.Next(calm) == 0)
            {
                Disturb();
            }

            world.Step();
        }

        world.Faults = false;
        services.Feed.NoticeDeaths();
        if (world.Random.Next(2) == 0)
        {
            services.Processes.Where(static r => r.IsAlive).ToList().ForEach(static r => r.Stop.Cancel());
        }

        services.ForgetStopped();
        services.StartRelay(relayCheckpoints[world.Random.Next(2)]);
        return services.Settle(services.StartProjector(), StepsToSettle);
    }

    private void AppendSome()
    {
        for (var n = world.Random.Next(4) == 0 ? world.Random.Next(1, 20) : 1; n > 0; n--)
        {
            services.Append(world.Random.Next(Routed.Kinds));
        }
    }

    // Starts, kills, stops or cuts off something. A stopped process may still be at work when its successor starts; so may a killed one's messages.
    private void Disturb()
    {
        var alive = services.Processes.Where(static r => r.IsAlive).ToArray();
        switch (world.Random.Next(6))
        {
            case 0 when alive.Count(static r => r.Visible is null) < 2:
                services.StartRelay(relayCheckpoints[world.Random.Next(2)]);
                break;
            case 1 when alive.Count(static r => r.Visible is not null) < 2:
                services.StartProjector();
                break;
            case 2 when alive.Length > 0:
                alive[world.Random.Next(alive.Length)].Process.Kill();
                Crashes++;
                break;
            case 3 when alive.Length > 0:
                alive[world.Random.Next(alive.Length)].Stop.Cancel();
                break;
            case 4:
                services.Feed.HandOver();
                break;
            case 5:
                services.Feed.NoticeDeaths();
                break;
        }
    }
}
