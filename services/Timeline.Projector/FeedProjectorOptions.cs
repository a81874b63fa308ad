using Timeline.Domain.Feed;

namespace Timeline.Projector;

/// <summary>What the Projector can be told. The defaults serve.</summary>
public sealed record FeedProjectorOptions
{
    /// <summary>The projections to fold in every partition.</summary>
    public required IReadOnlyList<string> Projections { get; init; }

    /// <summary>The projections that live in partition 0 alone; none.</summary>
    public IReadOnlyList<string> SinglePartition { get; init; } = [];

    /// <summary>1 to 64; 16. The Relay must have the same.</summary>
    public int Partitions { get; init; } = Routing.DefaultPartitions;

    /// <summary>The build of the read models that is folded here.</summary>
    public required string Generation { get; init; }

    /// <summary>
    /// Once this many events of a partition wait they are committed, 5,000, 1 to 100,000: a commit costs about as much for one event as for
    /// a thousand. When fewer wait, fewer are committed, at once where they are fewer than <see cref="GatherFrom"/>.
    /// </summary>
    public int EventsPerCommit { get; init; } = 5000;

    /// <summary>Where at least so many events of a partition wait for one commit, more are on their way: 256, 1 to 100,000. They are gathered for <see cref="GatherFor"/>.</summary>
    public int GatherFrom { get; init; } = 256;

    /// <summary>How long a commit of <see cref="GatherFrom"/> events or more waits for others, from the first wait on: 100 ms, 0 to 1 s. Few large commits cost far less than many small ones.</summary>
    public TimeSpan GatherFor { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Events read from the log at a time where partitions miss some: 256, 1 to 65,536. Decoded events of a few pages are what a rebuild holds in
    /// memory: large pages outlive the garbage collector's youngest generation, and copying them costs more than small ones do.
    /// </summary>
    public int PageEvents { get; init; } = 256;

    /// <summary>How many pages may wait for the slowest partition while they are healed: 2, 1 to 1,024.</summary>
    public int PagesAhead { get; init; } = 2;

    /// <summary>Events of all partitions after which one that is healed commits: 16,384, 1 to 1,000,000. It is late already, and fewer, larger segments are smaller.</summary>
    public int HealedPerCommit { get; init; } = 16_384;

    /// <summary>
    /// Other processes fold partitions of the same read models too: each partition is opened when the feed gives it to this one, and let go when it is taken
    /// away. Otherwise all are opened at the start and what they miss is read in one pass.
    /// </summary>
    public bool SharesPartitions { get; init; }

    internal void Validate()
    {
        var all = Projections.Concat(SinglePartition).ToList();
        if (Projections.Count == 0 || all.Distinct(StringComparer.Ordinal).Count() != all.Count)
        {
            throw new ArgumentException("One or more projections, each named once.", nameof(Projections));
        }

        Within(Partitions, 1, FeedIdentity.MaxPartitions, nameof(Partitions));
        ArgumentException.ThrowIfNullOrEmpty(Generation);
        Within(EventsPerCommit, 1, 100_000, nameof(EventsPerCommit));
        Within(GatherFrom, 1, 100_000, nameof(GatherFrom));
        Within(GatherFor, TimeSpan.Zero, TimeSpan.FromSeconds(1), nameof(GatherFor));
        Within(PageEvents, 1, 65_536, nameof(PageEvents));
        Within(PagesAhead, 1, 1024, nameof(PagesAhead));
        Within(HealedPerCommit, 1, 1_000_000, nameof(HealedPerCommit));
    }

    private static void Within<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
