using System.Text.Json.Serialization;

namespace Timeline.Contracts.Changes;

/// <summary>
/// What every change of a read model carries. Changes come at least once and in order per subject: whoever takes them drops those whose <see cref="Id"/> is
/// known, notices a gap by <see cref="Previous"/>, and mends one with a new snapshot.
/// </summary>
public abstract record Change
{
    /// <summary>The same for the same change, however often it is told: the first 16 bytes of a SHA-256 over log, epoch, ordinal, type, subject and what it is about.</summary>
    [JsonPropertyOrder(-1)]
    public required Guid Id { get; init; }

    [JsonPropertyOrder(-1)]
    public required string LogId { get; init; }

    /// <summary>Consumers drop changes of an epoch lower than the highest that they have seen.</summary>
    [JsonPropertyOrder(-1)]
    public required long Epoch { get; init; }

    /// <summary>Of the event that caused it.</summary>
    [JsonPropertyOrder(-1)]
    public required long Ordinal { get; init; }

    /// <summary>Orders the changes of one ordinal; not dense.</summary>
    [JsonPropertyOrder(-1)]
    public required int Index { get; init; }

    /// <summary>ISO 3166-1 alpha-3, or the id of a registered organisation.</summary>
    [JsonPropertyOrder(-1)]
    public required string Subject { get; init; }

    /// <summary>Id of the event that caused it.</summary>
    [JsonPropertyOrder(-1)]
    public required string Event { get; init; }

    /// <summary>Log time of that event, RFC 3339, UTC.</summary>
    [JsonPropertyOrder(-1)]
    public required string At { get; init; }

    /// <summary>Id of the change before it of the same type and subject; null: there was none.</summary>
    [JsonPropertyOrder(-1)]
    public Guid? Previous { get; init; }

    /// <summary>The place just after it, as <c>/v1/changes</c> takes it; opaque.</summary>
    [JsonPropertyOrder(-1)]
    public required string Cursor { get; init; }

    /// <summary>Ids of parked events that would have counted here.</summary>
    [JsonPropertyOrder(-1)]
    public required IReadOnlyList<string> Incomplete { get; init; }
}

/// <summary>How many of the days of the level window are covered by declared feeds.</summary>
/// <param name="Days">Covered days.</param>
/// <param name="Of">Days of the window.</param>
/// <param name="Full">All of them.</param>
public sealed record DayCoverage(int Days, int Of, bool Full);

/// <summary>Whether a nuclear signal is in force, by the subject or against it.</summary>
public sealed record NuclearSignal(bool By, bool Against);

/// <summary>A subject's escalation today, as changes carry it.</summary>
/// <param name="Level">0 calm, 1 tension, 2 threats, 3 display of force, 4 use of force, 5 war; null: unknown.</param>
/// <param name="Bound"><c>exact</c>, <c>at-least</c> or <c>unknown</c>.</param>
/// <param name="Name">The level in words.</param>
/// <param name="Coverage">How much of the window is covered.</param>
/// <param name="Nuclear">Nuclear signals in force.</param>
public sealed record EscalationState(int? Level, string Bound, string Name, DayCoverage Coverage, NuclearSignal Nuclear);

/// <summary>Today's level, bound, coverage or nuclear signal of a subject is another, or the subject is new.</summary>
public sealed record EscalationChanged : Change
{
    /// <summary>The log's latest day, <c>yyyy-MM-dd</c>.</summary>
    public required string AsOf { get; init; }

    /// <inheritdoc cref="EscalationState"/>
    public int? Level { get; init; }

    /// <inheritdoc cref="EscalationState"/>
    public required string Bound { get; init; }

    /// <inheritdoc cref="EscalationState"/>
    public required string Name { get; init; }

    public required DayCoverage Coverage { get; init; }

    public required NuclearSignal Nuclear { get; init; }

    /// <summary>What it was before; null for a subject that had no ledger.</summary>
    public EscalationState? Was { get; init; }

    /// <summary>What it is now.</summary>
    [JsonIgnore]
    public EscalationState State => new(Level, Bound, Name, Coverage, Nuclear);
}

/// <summary>Readings of past days of a subject may be others now. One for each event, and one for all rows of a feed's file that came together.</summary>
public sealed record EscalationRevised : Change
{
    /// <summary>First day, <c>yyyy-MM-dd</c>.</summary>
    public required string From { get; init; }

    /// <summary>Last day, included.</summary>
    public required string To { get; init; }

    /// <summary>How many events it sums up, at least 1.</summary>
    public required int Events { get; init; }

    /// <summary>The event's id, or the stream of the feed's file.</summary>
    public required string About { get; init; }
}

/// <summary>A position on an issue, as changes carry it.</summary>
/// <param name="Value">-2 opposes to 2 supports.</param>
/// <param name="Name">The position in words.</param>
/// <param name="Since">Day since which it is held.</param>
/// <param name="Ambiguous">Both signs within the last 90 days.</param>
/// <param name="ContestedBy">Ids of events that report otherwise, deny or doubt it.</param>
public sealed record IssuePosition(int Value, string Name, string Since, bool Ambiguous, IReadOnlyList<string> ContestedBy);

/// <summary>What a stance was before.</summary>
public sealed record StanceState(IssuePosition? Position, int? Score);

/// <summary>Where a subject stands today on an issue, or toward another subject: exactly one of <see cref="Issue"/> and <see cref="Other"/> is named.</summary>
public sealed record StanceChanged : Change
{
    /// <summary>The log's latest day, <c>yyyy-MM-dd</c>.</summary>
    public required string AsOf { get; init; }

    public string? Issue { get; init; }

    /// <summary>On the issue; null: none any more.</summary>
    public IssuePosition? Position { get; init; }

    /// <summary>The other subject.</summary>
    public string? Other { get; init; }

    /// <summary>Toward the other: tenths, -100 hostile to 100 cooperative.</summary>
    public int? Score { get; init; }

    public required StanceState Was { get; init; }
}
