using System.Collections.Concurrent;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Projector;

/// <summary>Read models in memory that outlive their owners; <see cref="OnApply"/> sees every commit before it holds, and may throw or wait.</summary>
internal sealed class MemoryProjections
{
    private readonly ConcurrentDictionary<(string, int), Stored> stored = new();

    public Func<string, int, IReadOnlyList<FeedEvent>, Task> OnApply { get; set; } = static (_, _, _) => Task.CompletedTask;

    public IReadOnlyList<long> Folded(string projection, int partition) => At(projection, partition).Folded;

    public int Opened(string projection, int partition) => At(projection, partition).Opened;

    public Task<IPartitionProjection> OpenAsync(string projection, int partition, CancellationToken ct)
    {
        var at = At(projection, partition);
        at.Opened++;
        return Task.FromResult<IPartitionProjection>(new Projection(this, projection, partition, at));
    }

    /// <summary>As another owner would: the checkpoint moves under whoever holds the partition now.</summary>
    public void TakeOver(string projection, int partition) => At(projection, partition).Owner++;

    public void Delete(string projection, int partition) => stored.TryRemove((projection, partition), out _);

    private Stored At(string projection, int partition) => stored.GetOrAdd((projection, partition), static _ => new Stored());

    private sealed class Stored
    {
        public List<long> Folded { get; } = [];

        public LogPlace Checkpoint { get; set; } = LogPlace.Start;

        public int Owner { get; set; }

        public int Opened { get; set; }
    }

    private sealed class Projection(MemoryProjections all, string projection, int partition, Stored at) : IPartitionProjection
    {
        private readonly int owner = at.Owner;
        private readonly List<FeedEvent> folded = [];

        string IPartitionProjection.Projection => projection;

        int IPartitionProjection.Partition => partition;

        public LogPlace Checkpoint { get; private set; } = at.Checkpoint;

        public Task FoldAsync(IReadOnlyList<FeedEvent> events, CancellationToken ct)
        {
            folded.AddRange(events);
            return Task.CompletedTask;
        }

        public Task RestAsync(CancellationToken ct) => Task.CompletedTask;

        public async Task CommitAsync(LogPlace through, CancellationToken ct)
        {
            await all.OnApply(projection, partition, folded);
            if (at.Owner != owner)
            {
                throw new CheckpointMovedException($"Another owner has folded {projection}, partition {partition}.");
            }

            at.Folded.AddRange(folded.Select(static e => e.Ordinal.Value));
            folded.Clear();
            at.Checkpoint = Checkpoint = through;
        }
    }
}
