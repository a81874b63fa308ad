namespace Timeline.Contracts;

/// <summary>What somebody decides about an event that could not be folded, for one of its subjects.</summary>
public abstract record ParkedDecision : EventData
{
    /// <summary>Id of the event.</summary>
    public required string Event { get; init; }

    /// <summary>The subject for whom it is parked: an id as in parties, or <c>*</c> where nobody knows whom it concerns.</summary>
    public required string Subject { get; init; }

    /// <summary>The projection in which it is parked; absent: in all of them.</summary>
    public string? Projection { get; init; }
}

/// <summary>It is to be tried again.</summary>
public sealed record ParkedRedrivenData : ParkedDecision
{
    /// <summary>How many attempts had failed when this was asked, 1 or more: the same again is the same request.</summary>
    public required int After { get; init; }
}

/// <summary>It is given up: it counts for nothing, now and in every rebuild.</summary>
public sealed record ParkedDroppedData : ParkedDecision
{
    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>All subjects for whom it was parked at that time, so that a rebuild knows whom the decision leaves alone; absent: the subject alone.</summary>
    public IReadOnlyList<string>? ParkedFor { get; init; }
}
