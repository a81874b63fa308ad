namespace Timeline.Contracts.Answers;

/// <summary>What has become of a row that was set aside.</summary>
public static class SetAsideStates
{
    public const string Outstanding = "outstanding";
    public const string Repaired = "repaired";
    public const string Dismissed = "dismissed";

    public static readonly IReadOnlyList<string> All = [Outstanding, Repaired, Dismissed];
}

/// <summary>Rows that were set aside, a page of them, with the files of the page. Total = outstanding + repaired + dismissed, everywhere.</summary>
public sealed record SetAsideReading
{
    /// <summary>The read model's place; pages are pinned to that of the first.</summary>
    public required long Ordinal { get; init; }

    /// <summary>Of all rows of the selection, in whatever state they are.</summary>
    public required SetAsideCount Counts { get; init; }

    /// <summary>The files that the page's rows stand in, each with all its rows set aside by cause.</summary>
    public required IReadOnlyList<SetAsideFile> Files { get; init; }
    public required IReadOnlyList<SetAsideLine> Rows { get; init; }
    public string? Next { get; init; }
}

public sealed record SetAsideCount(long Total, long Outstanding, long Repaired, long Dismissed);

/// <summary>A file: <c>{feed}-{SHA-256 of its uncompressed bytes}</c>.</summary>
public sealed record SetAsideFile(string File, string Feed, SetAsideCount Counts, IReadOnlyList<SetAsideByCause> Causes);

public sealed record SetAsideByCause(string Cause, SetAsideCount Counts);

/// <summary>One row: its line in the file, why it was set aside, how it begins, and what has become of it. Cut: only its beginning is kept.</summary>
public sealed record SetAsideLine(string Id, string File, long Line, string Cause, string Beginning, bool Cut, string State, string? SettledBy);

/// <summary>One row whole. <c>Raw</c>: as text; <c>Bytes</c>: base64, where it is no text; of a row that is cut, its beginning.</summary>
public sealed record SetAsideView
{
    public required string Id { get; init; }
    public required string File { get; init; }
    public required string Feed { get; init; }
    public required long Line { get; init; }
    public required long Ordinal { get; init; }
    public required string Cause { get; init; }

    /// <summary><c>outstanding</c>, <c>repaired</c> or <c>dismissed</c>.</summary>
    public required string State { get; init; }

    /// <summary>The event that settled it.</summary>
    public string? SettledBy { get; init; }

    /// <summary>The file that brings it repaired.</summary>
    public string? RepairedBy { get; init; }

    /// <summary>Why it was dismissed.</summary>
    public string? Reason { get; init; }
    public string? Raw { get; init; }
    public string? Bytes { get; init; }
    public required bool Cut { get; init; }

    /// <summary>Of a row that is cut: how long it was, bytes, where that is known.</summary>
    public long? Length { get; init; }

    /// <summary>What to do next, in words.</summary>
    public required string Todo { get; init; }
}

/// <summary>What became of a settlement: <c>settled</c>, or <c>already</c>: the same one stood there, and nothing was written.</summary>
public sealed record SettleOutcome(string Status, string Event, long Ordinal);
