namespace Timeline.Contracts.Answers;

/// <summary>
/// What became of a methodology. Status: <c>recorded</c>; <c>already</c>: the log holds it, to the letter, and nothing was written. Notes: what is allowed and seldom meant.
/// To be recorded is not to be in force.
/// </summary>
public sealed record MethodologyOutcome(string Name, string Hash, string Status, string Event, long Ordinal, IReadOnlyList<string> Notes);

/// <summary>The methodologies that the log holds, in its order.</summary>
public sealed record MethodologyList(IReadOnlyList<MethodologyLine> Methodologies);

/// <summary>A methodology, whether the answers of this service are by it, and the event that it is.</summary>
public sealed record MethodologyLine(string Name, string Hash, bool InForce, string? Reason, string Event, long Ordinal, string RecordedAt);

/// <summary>A methodology whole.</summary>
public sealed record MethodologyView
{
    public required string Name { get; init; }

    /// <summary>SHA-256 over its files.</summary>
    public required string Hash { get; init; }

    /// <summary>Whether the answers of this service are by it.</summary>
    public required bool InForce { get; init; }
    public string? Reason { get; init; }
    public required string Event { get; init; }
    public required long Ordinal { get; init; }
    public required string RecordedAt { get; init; }

    /// <summary>The rows of <c>parameters.tsv</c>.</summary>
    public required IReadOnlyList<ParameterRow> Parameters { get; init; }

    /// <summary>File name to text, to the letter, by name.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }
}

public sealed record ParameterRow(string Name, int Value, string Unit, string Reason);

/// <summary>What differs between two methodologies; no file: nothing does.</summary>
public sealed record MethodologyDifference
{
    public required MethodologyRef From { get; init; }
    public required MethodologyRef To { get; init; }

    /// <summary>Whether scores or the reading of feeds may differ, and not only words.</summary>
    public required bool Scores { get; init; }

    /// <summary>Every file that differs, by name.</summary>
    public required IReadOnlyList<MethodologyFileDifference> Files { get; init; }
}

/// <summary>Layout: comments, blank lines or the order of rows differ, from which nothing follows.</summary>
public sealed record MethodologyFileDifference(string File, bool Layout, IReadOnlyList<MethodologyRowDifference> Rows);

/// <summary>A row by its key (several columns: separated by a space). Change: <c>added</c>, <c>removed</c> or <c>changed</c>. Of a changed row the columns that differ, of others all but the key.</summary>
public sealed record MethodologyRowDifference(string Key, string Change, bool Scores, IReadOnlyList<MethodologyColumnDifference> Columns);

/// <summary>From is null in an added row, to in a removed one. Scores: false for a column that is for people alone.</summary>
public sealed record MethodologyColumnDifference(string Column, string? From, string? To, bool Scores);
