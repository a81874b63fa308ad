using Timeline.Domain.Feed;

namespace Timeline.Adapters.RabbitMq;

/// <summary>What both sides of the feed must be told alike: whoever differs has queues of its own.</summary>
public sealed record RabbitMqFeedOptions
{
    public required RabbitMqAddress Address { get; init; }

    public required FeedIdentity Identity { get; init; }

    /// <summary>The projections that have a queue in every partition.</summary>
    public required IReadOnlyList<string> Projections { get; init; }

    /// <summary>The projections that live in partition 0 alone; none.</summary>
    public IReadOnlyList<string> SinglePartition { get; init; } = [];

    /// <summary>What all names in the broker begin with: <c>timeline</c>, 1 to 64 letters, digits, '-', '_' and '.'.</summary>
    public string QueuePrefix { get; init; } = "timeline";

    /// <summary>Messages that wait in one queue: 1,024, 16 to 1,000,000. The oldest go first, and come from the log again.</summary>
    public int MaxMessages { get; init; } = 1024;

    /// <summary>Bytes that wait in one queue: 32 MiB, 1 MiB to 16 GiB. A full disk of the broker stops every publisher, so all queues are bounded.</summary>
    public long MaxBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Messages that a subscription holds unacknowledged, in memory: 16, 1 to 1,000.</summary>
    public ushort Prefetch { get; init; } = 16;

    /// <summary>
    /// How long publishing waits for a queue that is read and half full: 10 s, 0 to 10 min. Afterwards the queue drops its oldest: one partition that is slow must not hold up
    /// the others for ever.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a process looks whether it holds more partitions than its share: 2 s, 10 ms to 1 min.</summary>
    public TimeSpan ShareInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After how long without a word of any Relay a reader declares its queue and binding anew and subscribes again: 10 s, 1 s to 1 h; several heartbeats.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(10);

    internal void Validate()
    {
        if (Projections.Count == 0 || Projections.Concat(SinglePartition).Distinct(StringComparer.Ordinal).Count() != Projections.Count + SinglePartition.Count)
        {
            throw new ArgumentException("One or more projections, each named once.", nameof(Projections));
        }

        if (QueuePrefix.Length is 0 or > 64 || !QueuePrefix.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw new ArgumentException($"'{QueuePrefix}' can't begin the names of queues: 1 to 64 letters, digits, '-', '_' and '.'.", nameof(QueuePrefix));
        }

        Within(MaxMessages, 16, 1_000_000, nameof(MaxMessages));
        Within(MaxBytes, 1L << 20, 1L << 34, nameof(MaxBytes));
        Within(Prefetch, (ushort)1, (ushort)1000, nameof(Prefetch));
        Within(Patience, TimeSpan.Zero, TimeSpan.FromMinutes(10), nameof(Patience));
        Within(Silence, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), nameof(Silence));
        Within(ShareInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), nameof(ShareInterval));
    }

    private static void Within<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
