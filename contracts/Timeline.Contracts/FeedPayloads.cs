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

/// <summary>A row that could not be read: its 1-based line, the cause, and the row itself, in <see cref="Raw"/> or in <see cref="Bytes"/>.</summary>
public sealed record SetAsideData : EventData
{
    /// <summary>Name of the feed.</summary>
    public required string Feed { get; init; }

    /// <summary>Line in the file, from 1; of a row of several lines, its first.</summary>
    public required long Line { get; init; }

    /// <summary>Why it could not be read.</summary>
    public required string Cause { get; init; }

    /// <summary>The row as it stood between two line feeds, a carriage return included. Of a row that is cut, its beginning.</summary>
    public string? Raw { get; init; }

    /// <summary>The row in base64 where it is no text: bytes that are not UTF-8, or control characters.</summary>
    public string? Bytes { get; init; }

    /// <summary>Only the row's beginning is kept: it exceeded the limit, or was set aside by a version that kept no more.</summary>
    public bool Cut { get; init; }

    /// <summary>Of a row that is cut: how long it was, in bytes, where that is known.</summary>
    public long? Length { get; init; }

    /// <summary>The file's header line, where the feed's format has one; with the first row of the file that is set aside.</summary>
    public string? Header { get; init; }
}

/// <summary>Rows of one file that were set aside are repaired by another file, or given up.</summary>
public sealed record RowsSettledData : EventData
{
    /// <summary>The file in which they stand, <c>{feed}-{SHA-256}</c>.</summary>
    public required string File { get; init; }

    /// <summary>Numbers of the records, ascending; absent: all that were set aside among the first <see cref="Records"/>.</summary>
    public IReadOnlyList<long>? Rows { get; init; }

    /// <summary>How many records of the file the log held when all of them were settled; absent where <see cref="Rows"/> names them.</summary>
    public long? Records { get; init; }

    /// <summary>The file that brings them repaired, <c>{feed}-{SHA-256}</c>; absent: they are given up. A row that is cut is never repaired with all others.</summary>
    public string? By { get; init; }

    /// <summary>Why they are given up.</summary>
    public string? Reason { get; init; }
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
