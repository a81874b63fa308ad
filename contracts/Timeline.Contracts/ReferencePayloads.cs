namespace Timeline.Contracts;

/// <summary>A correction: the whole event as it should have been told.</summary>
public sealed record CorrectedData : EventData
{
    /// <summary>Id of what it replaces: an event, or an earlier correction of it.</summary>
    public required string Replaces { get; init; }

    /// <summary>The corrected event. It goes by the correction's own id.</summary>
    public required TimelineEvent Event { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>A retraction.</summary>
public sealed record RetractedData : EventData
{
    /// <summary>Id of the event or correction that is taken back.</summary>
    public required string Retracts { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>Events that tell of one and the same.</summary>
public sealed record LinkedData : EventData
{
    /// <summary>Ids of the events, two or more.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>Takes back one link: an <c>EventsLinked</c>, or the repeat that a feed row declared.</summary>
public sealed record UnlinkedData : EventData
{
    /// <summary>Id of the link, or of the row that repeats.</summary>
    public required string Link { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>A methodology, whole.</summary>
public sealed record MethodologyData : EventData
{
    /// <summary>Its name, such as <c>v1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 over the files in name order, lower-case hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>File name to text.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Why it was made.</summary>
    public string? Reason { get; init; }
}

/// <summary>How the files of a feed become events, whole.</summary>
public sealed record FeedMappingData : EventData
{
    /// <summary>Name of the feed.</summary>
    public required string Feed { get; init; }

    /// <summary>SHA-256 of the text as UTF-8, lower-case hexadecimal; rows name it in their metadata.</summary>
    public required string Hash { get; init; }

    /// <summary>The mapping file's text.</summary>
    public required string Text { get; init; }
}

/// <summary>A day's turn.</summary>
public sealed record DayData : EventData
{
    /// <summary>The day that began, <c>yyyy-MM-dd</c>, UTC.</summary>
    public required string Day { get; init; }
}

/// <summary>A theatre: a named set of subjects. A later definition of the same name takes its place.</summary>
public sealed record TheatreData : EventData
{
    /// <summary>Its name, a slug such as <c>black-sea</c>.</summary>
    public required string Theatre { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Title { get; init; }

    /// <summary>ISO 3166-1 alpha-3 codes or ids of registered organisations, ordinally sorted, each once. Empty: the theatre is closed.</summary>
    public required IReadOnlyList<string> Members { get; init; }

    /// <summary>Why it is defined so, or closed.</summary>
    public string? Reason { get; init; }
}
