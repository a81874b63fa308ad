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
    /// a thousand. When fewer wait, fewer are committed: nobody waits for more to come.
    /// </summary>
    public int EventsPerCommit { get; init; } = 5000;

    /// <summary>Events read from the log at a time where partitions miss some: 1,024, 1 to 65,536.</summary>
    public int PageEvents { get; init; } = 1024;

    /// <summary>
    /// How many pages may wait for the slowest partition while they are healed, 16, 1 to 1,024; half as many make a commit. With the defaults
    /// up to 25,000 decoded events are in memory, some 75 MB.
    /// </summary>
    public int PagesAhead { get; init; } = 16;

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
        Within(PageEvents, 1, 65_536, nameof(PageEvents));
        Within(PagesAhead, 1, 1024, nameof(PagesAhead));
    }

    private static void Within(int value, int least, int most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
