namespace EventStore.Client;

/// <summary>What one message of a read says. The numbers are those of the protocol's fields.</summary>
internal enum ReadContent
{
    Unknown = 0,
    Event = 1,
    Confirmation = 2,
    Checkpoint = 3,
    StreamNotFound = 4,
    FirstStreamPosition = 5,
    LastStreamPosition = 6,
    LastAllStreamPosition = 7,
    CaughtUp = 8,
    FellBehind = 9,
}

/// <summary>One message of a read, filled by <see cref="ReadAnswerParser"/>.</summary>
internal struct ReadAnswer
{
    public ReadContent Content;

    /// <summary>Of an event.</summary>
    public ResolvedEvent Event;

    /// <summary>A stream position, or the commit position.</summary>
    public ulong First;

    /// <summary>The prepare position.</summary>
    public ulong Second;

    /// <summary>The subscription's id.</summary>
    public string? Text;

    public readonly StreamMessage ToMessage() => Content switch
    {
        ReadContent.Event => new StreamMessage.Event(Event),
        ReadContent.Confirmation => new StreamMessage.SubscriptionConfirmation(Text ?? ""),
        ReadContent.Checkpoint => new StreamMessage.AllStreamCheckpointReached(new Position(First, Second)),
        ReadContent.StreamNotFound => StreamMessage.NotFound.Instance,
        ReadContent.FirstStreamPosition => new StreamMessage.FirstStreamPosition(new StreamPosition(First)),
        ReadContent.LastStreamPosition => new StreamMessage.LastStreamPosition(new StreamPosition(First)),
        ReadContent.LastAllStreamPosition => new StreamMessage.LastAllStreamPosition(new Position(First, Second)),
        ReadContent.CaughtUp => StreamMessage.CaughtUp.Instance,
        ReadContent.FellBehind => StreamMessage.FellBehind.Instance,
        _ => StreamMessage.Unknown.Instance,
    };
}
