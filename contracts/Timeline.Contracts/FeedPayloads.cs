namespace Timeline.Contracts;

/// <summary>What a bulk feed says of one row beside the envelope: the feed's own row id and how many documents it counted.</summary>
public abstract record RowData : HostileData
{
    /// <summary>Name of the feed, such as <c>gdelt</c>.</summary>
    public required string Feed { get; init; }

    /// <summary>The feed's own id of the row.</summary>
    public required string Row { get; init; }

    /// <summary>Distinct sources that the feed counted.</summary>
    public int? Sources { get; init; }

    /// <summary>Documents that the feed counted.</summary>
    public int? Articles { get; init; }

    /// <summary>Mentions in all documents that the feed counted.</summary>
    public int? Mentions { get; init; }

    /// <summary>The feed's own base weight in per mille where its mapping sets one; else the methodology's.</summary>
    public int? Weight { get; init; }

    /// <summary>Members that the row gives and that can't be read, where the feed's mapping drops such values instead of setting the row aside.</summary>
    public IReadOnlyList<string>? Dropped { get; init; }
}

/// <summary>A row as the feed observed it.</summary>
public sealed record ObservedData : RowData;

/// <summary>The same content as an earlier row by the feed's rule for repeats.</summary>
public sealed record RepeatedData : RowData
{
    /// <summary>Id of the group's first row.</summary>
    public required string Of { get; init; }
}

/// <summary>The feed's own row id met again with other content: the whole corrected row, in place of <see cref="Replaces"/>.</summary>
public sealed record RowCorrectedData : RowData
{
    /// <summary>Id of the row that this one corrects.</summary>
    public required string Replaces { get; init; }
}

/// <summary>The feed's own row id met again, unchanged.</summary>
public sealed record AlreadyKnownData : EventData
{
    /// <summary>Name of the feed.</summary>
    public required string Feed { get; init; }

    /// <summary>The feed's own id of the row.</summary>
    public required string Row { get; init; }

    /// <summary>Id of the row as it is known.</summary>
    public required string Of { get; init; }
}

/// <summary>A row that could not be read: its 1-based line, the cause, and its first 4,096 characters.</summary>
public sealed record SetAsideData : EventData
{
    /// <summary>Name of the feed.</summary>
    public required string Feed { get; init; }

    /// <summary>Line in the file, from 1.</summary>
    public required long Line { get; init; }

    /// <summary>Why it could not be read.</summary>
    public required string Cause { get; init; }

    /// <summary>The line itself, its first 4,096 characters.</summary>
    public string? Raw { get; init; }
}

/// <summary>Declares that a feed is complete for the countries from <see cref="From"/> (included) to <see cref="To"/> (excluded).</summary>
public sealed record CoverageData : EventData
{
    /// <summary>Name of the feed.</summary>
    public required string Feed { get; init; }

    /// <summary>ISO 3166-1 alpha-3 codes or organisation ids, or the one word <c>world</c>.</summary>
    public required IReadOnlyList<string> Countries { get; init; }

    /// <summary>The first day covered, or an instant with offset for feeds that come in parts of a day.</summary>
    public required string From { get; init; }

    /// <summary>The first day or instant that is not covered any more.</summary>
    public required string To { get; init; }

    /// <summary>The file that it was declared with.</summary>
    public string? File { get; init; }
}
