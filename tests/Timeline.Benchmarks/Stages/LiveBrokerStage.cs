using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Timeline.Adapters.MassTransit;
using Timeline.Adapters.RabbitMq;
using Timeline.Adapters.Sqlite;
using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Benchmarks.Report;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Ingest;
using Timeline.Ingest.Recording;
using Timeline.Projector;
using Timeline.Relay;
using Process = Timeline.Projector.Process;

namespace Timeline.Benchmarks.Stages;

/// <summary>
/// Events at a steady rate through a broker, whether or not the earlier ones have come out, each timed from the moment it was due to the moment at which a subscriber on the bus has the
/// change that it made. All parts in this process, the broker in its own.
/// </summary>
internal static class LiveBrokerStage
{
    private const int PerSecond = 500;
    private static readonly string[] Subjects = ["ARM", "AZE", "CHN", "DEU", "EGY", "FRA", "GBR", "IND", "IRN", "ISR", "JPN", "KOR", "PAK", "POL", "PRK", "RUS", "SAU", "TUR", "UKR", "USA"];

    public static Task<IReadOnlyList<Figure>> RunAsync(StageFolder folder, bool quick, CancellationToken ct) =>
        BrokerStage.WithBrokerAsync(broker => MeasureAsync(folder, RabbitMqAddress.Parse(broker), quick, ct));

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(StageFolder folder, RabbitMqAddress broker, bool quick, CancellationToken ct)
    {
        var clock = TimeProvider.System;
        var run = $"bench-{Stopwatch.GetTimestamp():x}";
        var models = Directory.CreateDirectory(folder.At("live-broker-" + run)).FullName;
        await using var log = SqliteEventLog.Open(Path.Combine(models, "log.db"), clock);
        var methodology = (await FirstStart.RunAsync(log, clock, ct)).Methodology;
        var generation = GenerationInfo.Of(log.LogId, methodology);
        using var readModels = new SqliteReadModels(models, generation, static (_, _) => null);
        var (tls, password) = broker.Reveal();
        await using var bus = MassTransitPublisher.OverRabbitMq(new BusHosts(tls, broker.Hosts, broker.VirtualHost, broker.User, password));
        var options = new RabbitMqFeedOptions
        {
            Address = broker, Identity = new FeedIdentity(log.LogId, generation.Partitions, generation.Generation), Projections = Projections.Partitioned, SinglePartition = Projections.Single, QueuePrefix = run,
        };
        await using var feed = new RabbitMqPublisher(options, clock);
        await using var subscriber = new RabbitMqSubscriber(options, clock);
        var changes = Process.Publisher(readModels, bus, log, clock);
        var projector = new FeedProjector(
            new FeedProjectorOptions { Projections = Projections.Partitioned, SinglePartition = Projections.Single, Generation = generation.Generation },
            log, subscriber, Process.Folds(readModels, methodology, log, clock, changes, static why => throw new InvalidOperationException(why)), clock);
        var relay = new FeedRelay(
            new FeedRelayOptions { Generation = generation.Generation, BatchWindow = TimeSpan.FromMilliseconds(5), Announce = TimeSpan.FromMilliseconds(20) }, log, feed, new SqliteRelayCheckpointStore(Path.Combine(models, "relay.db"), log.LogId), clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = Task.WhenAll(projector.RunAsync(stop.Token), relay.RunAsync(stop.Token), changes.RunAsync(stop.Token));
        await projector.WaitUntilAsync((await log.HeadAsync(ct)).Ordinal, ct);

        var arrivals = new Arrivals();
        await using (await bus.SubscribeAsync(run, (change, _) => arrivals.TakeAsync(change.Event), ct))
        {
            var recorder = new Recorder(log, methodology, clock);
            await arrivals.AtRateAsync(recorder, run + "-warm", PerSecond * (quick ? 1 : 5), ct);
            var taken = await arrivals.AtRateAsync(recorder, run, PerSecond * (quick ? 2 : 60), ct);
            await stop.CancelAsync();
            await running;
            return Figure.Quantiles(Names.Delivered, taken, "p50 15 ms, p99 100 ms");
        }
    }

    /// <summary>When events were due, and when the first change of each arrived.</summary>
    private sealed class Arrivals
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> awaited = new(StringComparer.Ordinal);

        public Task TakeAsync(string id)
        {
            if (awaited.TryGetValue(id, out var arrival))
            {
                arrival.TrySetResult(Stopwatch.GetTimestamp());
            }

            return Task.CompletedTask;
        }

        public async Task<double[]> AtRateAsync(Recorder recorder, string run, int count, CancellationToken ct)
        {
            var start = Stopwatch.GetTimestamp();
            var taken = new List<Task<double>>(count);
            for (var i = 0; i < count; i++)
            {
                var due = start + (i * Stopwatch.Frequency / PerSecond);
                if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var wait && wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, ct);
                }

                taken.Add(OneAsync(recorder, $"{run}-{i}", i, due, ct));
            }

            return await Task.WhenAll(taken);
        }

        private async Task<double> OneAsync(Recorder recorder, string id, int i, long due, CancellationToken ct)
        {
            var arrival = awaited[id] = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            var outcome = await recorder.RecordAsync(Event(id, i), null, ct);
            if (outcome.Status != Recorder.Recorded)
            {
                throw new InvalidOperationException($"The event was {outcome.Status}: {outcome.Errors?[0].Field} {outcome.Errors?[0].Message}");
            }

            var came = await arrival.Task.WaitAsync(ct);
            awaited.TryRemove(id, out _);
            return Stopwatch.GetElapsedTime(due, came).TotalMilliseconds;
        }

        // Of a past day: every event then makes a change for each of its subjects.
        private static byte[] Event(string id, int i) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""
            {"id":"{{{id}}}","type":"MissileLaunched","version":2,"modality":"reported","occurred":{"precision":"day","start":"2024-11-2{{{i % 8}}}"},
             "actors":[{"id":"{{{Subjects[i % 20]}}}","role":"attacker"}],"targets":[{"id":"{{{Subjects[(i + 1 + (i / 20 % 19)) % 20]}}}","role":"target"}],
             "source":{"publisher":"Bench","published":"2024-11-30","reliability":"B","credibility":2},"data":{"weapon":"missile"}}
            """));
    }
}
