using System.Text.Json;
using System.Text.Json.Serialization;

namespace Timeline.Contracts;

/// <summary>What an event type adds to the envelope. Unknown fields are kept.</summary>
public abstract record EventData
{
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>An estimate with its bounds: low &lt;= best &lt;= high, persons.</summary>
public sealed record Deaths
{
    public int? Low { get; init; }
    public int? Best { get; init; }
    public int? High { get; init; }
}

/// <summary>Data of acts and threats that the methodology reads: deaths, and whether nuclear weapons are invoked or used.</summary>
public abstract record HostileData : EventData
{
    public Deaths? Deaths { get; init; }
    public bool? Nuclear { get; init; }
}

public sealed record StatementData : EventData { public string? Quote { get; init; } public string? Occasion { get; init; } }
public sealed record WarningData : HostileData { public string? Quote { get; init; } public string? Condition { get; init; } }
public sealed record AuthorisationData : EventData { public string? Weapon { get; init; } public string? Scope { get; init; } public string? Condition { get; init; } }

/// <summary>A weapon that was used. Version 1 gave <c>deaths</c> as one number; version 2 gives low, best, high.</summary>
public sealed record WeaponData : HostileData
{
    public string? Weapon { get; init; }
    public int? Count { get; init; }
    public Place? LaunchedFrom { get; init; }
    public Place? Hit { get; init; }
}

public sealed record ClashData : HostileData { public string? Forces { get; init; } }
public sealed record DeploymentData : HostileData { public int? Count { get; init; } public string? Unit { get; init; } public Place? Destination { get; init; } }
public sealed record ArmsData : EventData { public string? Weapon { get; init; } public int? Quantity { get; init; } public string? Unit { get; init; } }
public sealed record DoctrineData : HostileData { public string? Title { get; init; } }
public sealed record TreatyData : EventData { public string? Title { get; init; } public bool? MutualDefence { get; init; } }
public sealed record VoteData : EventData { public string? Body { get; init; } public string? Resolution { get; init; } public string? Vote { get; init; } }
public sealed record ProposalData : EventData { public string? Proposal { get; init; } public string? Forum { get; init; } }
public sealed record RejectionData : EventData { public string? Request { get; init; } public string? Quote { get; init; } }
public sealed record TalksData : EventData { public string? Topic { get; init; } public string? Forum { get; init; } }
public sealed record VisitData : EventData { public string? Occasion { get; init; } }
public sealed record TrainingData : EventData { public string? What { get; init; } public int? Trainees { get; init; } }
public sealed record ReportData : EventData { public string? Quote { get; init; } }
public sealed record DenialData : EventData { public string? Quote { get; init; } }
public sealed record AssessmentData : EventData { public string? Horizon { get; init; } }
public sealed record CommentDeclinedData : EventData { public string? Question { get; init; } }
public sealed record WarData : HostileData { public string? Title { get; init; } }

/// <summary>What a bulk feed says of one row beside the envelope: the feed's own row id and how many documents it counted.</summary>
public abstract record RowData : HostileData
{
    public required string Feed { get; init; }
    public required string Row { get; init; }
    public int? Sources { get; init; }
    public int? Articles { get; init; }
    public int? Mentions { get; init; }

    /// <summary>The feed's own base weight in per mille where its mapping sets one; else the methodology's.</summary>
    public int? Weight { get; init; }
}

public sealed record ObservedData : RowData;

/// <summary>The same content as an earlier row by the feed's rule for repeats. <see cref="Of"/> is the id of the group's first row.</summary>
public sealed record RepeatedData : RowData { public required string Of { get; init; } }

/// <summary>The feed's own row id met again with other content: the whole corrected row, in place of <see cref="Replaces"/>.</summary>
public sealed record RowCorrectedData : RowData { public required string Replaces { get; init; } }

/// <summary>The feed's own row id met again, unchanged.</summary>
public sealed record AlreadyKnownData : EventData { public required string Feed { get; init; } public required string Row { get; init; } public required string Of { get; init; } }

/// <summary>A row that could not be read: its 1-based line, the cause, and its first 4,096 characters.</summary>
public sealed record SetAsideData : EventData
{
    public required string Feed { get; init; }
    public required long Line { get; init; }
    public required string Cause { get; init; }
    public string? Raw { get; init; }
}

/// <summary>Declares that a feed is complete for the countries from <see cref="From"/> (included) to <see cref="To"/> (excluded).</summary>
public sealed record CoverageData : EventData
{
    public required string Feed { get; init; }

    /// <summary>ISO 3166-1 alpha-3 codes or organisation ids, or the one word <c>world</c>.</summary>
    public required IReadOnlyList<string> Countries { get; init; }

    /// <summary>A day, or an instant with offset for feeds that come in parts of a day.</summary>
    public required string From { get; init; }
    public required string To { get; init; }
    public string? File { get; init; }
}

public sealed record CorrectedData : EventData { public required string Replaces { get; init; } public required TimelineEvent Event { get; init; } public string? Reason { get; init; } }
public sealed record RetractedData : EventData { public required string Retracts { get; init; } public string? Reason { get; init; } }
public sealed record LinkedData : EventData { public required IReadOnlyList<string> Events { get; init; } public string? Reason { get; init; } }

/// <summary>Takes back one link: an <c>EventsLinked</c>, or the repeat that a feed row declared.</summary>
public sealed record UnlinkedData : EventData { public required string Link { get; init; } public string? Reason { get; init; } }

/// <summary>A methodology, whole: file name to text. <see cref="Hash"/> is the SHA-256 over the files in name order.</summary>
public sealed record MethodologyData : EventData { public required string Name { get; init; } public required string Hash { get; init; } public required IReadOnlyDictionary<string, string> Files { get; init; } }

public sealed record DayData : EventData { public required string Day { get; init; } }
