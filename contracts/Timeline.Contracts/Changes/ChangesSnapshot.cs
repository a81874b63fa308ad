namespace Timeline.Contracts.Changes;

/// <summary>
/// Everything that changes carry, of all subjects, at one place of the log. <c>/v1/changes?from=</c> its cursor goes on exactly there: no gap, no repeat.
/// </summary>
public sealed record ChangesSnapshot
{
    public required string LogId { get; init; }
    public required long Epoch { get; init; }

    /// <summary>Everything up to this event counts.</summary>
    public required long Ordinal { get; init; }

    /// <summary>The place to ask for changes from; opaque.</summary>
    public required string Cursor { get; init; }

    /// <summary>The log's latest day, <c>yyyy-MM-dd</c>; null: no day has turned yet, and there are no readings.</summary>
    public string? AsOf { get; init; }

    /// <summary>Everybody who has a ledger, ordinally sorted by id.</summary>
    public required IReadOnlyList<SubjectSnapshot> Subjects { get; init; }
}

/// <summary>A position on an issue, named.</summary>
public sealed record IssueSnapshot(string Issue, IssuePosition Position);

/// <summary>Toward another subject: tenths, -100 to 100, never 0.</summary>
public sealed record TowardSnapshot(string Other, int Score);

/// <summary>One subject as changes carry it.</summary>
public sealed record SubjectSnapshot
{
    public required string Subject { get; init; }
    public required EscalationState Escalation { get; init; }

    /// <summary>Ordinally sorted by issue.</summary>
    public required IReadOnlyList<IssueSnapshot> Issues { get; init; }

    /// <summary>Ordinally sorted by the other; whoever is not named stands at 0.</summary>
    public required IReadOnlyList<TowardSnapshot> Toward { get; init; }

    /// <summary>Ids of parked events that would have counted here.</summary>
    public required IReadOnlyList<string> Incomplete { get; init; }
}
