using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Relay;

/// <summary>What the Relay can be told. The defaults serve.</summary>
public sealed record FeedRelayOptions
{
    /// <summary>1 to 64; 16. The Projector must have the same.</summary>
    public int Partitions { get; init; } = Routing.DefaultPartitions;

    /// <summary>The build of the read models that this feed is for.</summary>
    public required string Generation { get; init; }

    /// <summary>How long an event near the head may wait for others of its partition: 5 ms, 0 to 1 s. At the head nothing waits, unless <see cref="Announce"/> says so.</summary>
    public TimeSpan BatchWindow { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The same while the log has more than a page: 100 ms, 0 to 1 s. What is late already is better told in few large messages.</summary>
    public TimeSpan CatchUpWindow { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many batches may wait for their confirms while the log has more: 1, 1 to 64. More than 1 helps over a broker, and asks of the publisher that it keeps the order of calls that overlap.</summary>
    public int BatchesUnderWay { get; init; } = 1;

    /// <summary>
    /// How often, at the most, partitions that have nothing learn how far the log has come: 0, 0 to 1 s. 0: with every page that reaches the head, which costs nothing in one process. Over a
    /// broker it is a message for each of them: with more than 0 events at the head are gathered for <see cref="BatchWindow"/> too.
    /// </summary>
    public TimeSpan Announce { get; init; }

    /// <summary>How often every partition is told where it stands, so that a lost last message shows: 1 s, 10 ms to 1 min.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The least time between two saves of the checkpoint: 200 ms, 0 to 1 min. What a crash takes back is published again.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Events read at a time: 1,024, 1 to 65,536.</summary>
    public int PageEvents { get; init; } = 1024;

    internal void Validate()
    {
        Within(Partitions, 1, FeedIdentity.MaxPartitions, nameof(Partitions));
        ArgumentException.ThrowIfNullOrEmpty(Generation);
        Within(BatchWindow, TimeSpan.Zero, TimeSpan.FromSeconds(1), nameof(BatchWindow));
        Within(CatchUpWindow, TimeSpan.Zero, TimeSpan.FromSeconds(1), nameof(CatchUpWindow));
        Within(BatchesUnderWay, 1, 64, nameof(BatchesUnderWay));
        Within(Announce, TimeSpan.Zero, TimeSpan.FromSeconds(1), nameof(Announce));
        Within(Heartbeat, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), nameof(Heartbeat));
        Within(CheckpointInterval, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(CheckpointInterval));
        Within(PageEvents, 1, 65_536, nameof(PageEvents));
    }

    private static void Within<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}

/// <summary>
/// Where the Relay stands. <see cref="Published"/>: confirmed up to here. <see cref="Events"/> and <see cref="Messages"/> since it started.
/// <see cref="Failures"/> in a row: 0 while all is well. <see cref="LastError"/> stays for the operator to read.
/// </summary>
public sealed record RelayStatus(LogPlace Published, long Events, long Messages, int Failures, string? LastError);
