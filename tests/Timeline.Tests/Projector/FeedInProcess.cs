using Timeline.Adapters.InProcess;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Projector;
using Timeline.Relay;

namespace Timeline.Tests.Projector;

/// <summary>Relay, feed and Projector as one process runs them, around a log and read models that outlive them.</summary>
internal sealed class FeedInProcess : IAsyncDisposable
{
    public const int Partitions = 4;
    private static readonly string[] Projections = ["escalation", "stance"];
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    public FeedInProcess(IEventLog log, MemoryProjections models, MemoryCheckpoint checkpoint)
    {
        var feed = new InProcessFeed(Projections, Partitions);
        Relay = new FeedRelay(new FeedRelayOptions { Partitions = Partitions, Generation = "live" }, log, feed, checkpoint, TimeProvider.System);
        var options = new FeedProjectorOptions { Projections = Projections, Partitions = Partitions, Generation = "live" };
        Projector = new FeedProjector(options, log, feed, models.OpenAsync, TimeProvider.System);
        running = Task.WhenAll(Projector.RunAsync(stop.Token), Relay.RunAsync(stop.Token));
    }

    public FeedRelay Relay { get; }

    public FeedProjector Projector { get; }

    public async Task VisibleAsync(long ordinal)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Projector.WaitUntilAsync(new Ordinal(ordinal), patience.Token);
    }

    /// <summary>Null where every partition of every projection has folded exactly its events in order.</summary>
    public static string? WhatIsWrong(IReadOnlyList<LogEvent> log, MemoryProjections models)
    {
        var sets = log.Select(e => Routing.PartitionsOf(FeedEvent.Decode(e), Partitions)).ToArray();
        foreach (var projection in Projections)
        {
            for (var p = 0; p < Partitions; p++)
            {
                var routed = log.Where((_, i) => sets[i].Contains(p)).Select(e => e.Ordinal.Value);
                if (!routed.SequenceEqual(models.Folded(projection, p)))
                {
                    return $"{projection}/{p}: {string.Join(' ', models.Folded(projection, p))}";
                }
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }
}

internal sealed class MemoryCheckpoint : IRelayCheckpointStore
{
    public RelayCheckpoint? Saved { get; set; }

    public int Saves { get; private set; }

    public Task<RelayCheckpoint?> LoadAsync(CancellationToken ct) => Task.FromResult(Saved);

    public Task SaveAsync(RelayCheckpoint checkpoint, CancellationToken ct)
    {
        Saves++;
        Saved = checkpoint;
        return Task.CompletedTask;
    }
}
