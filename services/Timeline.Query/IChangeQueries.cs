using Timeline.Contracts.Changes;
using Timeline.Domain.Changes;
using Timeline.Domain.Ports;

namespace Timeline.Query;

/// <summary>Which changes somebody follows. Empty sets: all of them.</summary>
public sealed record ChangeFilter(IReadOnlySet<string> Subjects, IReadOnlySet<string> Types)
{
    public bool Takes(StoredChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return (Subjects.Count == 0 || Subjects.Contains(change.Subject)) && (Types.Count == 0 || Types.Contains(change.Type));
    }
}

/// <summary>What a follower is told at once, in order: changes; then, where the place is told, that nothing is left before it.</summary>
/// <param name="Kind">Null where there are changes alone.</param>
public sealed record ChangesTold(IReadOnlyList<StoredChange> Changes, ChangesHeartbeat? At, PlaceKind? Kind);

/// <summary>Why a place is told.</summary>
public enum PlaceKind
{
    /// <summary>Everything that was there when the question came has been told.</summary>
    CaughtUp,

    /// <summary>A while has passed.</summary>
    Heartbeat,
}

/// <summary>A snapshot, and every change after it. Writes nothing. Throws <see cref="QueryRefusedException"/> as <see cref="ITimelineQueries"/> does.</summary>
public interface IChangeQueries
{
    /// <summary>Everything that changes carry, at one place.</summary>
    Task<ChangesSnapshot> SnapshotAsync(CancellationToken ct);

    /// <summary>The place that a cursor names: of a change, a snapshot or any other answer. 400 for what is none, 410 for one that can't be served.</summary>
    ChangePlace PlaceOf(string cursor);

    /// <summary>Every change after a place, then for ever those that come. Ends where the place has fallen behind what is kept: asking again tells so.</summary>
    IAsyncEnumerable<ChangesTold> FollowAsync(ChangePlace after, ChangeFilter filter, TimeSpan heartbeat, CancellationToken ct);
}
