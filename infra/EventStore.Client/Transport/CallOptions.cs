namespace EventStore.Client;

/// <summary>What one call takes with it.</summary>
/// <param name="Deadline">How long it may take; null or infinite for no end.</param>
/// <param name="Credentials">Who calls, or null for nobody in particular.</param>
internal readonly record struct CallOptions(TimeSpan? Deadline, UserCredentials? Credentials, CancellationToken Cancellation)
{
    // A timer takes no more; what takes longer has no end for any practical purpose.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    public bool HasDeadline => Deadline is { } deadline && deadline != Timeout.InfiniteTimeSpan && deadline < Longest;

    /// <summary>For operations: they end by the default deadline if they name none.</summary>
    public static CallOptions Operation(EventStoreClientSettings settings, TimeSpan? deadline, UserCredentials? credentials, CancellationToken cancellation) =>
        new(deadline ?? settings.DefaultDeadline, credentials ?? settings.DefaultCredentials, cancellation);

    /// <summary>For reads and subscriptions: they take as long as they take if they name no deadline.</summary>
    public static CallOptions Reading(EventStoreClientSettings settings, TimeSpan? deadline, UserCredentials? credentials, CancellationToken cancellation) =>
        new(deadline, credentials ?? settings.DefaultCredentials, cancellation);
}
