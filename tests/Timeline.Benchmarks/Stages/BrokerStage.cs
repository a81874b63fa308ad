using System.Diagnostics;
using Timeline.Adapters.RabbitMq;
using Timeline.Benchmarks.Report;

namespace Timeline.Benchmarks.Stages;

/// <summary>
/// The rebuild with a broker between Relay and Projector: both in this process, the broker in its own on this machine; TIMELINE_BROKER names another. Where there is
/// none to be had, that is said, and there are no figures.
/// </summary>
internal static class BrokerStage
{
    private const string Variable = "TIMELINE_BROKER";

    public static Task<IReadOnlyList<Figure>> RunAsync(StageFolder folder, CancellationToken ct) => WithBrokerAsync(broker => MeasureAsync(folder, RabbitMqAddress.Parse(broker), ct));

    /// <summary>Measures on the broker that is given, or on a private one that ends with the measure; no figures where there is none.</summary>
    public static async Task<IReadOnlyList<Figure>> WithBrokerAsync(Func<string, Task<IReadOnlyList<Figure>>> measure)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return await measure(given);
        }

        var place = Directory.CreateTempSubdirectory("timeline-bench-rabbitmq-").FullName;
        var none = new Dictionary<string, string>();
        try
        {
            string address;
            try
            {
                address = (await LocalScript.RunAsync("rabbitmq", none, "start", "0", place)).Trim();
            }
            catch (InvalidOperationException e)
            {
                await Console.Error.WriteLineAsync($"No figures of the feed over RabbitMQ: {e.Message}");
                return [];
            }

            return await measure(address);
        }
        finally
        {
            await LocalScript.RunAsync("rabbitmq", none, "stop", place);
            Directory.Delete(place, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(StageFolder folder, RabbitMqAddress broker, CancellationToken ct)
    {
        var models = folder.At("readmodels-broker");
        if (Directory.Exists(models))
        {
            Directory.Delete(models, recursive: true);
        }

        var prefix = $"bench-{Stopwatch.GetTimestamp():x}";
        var watch = Stopwatch.StartNew();
        var (events, passes, messages) = await BrokerRebuild.RunAsync(folder.Log, models, broker, prefix, ct);
        var seconds = watch.Elapsed.TotalSeconds;
        Directory.Delete(models, recursive: true);
        return
        [
            new Figure { Name = Names.BrokerRebuild, Value = events / seconds, Unit = "events/s", Of = Names.Rebuild, Goal = "at least half the embedded rebuild, and 150,000 events/s" },
            new Figure { Name = Names.BrokerMessages, Value = (double)events / messages, Unit = "events" },
            new Figure { Name = Names.BrokerPasses, Value = passes, Unit = "times" },
            new Figure { Name = Names.BrokerMemory, Value = PeakMemory.Mebibytes, Unit = "MiB" },
        ];
    }
}
