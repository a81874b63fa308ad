using Timeline.Domain.Changes;

namespace Timeline.Domain.Ports;

/// <summary>
/// Which changes can be served: those after a place at or behind <see cref="Oldest"/>, up to <see cref="Through"/>, where every partition is complete.
/// </summary>
public readonly record struct ChangeRange(ChangePlace Oldest, ChangePlace Through);

/// <summary>The changes of all partitions, merged into one order.</summary>
public interface IChangeFeed
{
    ChangeRange Range();

    /// <summary>Changes after one place up to another, in order: the first ones, at most so many.</summary>
    IReadOnlyList<StoredChange> Read(ChangePlace after, ChangePlace through, int most);

    /// <summary>Completes when there may be more to read than at this range; now and then without need.</summary>
    Task WaitAsync(ChangeRange seen, CancellationToken ct);
}

/// <summary>The outbox of one projection's partition, as whoever gives its changes to the bus sees it. One owner at a time.</summary>
public interface IChangeOutbox
{
    /// <summary>Changes that the bus has not confirmed, in order: the first ones, at most so many, and how many before them were pruned unconfirmed.</summary>
    (IReadOnlyList<StoredChange> Changes, long Lost) Untold(int most);

    /// <summary>The bus has confirmed the first ones of those that were read last, so many. Remembered for good as soon as it can be.</summary>
    void MarkTold(int count);
}

/// <summary>Gives changes to the bus.</summary>
public interface IChangePublisher
{
    /// <summary>Returns when the bus has confirmed it. Where it throws, it may have arrived: publish it again.</summary>
    Task PublishAsync(StoredChange change, CancellationToken ct);
}
