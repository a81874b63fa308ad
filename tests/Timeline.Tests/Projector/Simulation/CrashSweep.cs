namespace Timeline.Tests.Projector.Simulation;

/// <summary>One quiet run of one Relay and one Projector, and a crash of either at a given one of its awaits; a successor takes over.</summary>
internal sealed class CrashSweep(int seed, bool singleActive)
{
    private const int Events = 8;
    private const int StepsToSettle = 20_000;

    /// <summary>The steps of the Relay and of the Projector up to the end of a run in which nothing dies, or what went wrong in it.</summary>
    public (int Relay, int Projector, string? Failure) Undisturbed()
    {
        var (_, relay, projector, failure) = Run(ofRelay: false, atStep: -1);
        return (relay, projector, failure);
    }

    /// <summary>Null where everything came right after a crash at the <paramref name="atStep"/>th await.</summary>
    public string? Crashed(bool ofRelay, int atStep)
    {
        var (crashed, _, _, failure) = Run(ofRelay, atStep);
        return crashed ? failure : failure ?? "It ended before it came to that step.";
    }

    private (bool Crashed, int RelaySteps, int ProjectorSteps, string? Failure) Run(bool ofRelay, int atStep)
    {
        var world = new World(seed) { Faults = false };
        var services = new SimulatedServices(world, ["escalation"], 2, singleActive);
        var checkpoint = services.NewCheckpoint();
        var (relay, projector) = (services.StartRelay(checkpoint), services.StartProjector());
        var victim = (ofRelay ? relay : projector).Process;
        for (var i = 0; i < StepsToSettle && services.Violation is null && victim.Steps != atStep && (services.Log.Events.Count < Events || !services.IsSettled(projector)); i++)
        {
            if (i % 12 == 0 && services.Log.Events.Count < Events)
            {
                services.Append(i);
            }

            world.Step();
        }

        var crashed = victim.Steps == atStep;
        if (crashed)
        {
            victim.Kill();
            services.ForgetStopped();
            services.Feed.NoticeDeaths();
            while (services.Log.Events.Count < Events)
            {
                services.Append(services.Log.Events.Count);
            }

            if (ofRelay)
            {
                services.StartRelay(checkpoint);
            }
            else
            {
                projector = services.StartProjector();
            }
        }

        return (crashed, relay.Process.Steps, projector.Process.Steps, services.Settle(projector, StepsToSettle));
    }
}
