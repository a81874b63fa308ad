namespace EventStore.Client;

/// <summary>An event with the link that led to it, if one did.</summary>
public readonly struct ResolvedEvent
{
    public readonly EventRecord Event;
    public readonly EventRecord? Link;

    /// <summary>The place in $all of what was read, where the server said it.</summary>
    public readonly Position? OriginalPosition;

    public ResolvedEvent(EventRecord @event, EventRecord? link, ulong? commitPosition)
    {
        Event = @event;
        Link = link;
        OriginalPosition = commitPosition is { } commit ? new Position(commit, (link ?? @event).Position.PreparePosition) : null;
    }

    /// <summary>The link if there is one, else the event.</summary>
    public EventRecord OriginalEvent => Link ?? Event;

    public string OriginalStreamId => OriginalEvent.EventStreamId;

    public StreamPosition OriginalEventNumber => OriginalEvent.EventNumber;

    public bool IsResolved => Link is not null && Event is not null;
}
