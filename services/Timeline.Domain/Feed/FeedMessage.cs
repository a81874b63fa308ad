using Timeline.Domain.Ports;

namespace Timeline.Domain.Feed;

/// <summary>
/// A batch for one partition. <see cref="Previous"/> is the last ordinal of this partition before it; <see cref="Last"/> the last in it;
/// <see cref="Through"/> promises that nothing more comes for this partition up to there. A heartbeat has no events.
/// </summary>
public sealed record FeedMessage(
    string LogId,
    int Partitions,
    string Generation,
    int Partition,
    LogPlace Previous,
    LogPlace Last,
    LogPlace Through,
    IReadOnlyList<FeedEvent> Events);

/// <summary>Limits of one message.</summary>
public static class FeedLimits
{
    public const int Events = 512;
    public const int Bytes = 512 * 1024;
}
