using System.Text.Json;

namespace Timeline.Contracts.Answers;

/// <summary>The clocks as a question was answered: resolved once, and echoed so that it can be asked again.</summary>
public sealed record KnownAt(long Ordinal, string Time);

public sealed record MethodologyRef(string Name, string Hash);

/// <summary>How far the read model is behind the log. Absent where the question itself named a moment.</summary>
public sealed record Lag(long Events);

/// <summary>Since when this log holds anything about the days that the answer covers.</summary>
public sealed record FirstHeld(long Ordinal, string Time);

/// <summary>Head of every answer about a subject.</summary>
public abstract record Reading
{
    /// <summary>The day in the world, <c>yyyy-MM-dd</c>.</summary>
    public required string AsOf { get; init; }
    public required KnownAt KnownAt { get; init; }

    /// <summary>Only what had been published by this day counts; null: whatever the log holds.</summary>
    public string? ReportedBy { get; init; }
    public required MethodologyRef Methodology { get; init; }
    public FirstHeld? FirstHeld { get; init; }
    public required string Cursor { get; init; }
    public Lag? Lag { get; init; }

    /// <summary>Ids of parked events that would have counted here.</summary>
    public required IReadOnlyList<string> Incomplete { get; init; }

    /// <summary>SHA-256, lower-case hex, over the canonical answer with this field empty and lag null.</summary>
    public string Digest { get; init; } = "";
}

public sealed record CountryReading : Reading
{
    /// <summary>ISO 3166-1 alpha-3, or the id of a registered organisation.</summary>
    public required string Country { get; init; }
    public required string Name { get; init; }
    public Escalation? Escalation { get; init; }
    public IReadOnlyList<IssueStance>? Stance { get; init; }

    /// <summary>Stance toward other subjects, the strongest first.</summary>
    public IReadOnlyList<TowardStance>? Toward { get; init; }
}

/// <summary>Bounds of a level: how to read it where coverage is not full.</summary>
public static class Bounds
{
    public const string Exact = "exact";
    public const string AtLeast = "at-least";
    public const string Unknown = "unknown";
}

public sealed record Escalation
{
    /// <summary>0 calm, 1 tension, 2 threats, 3 display of force, 4 use of force, 5 war; null: unknown.</summary>
    public int? Level { get; init; }

    /// <summary>One of <see cref="Bounds"/>.</summary>
    public required string Bound { get; init; }
    public required string Name { get; init; }

    /// <summary>By, against and internal together: Goldstein tenths x weight per mille x severity, decayed; acts and threats.</summary>
    public required long Intensity { get; init; }

    /// <summary>Undecayed conflict of the last 7 days minus that of the 7 before.</summary>
    public required long Trend { get; init; }

    /// <summary>0 to 1000, 500 is as usual for this subject; null without full coverage of the 390 days.</summary>
    public int? Unusual { get; init; }
    public required Side By { get; init; }
    public required Side Against { get; init; }
    public required Side Internal { get; init; }
    public required Nuclear Nuclear { get; init; }

    /// <summary>Deaths of the 30 days.</summary>
    public required DeathToll Deaths { get; init; }
    public required Coverage Coverage { get; init; }
    public required Uncounted Uncounted { get; init; }

    /// <summary>The ten contributions that weigh most on the day.</summary>
    public required IReadOnlyList<Driver> Drivers { get; init; }
}

/// <summary>One side of a subject's conflict. Level null: unknown.</summary>
public sealed record Side(int? Level, long Intensity, long Acts, long Threats, long Words);

public sealed record Nuclear(bool By, bool Against);

public sealed record DeathToll(long Low, long Best, long High);

/// <summary>How many of the 30 days are covered by declared feeds.</summary>
public sealed record Coverage(int Covered, int Days, bool Full);

/// <summary>Events whose date is too coarse to count on a day, and that could have touched the answer.</summary>
public sealed record Uncounted(int Events, long Deaths, int HighestHostility);

/// <summary>A contribution as it stands on the day. <c>Conflict</c> = -g x weight x severity; <c>Decayed</c> = conflict x decay / 2^20.</summary>
public sealed record Driver
{
    public required string Event { get; init; }
    public required long Ordinal { get; init; }
    public required string Day { get; init; }

    /// <summary><c>by</c>, <c>against</c> or <c>internal</c>.</summary>
    public required string Side { get; init; }

    /// <summary>The other parties.</summary>
    public required IReadOnlyList<string> With { get; init; }

    /// <summary>Ten times the Goldstein value, -100 to 100.</summary>
    public required int G { get; init; }

    /// <summary>0 to 5.</summary>
    public required int Hostility { get; init; }
    public required int Severity { get; init; }

    /// <summary>Per mille.</summary>
    public required int Weight { get; init; }
    public required long Conflict { get; init; }
    public required long Decayed { get; init; }

    /// <summary>Conflict x decay before the one division: the parts of a sum add up exactly in this unit.</summary>
    public required string Raw { get; init; }
    public bool Nuclear { get; init; }
    public bool MachineCoded { get; init; }
}

/// <summary>Where a subject stands on an issue.</summary>
public sealed record IssueStance
{
    public required string Issue { get; init; }

    /// <summary>-2 opposes to 2 supports.</summary>
    public required int Position { get; init; }

    /// <summary>supports, leans for, open, leans against, opposes.</summary>
    public required string Name { get; init; }
    public required string Since { get; init; }
    public int? Before { get; init; }

    /// <summary>Both signs within the last 90 days.</summary>
    public required bool Ambiguous { get; init; }

    /// <summary>Events that report otherwise, deny or doubt it.</summary>
    public required IReadOnlyList<string> ContestedBy { get; init; }

    /// <summary>The event that decides.</summary>
    public required string Event { get; init; }

    /// <summary><c>own-words</c> or <c>report</c>.</summary>
    public required string Basis { get; init; }
    public required bool Dated { get; init; }
}

/// <summary>Toward another subject: tenths, -100 hostile to 100 cooperative, and the number of events behind it.</summary>
public sealed record TowardStance(string Other, int Score, int Events, long Cooperation, long Conflict, long Weight);

public sealed record DyadReading : Reading
{
    public required string A { get; init; }
    public required string B { get; init; }

    /// <summary>What A did to B.</summary>
    public required DirectedPair AtoB { get; init; }
    public required DirectedPair BtoA { get; init; }
}

/// <summary>A directed pair on the day.</summary>
public sealed record DirectedPair(int? Level, string Bound, long Acts, long Threats, long Words, int Events, DeathToll Deaths, int Toward);

/// <summary>One line of the overview.</summary>
public sealed record CountryLine(
    string Country, string Name, int? Level, string Bound, string LevelName, long Intensity, long By, long Against, long Trend,
    bool NuclearBy, bool NuclearAgainst, IReadOnlyList<IssueStance> Stance);

public sealed record CountriesReading : Reading
{
    public required IReadOnlyList<CountryLine> Countries { get; init; }
    public string? Next { get; init; }
}

/// <summary>A score taken apart: the sums, and the entries of the window in order of weight.</summary>
public sealed record ExplainReading : Reading
{
    public required string Country { get; init; }
    public required Escalation Escalation { get; init; }

    /// <summary>The undivided sums, as decimal strings; each side's acts + threats add up to what the entries below give.</summary>
    public required ExplainSums Sums { get; init; }
    public required IReadOnlyList<Driver> Entries { get; init; }

    /// <summary>All entries of the 300 days, of which <see cref="Entries"/> is a page.</summary>
    public required int Total { get; init; }
    public string? Next { get; init; }
}

public sealed record ExplainSums(string By, string Against, string Internal, string Divisor);

/// <summary>An event as the timeline shows it: what was given, where it stands, and what later events say of it.</summary>
public sealed record EventView
{
    public required string Id { get; init; }
    public required long Ordinal { get; init; }
    public required string RecordedAt { get; init; }
    public required string Stream { get; init; }
    public required long Revision { get; init; }

    /// <summary>The stored bytes, as JSON.</summary>
    public required JsonElement Event { get; init; }

    /// <summary>Events in the log that correct, retract, link, contest or otherwise name it, as far as the read model has come.</summary>
    public IReadOnlyList<EventMention> NamedBy { get; init; } = [];

    /// <summary>Who gave it, as far as the service knew.</summary>
    public string? By { get; init; }

    /// <summary>Whether a token proved who gave it; null where nobody is named, and for events from before there were tokens.</summary>
    public bool? Verified { get; init; }

    /// <summary>The second person, where one was needed.</summary>
    public string? ConfirmedBy { get; init; }

    /// <summary>Id of the event that asked for it, where it needed a second person.</summary>
    public string? Asked { get; init; }
}

public sealed record EventMention(string Event, string As, long Ordinal);

/// <summary>Events that name a subject, the latest day first.</summary>
public sealed record EventsReading : Reading
{
    public required string Country { get; init; }
    public required IReadOnlyList<EventLine> Events { get; init; }
    public string? Next { get; init; }
}

/// <summary>Day is null for an event without a day of its own. Withdrawn: it was retracted, or another version speaks in its place.</summary>
public sealed record EventLine(string Event, long Ordinal, string? Day, string Reported, string Type, string? Summary, IReadOnlyList<string> Sides, int Hostility, int Weight, bool Withdrawn);

/// <summary>
/// One projection's partition. Through: everything up to this ordinal is in the answers. Lag: events of the log that are not, and how many seconds the oldest of them has been there.
/// Owner: the process that folds it, null where none tells of itself. Waits: why it does not go on, null while it does. Next: the command to run, null where there is nothing to do.
/// </summary>
public sealed record PartitionStatus(
    string Projection, int Partition, long Through, long Lag, long LagSeconds, long Entries, int Parked, long GapsHealed, string? Owner, string? LastCommit, string? Waits, string? Next);

public sealed record Status
{
    public required string LogId { get; init; }
    public required long Events { get; init; }
    public required string? Today { get; init; }
    public required MethodologyRef Methodology { get; init; }
    public required string Generation { get; init; }
    public required long Epoch { get; init; }
    public required long Lag { get; init; }
    public required IReadOnlyList<PartitionStatus> Partitions { get; init; }
}


public sealed record DigestLine(string Subject, string Projection, string State, string History);

public sealed record DigestsReading(long Ordinal, IReadOnlyList<DigestLine> Digests);
