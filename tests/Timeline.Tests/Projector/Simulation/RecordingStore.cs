using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Projector.Simulation;

/// <summary>
/// What a partition has durably: its checkpoint and the ordinals folded, written together and only onto the checkpoint they were folded from.
/// Every commit is held against the log at once.
/// </summary>
internal sealed class RecordingStore(World world, MemoryLog log, string projection, int partition, int partitions)
{
    private readonly World world = world;
    private readonly string projection = projection;
    private readonly int partition = partition;
    private readonly List<long> routed = [];
    private LogPlace checkpoint = LogPlace.Start;

    public List<long> Folded { get; } = [];

    /// <summary>The first thing that must never happen and did.</summary>
    public string? Violation { get; private set; }

    public int TakenOver { get; private set; }

    /// <summary>Events of this partition up to a place that the feed has not confirmed.</summary>
    public IEnumerable<long> Unconfirmed(LossyFeed feed, LogPlace upTo) =>
        routed.TakeWhile(o => o <= upTo.Ordinal.Value).Where(o => !feed.HasConfirmed(partition, o));

    public bool HasFoldedEverything => Folded.Count == routed.Count;

    /// <summary>An event has come into the log.</summary>
    public void Expect(FeedEvent e)
    {
        if (Routing.PartitionsOf(e, partitions).Contains(partition))
        {
            routed.Add(e.Ordinal.Value);
        }
    }

    public async Task<IPartitionProjection> OpenAsync()
    {
        await world.WaitAsync();
        return new Projection(this, checkpoint);
    }

    private void Commit(IReadOnlyList<FeedEvent> events, LogPlace through)
    {
        var given = events.Select(e => e.Ordinal.Value).ToArray();
        var expected = routed.Skip(Folded.Count).TakeWhile(o => o <= through.Ordinal.Value);
        if (!given.SequenceEqual(expected))
        {
            Violation ??= $"{projection}/{partition} at {checkpoint.Ordinal} through {through.Ordinal}: got {string.Join(' ', given)}, next are {string.Join(' ', expected)}";
        }

        if (through.Ordinal <= checkpoint.Ordinal || through != log.Events[(int)through.Ordinal.Value].Place)
        {
            Violation ??= $"{projection}/{partition} at {checkpoint} asked to commit through {through}";
        }

        Folded.AddRange(given);
        checkpoint = through;
    }

    private sealed class Projection(RecordingStore store, LogPlace opened) : IPartitionProjection
    {
        private readonly List<FeedEvent> folded = [];
        private bool broken;

        string IPartitionProjection.Projection => store.projection;

        public int Partition => store.partition;

        public LogPlace Checkpoint { get; private set; } = opened;

        public async Task FoldAsync(IReadOnlyList<FeedEvent> events, CancellationToken ct)
        {
            if (broken)
            {
                store.Violation ??= $"{store.projection}/{store.partition} was used again after it had failed";
            }

            folded.AddRange(events);
            await store.world.WaitAsync();
        }

        public Task RestAsync(CancellationToken ct) => Task.CompletedTask;

        public async Task CommitAsync(LogPlace through, CancellationToken ct)
        {
            if (broken)
            {
                store.Violation ??= $"{store.projection}/{store.partition} was used again after it had failed";
            }

            broken = true;
            await store.world.WaitAsync();
            if (folded.Count == 0 && store.world.Random.Next(2) == 0)
            {
                broken = false;
                return;
            }

            if (store.checkpoint != Checkpoint)
            {
                store.TakenOver++;
                throw new CheckpointMovedException("Another owner has committed.");
            }

            store.Commit(folded, through);
            folded.Clear();
            Checkpoint = through;
            await store.world.WaitAsync();
            broken = false;
        }
    }
}
