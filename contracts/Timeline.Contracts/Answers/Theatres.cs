namespace Timeline.Contracts.Answers;

/// <summary>What became of every theatre of a file, in its order.</summary>
public sealed record TheatresDefined(IReadOnlyList<TheatreOutcome> Theatres);

/// <summary>Status: <c>defined</c>, <c>redefined</c>, <c>closed</c>, or <c>already</c>: it was in force, and nothing was written.</summary>
public sealed record TheatreOutcome(string Theatre, string Status, string Event, long Ordinal);

/// <summary>The theatres that were in force at a moment, by name; closed ones among them.</summary>
public sealed record TheatreList
{
    public required KnownAt KnownAt { get; init; }
    public required IReadOnlyList<TheatreLine> Theatres { get; init; }
}

/// <summary>A theatre as it is defined: its members, none where it is closed, and the event that says so.</summary>
public sealed record TheatreLine(string Theatre, string Title, IReadOnlyList<string> Members, bool Closed, string? Reason, string Event, long Ordinal, string Since);

/// <summary>Escalation between the members of a theatre. An event counts once, where one member acts and another is its target.</summary>
public sealed record TheatreReading : Reading
{
    public required string Theatre { get; init; }
    public required string Title { get; init; }

    /// <summary>The definition in force at the moment of the question, and since when.</summary>
    public required TheatreDefinition Definition { get; init; }
    public required TheatreEscalation Escalation { get; init; }

    /// <summary>Every member, by id.</summary>
    public required IReadOnlyList<TheatreMember> Members { get; init; }

    /// <summary>Directed pairs with anything between them, the highest level first, then the greatest conflict; at most 20.</summary>
    public required IReadOnlyList<TheatrePair> Pairs { get; init; }

    /// <summary>All such pairs, of which <see cref="Pairs"/> are the first.</summary>
    public required int PairsTotal { get; init; }
}

public sealed record TheatreDefinition(string Event, long Ordinal, string Time, string? Reason);

/// <summary>As the escalation of a subject, without sides: who acts is a member, and so is the target.</summary>
public sealed record TheatreEscalation
{
    /// <summary>That of the highest directed pair; 0 calm to 5 war; null: unknown.</summary>
    public int? Level { get; init; }

    /// <summary>One of <see cref="Bounds"/>.</summary>
    public required string Bound { get; init; }
    public required string Name { get; init; }

    /// <summary>Acts and threats together: Goldstein tenths x weight per mille x severity, decayed.</summary>
    public required long Intensity { get; init; }
    public required long Acts { get; init; }
    public required long Threats { get; init; }
    public required long Words { get; init; }

    /// <summary>Undecayed conflict of the last 7 days minus that of the 7 before.</summary>
    public required long Trend { get; init; }

    /// <summary>0 to 1000, 500 is as usual for this theatre; null unless the 390 days are covered for every member.</summary>
    public int? Unusual { get; init; }

    /// <summary>A nuclear signal by one member against another within 90 days.</summary>
    public required bool Nuclear { get; init; }

    /// <summary>Deaths of the 30 days.</summary>
    public required DeathToll Deaths { get; init; }

    /// <summary>Days of the 30 that are covered for every member.</summary>
    public required Coverage Coverage { get; init; }
    public required Uncounted Uncounted { get; init; }

    /// <summary>The ten events that weigh most on the day.</summary>
    public required IReadOnlyList<TheatreDriver> Drivers { get; init; }

    /// <summary>Acts and threats before the one division by <see cref="Divisor"/>, as decimal strings.</summary>
    public required string Sum { get; init; }
    public required string Divisor { get; init; }
}

/// <summary>An event that drives a theatre: the member in whose ledger it counts, and the contribution there.</summary>
public sealed record TheatreDriver(string Actor, Driver Driver);

/// <summary>
/// A member's part. Levels are those of its highest pair as actor and as target; intensities count each event once. What is internal to
/// the member stands beside it and is no part of the theatre's sums.
/// </summary>
public sealed record TheatreMember(string Member, string Name, string Bound, int? LevelBy, int? LevelAgainst, int? LevelInternal, long By, long Against, long Internal);

/// <summary>What one member did to another: the figures of the dyad.</summary>
public sealed record TheatrePair(string From, string To, int? Level, string Bound, long Intensity, long Acts, long Threats, long Words, int Events, DeathToll Deaths);
