using System.Diagnostics;
using System.Numerics;
using MassTransit;
using Timeline.Adapters.Sqlite;
using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Benchmarks.Report;
using Timeline.Benchmarks.Stages;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Ingest;
using Process = Timeline.Projector.Process;

namespace Timeline.Benchmarks.Baselines;

/// <summary>An event as a message of its own, as services that use MassTransit for everything have it.</summary>
public sealed record OneEvent(long Ordinal, ulong Commit, ulong Prepare, string Stream, long Revision, Guid Id, string Type, byte[] Data, byte[] Metadata, DateTimeOffset Time);

/// <summary>
/// The same fold, fed by one MassTransit message per event over RabbitMQ: publishes are confirmed a hundred at a time, one consumer with a prefetch of 500 folds them in order and commits every
/// 5,000. On the first rows of the log, for it is slow.
/// </summary>
internal static class MessagePerEvent
{
    private const int Most = 20_000, EventsPerCommit = 5_000, Pipelined = 100;

    public static Task<IReadOnlyList<Figure>> RunAsync(StageFolder folder, CancellationToken ct) => BrokerStage.WithBrokerAsync(broker => MeasureAsync(folder, broker, ct));

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(StageFolder folder, string broker, CancellationToken ct)
    {
        await using var log = SqliteEventLog.Open(folder.Log, TimeProvider.System);
        var methodology = (await FirstStart.RunAsync(log, TimeProvider.System, ct)).Methodology;
        var models = Directory.CreateDirectory(folder.At($"readmodels-message-{Stopwatch.GetTimestamp():x}")).FullName;
        using var readModels = new SqliteReadModels(models, GenerationInfo.Of(log.LogId, methodology), static (_, _) => null);
        var events = Math.Min(Most, (await log.HeadAsync(ct)).Ordinal.Value + 1);
        var open = Process.Folds(readModels, methodology, log, TimeProvider.System, publisher: null, static why => throw new InvalidOperationException(why));
        using var fold = new Fold(await Task.WhenAll(Projections.Places().Where(static p => Projections.Partitioned.Contains(p.Projection)).Select(p => open(p.Projection, p.Partition, ct))), events);
        var bus = Bus.Factory.CreateUsingRabbitMq(configure =>
        {
            configure.Host(new Uri(broker.Replace("amqp", "rabbitmq", StringComparison.Ordinal)));
            configure.ReceiveEndpoint(Path.GetFileName(models), endpoint =>
            {
                endpoint.SetQuorumQueue();
                endpoint.PrefetchCount = 500;
                endpoint.ConcurrentMessageLimit = 1;
                endpoint.Handler<OneEvent>(context => fold.TakeAsync(context.Message));
            });
        });
        await bus.StartAsync(ct);
        var watch = Stopwatch.StartNew();
        await PublishAsync(bus, log, events, ct);
        await fold.Done.WaitAsync(ct);
        var seconds = watch.Elapsed.TotalSeconds;
        await bus.StopAsync(ct);
        return [new Figure { Name = Names.MessagePerEvent, Value = events / seconds, Unit = "events/s", Of = Names.BrokerRebuild, Goal = "the rebuild through RabbitMQ at least 15 times it" }];
    }

    private static async Task PublishAsync(IBus bus, SqliteEventLog log, long count, CancellationToken ct)
    {
        var sent = 0L;
        var underWay = new List<Task>(Pipelined);
        await foreach (var page in log.ReadAllAsync(LogPlace.Start, 1024, ct))
        {
            foreach (var e in page.Events)
            {
                if (sent++ == count)
                {
                    await Task.WhenAll(underWay);
                    return;
                }

                underWay.Add(bus.Publish(
                    new OneEvent(e.Ordinal.Value, e.Place.Position.Commit, e.Place.Position.Prepare, e.Stream.Value, e.Revision.Value, e.Id, e.Type, e.Data.ToArray(), e.Metadata.ToArray(), e.Time), ct));
                if (underWay.Count == Pipelined)
                {
                    await Task.WhenAll(underWay);
                    underWay.Clear();
                }
            }
        }

        await Task.WhenAll(underWay);
    }

    private sealed class Fold : IDisposable
    {
        private readonly IPartitionProjection[] projections;
        private readonly List<FeedEvent>[] waiting;
        private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly long events;
        private readonly int partitions;
        private LogPlace through = LogPlace.Start;
        private long taken;

        public Fold(IPartitionProjection[] projections, long events)
        {
            partitions = Routing.DefaultPartitions;
            this.events = events;
            this.projections = projections;
            waiting = [.. projections.Select(static _ => new List<FeedEvent>())];
        }

        public Task Done => done.Task;

        public async Task TakeAsync(OneEvent m)
        {
            var e = FeedEvent.Decode(new LogEvent(
                new LogPlace(new Ordinal(m.Ordinal), new Position(m.Commit, m.Prepare)), new StreamName(m.Stream), new Revision(m.Revision), m.Id, m.Type, m.Data, m.Metadata, m.Time));
            for (var to = Routing.PartitionsOf(e, partitions).Bits; to != 0; to &= to - 1)
            {
                for (var at = BitOperations.TrailingZeroCount(to); at < waiting.Length; at += partitions)
                {
                    waiting[at].Add(e);
                }
            }

            // Messages that were published together may come in any order among themselves.
            through = e.Ordinal > through.Ordinal ? e.Log.Place : through;
            if (++taken % EventsPerCommit != 0 && taken != events)
            {
                return;
            }

            for (var i = 0; i < projections.Length; i++)
            {
                waiting[i].Sort(static (a, b) => a.Ordinal.CompareTo(b.Ordinal));
                await projections[i].FoldAsync(waiting[i], CancellationToken.None);
                await projections[i].CommitAsync(through, CancellationToken.None);
                waiting[i].Clear();
            }

            if (taken == events)
            {
                done.TrySetResult();
            }
        }

        public void Dispose() => Array.ForEach(projections, static p => (p as IDisposable)?.Dispose());
    }
}
