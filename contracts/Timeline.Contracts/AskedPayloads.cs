namespace Timeline.Contracts;

/// <summary>Something that needs a second person. It has no effect of its own: what is done after the confirmation is an event of the act's own, whose metadata names this one.</summary>
public sealed record ActAskedData : EventData
{
    /// <summary>What is to be done: <c>drop</c>, <c>promote</c> or <c>rotate</c>.</summary>
    public required string Act { get; init; }

    /// <summary>Id of what it is done to, such as a replay, where that is one thing.</summary>
    public string? Of { get; init; }

    /// <summary>For a drop: the events to be given up.</summary>
    public IReadOnlyList<AskedDrop>? Parked { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}

/// <summary>A parked event that is to be given up for one of its subjects, as <see cref="ParkedDroppedData"/> will tell it.</summary>
public sealed record AskedDrop
{
    /// <summary>Id of the event.</summary>
    public required string Event { get; init; }

    /// <summary>The subject for whom it is parked, or <c>*</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The projection in which it is parked; absent: in all of them.</summary>
    public string? Projection { get; init; }

    /// <summary>All subjects for whom it was parked when it was asked; absent: the subject alone.</summary>
    public IReadOnlyList<string>? ParkedFor { get; init; }

    /// <summary>Fields that this version does not know.</summary>
    [System.Text.Json.Serialization.JsonExtensionData]
    public IDictionary<string, System.Text.Json.JsonElement>? Unknown { get; set; }
}
