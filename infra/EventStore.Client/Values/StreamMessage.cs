namespace EventStore.Client;

/// <summary>What a read or a subscription says, one thing at a time.</summary>
public abstract record StreamMessage
{
    public record Event(ResolvedEvent ResolvedEvent) : StreamMessage;

    public record NotFound : StreamMessage
    {
        internal static readonly NotFound Instance = new();
    }

    public record Ok : StreamMessage
    {
        internal static readonly Ok Instance = new();
    }

    public record FirstStreamPosition(StreamPosition StreamPosition) : StreamMessage;

    public record LastStreamPosition(StreamPosition StreamPosition) : StreamMessage;

    public record LastAllStreamPosition(Position Position) : StreamMessage;

    public record SubscriptionConfirmation(string SubscriptionId) : StreamMessage;

    public record AllStreamCheckpointReached(Position Position) : StreamMessage;

    public record StreamCheckpointReached(StreamPosition StreamPosition) : StreamMessage;

    /// <summary>What comes next is new. It may be said again.</summary>
    public record CaughtUp : StreamMessage
    {
        internal static readonly CaughtUp Instance = new();
    }

    public record FellBehind : StreamMessage
    {
        internal static readonly FellBehind Instance = new();
    }

    public record Unknown : StreamMessage
    {
        internal static readonly Unknown Instance = new();
    }
}
