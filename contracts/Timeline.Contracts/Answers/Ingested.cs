using System.Text.Json.Serialization;

namespace Timeline.Contracts.Answers;

/// <summary>One result of an append. <see cref="Status"/>: <c>recorded</c>, <c>already</c>, <c>conflict</c> or <c>refused</c>.</summary>
public sealed record AppendOutcome
{
    /// <summary>1-based line of an NDJSON body.</summary>
    public int? Line { get; init; }
    public string? Id { get; init; }
    public required string Status { get; init; }
    public long? Ordinal { get; init; }
    public IReadOnlyList<FieldError>? Errors { get; init; }
}

/// <summary>What is wrong, and with which field: a JSON path such as <c>targets[0].id</c>, or null where the body is no JSON at all.</summary>
public sealed record FieldError(string? Field, string Message);

/// <summary>How an import ended: rows = events + linked + already + setAside.</summary>
public sealed record ImportOutcome
{
    public required string Feed { get; init; }
    public required string File { get; init; }
    public required string Sha256 { get; init; }
    public required long Rows { get; init; }
    public required long Events { get; init; }
    public required long Linked { get; init; }
    public required long Already { get; init; }
    public required long SetAside { get; init; }

    /// <summary>Rows that an earlier run of the same file had appended before it was interrupted.</summary>
    public long Resumed { get; init; }

    /// <summary>Hash of the mapping that made the rows; null for GDELT, which has a reader of its own.</summary>
    public string? Mapping { get; init; }

    /// <summary>
    /// Rows of earlier files that this file replaces and does not have any more: outside the sum, for nothing was done about them. Zero for feeds
    /// whose files only add rows.
    /// </summary>
    public long Missing { get; init; }

    /// <summary>Ids of the first missing rows, ten at most.</summary>
    public IReadOnlyList<string> FirstMissing { get; init; } = [];
}

/// <summary>A mapping that was given, as it stands in the log. <see cref="Status"/>: <c>recorded</c> or <c>already</c>.</summary>
public sealed record MappingOutcome
{
    public required string Feed { get; init; }
    public required string Hash { get; init; }
    public required string Status { get; init; }
}

/// <summary>One line of a running import's answer: progress while it runs, then the outcome or the error.</summary>
public sealed record ImportProgress
{
    public long Rows { get; init; }
    public long Bytes { get; init; }
    public long TotalBytes { get; init; }
    public ImportOutcome? Outcome { get; init; }
    public string? Error { get; init; }

    /// <summary>True beside an error that passes when what it names is mended: the same file can be sent again as it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Retry { get; init; }
}
