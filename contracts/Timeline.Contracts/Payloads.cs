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
    /// <summary>Persons, at least.</summary>
    public int? Low { get; init; }

    /// <summary>Persons, best estimate: the one that severity reads.</summary>
    public int? Best { get; init; }

    /// <summary>Persons, at most.</summary>
    public int? High { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Data of acts and threats that the methodology reads: deaths, and whether nuclear weapons are invoked or used.</summary>
public abstract record HostileData : EventData
{
    /// <summary>Deaths that the act caused.</summary>
    public Deaths? Deaths { get; init; }

    /// <summary>Whether nuclear weapons are threatened, invoked or used.</summary>
    public bool? Nuclear { get; init; }
}

/// <summary>Somebody speaks.</summary>
public sealed record StatementData : EventData
{
    /// <summary>The decisive words, as spoken or in translation.</summary>
    public string? Quote { get; init; }

    /// <summary>Where or on what occasion it was said.</summary>
    public string? Occasion { get; init; }
}

/// <summary>A threat.</summary>
public sealed record WarningData : HostileData
{
    /// <summary>The decisive words, as spoken or in translation.</summary>
    public string? Quote { get; init; }

    /// <summary>What would have to happen, or to stop.</summary>
    public string? Condition { get; init; }
}

/// <summary>A permission to use weapons.</summary>
public sealed record AuthorisationData : EventData
{
    /// <summary>Which weapons.</summary>
    public string? Weapon { get; init; }

    /// <summary>Against what or how far.</summary>
    public string? Scope { get; init; }

    /// <summary>On what condition.</summary>
    public string? Condition { get; init; }
}

/// <summary>A weapon that was used. Version 1 gave <c>deaths</c> as one number; version 2 gives low, best, high.</summary>
public sealed record WeaponData : HostileData
{
    /// <summary>Which weapon.</summary>
    public string? Weapon { get; init; }

    /// <summary>How many were launched or used, pieces.</summary>
    public int? Count { get; init; }

    /// <summary>Where from.</summary>
    public Place? LaunchedFrom { get; init; }

    /// <summary>Where it hit, or was aimed.</summary>
    public Place? Hit { get; init; }
}

/// <summary>A fight between forces.</summary>
public sealed record ClashData : HostileData
{
    /// <summary>Which forces, in words.</summary>
    public string? Forces { get; init; }
}

/// <summary>Forces that were sent, massed or moved.</summary>
public sealed record DeploymentData : HostileData
{
    /// <summary>How many, persons.</summary>
    public int? Count { get; init; }

    /// <summary>Which formation.</summary>
    public string? Unit { get; init; }

    /// <summary>Where to.</summary>
    public Place? Destination { get; init; }
}

/// <summary>Weapons that changed hands.</summary>
public sealed record ArmsData : EventData
{
    /// <summary>What was handed over.</summary>
    public string? Weapon { get; init; }

    /// <summary>How much, in the unit beside it.</summary>
    public int? Quantity { get; init; }

    /// <summary>What the quantity counts: pieces, rounds, batteries.</summary>
    public string? Unit { get; init; }
}

/// <summary>A doctrine on the use of force.</summary>
public sealed record DoctrineData : HostileData
{
    /// <summary>Name of the document.</summary>
    public string? Title { get; init; }
}

/// <summary>A treaty or agreement.</summary>
public sealed record TreatyData : EventData
{
    /// <summary>Name of the treaty.</summary>
    public string? Title { get; init; }

    /// <summary>Whether the parties promise each other help against attack.</summary>
    public bool? MutualDefence { get; init; }
}

/// <summary>A vote in a body.</summary>
public sealed record VoteData : EventData
{
    /// <summary>The body that voted.</summary>
    public string? Body { get; init; }

    /// <summary>What was voted on.</summary>
    public string? Resolution { get; init; }

    /// <summary>How: yes, no, abstain, absent.</summary>
    public string? Vote { get; init; }
}

/// <summary>Something proposed.</summary>
public sealed record ProposalData : EventData
{
    /// <summary>What is proposed.</summary>
    public string? Proposal { get; init; }

    /// <summary>Where it was raised.</summary>
    public string? Forum { get; init; }
}

/// <summary>A request that was refused.</summary>
public sealed record RejectionData : EventData
{
    /// <summary>What was asked for.</summary>
    public string? Request { get; init; }

    /// <summary>The decisive words, as spoken or in translation.</summary>
    public string? Quote { get; init; }
}

/// <summary>A meeting at which parties negotiate.</summary>
public sealed record TalksData : EventData
{
    /// <summary>What about.</summary>
    public string? Topic { get; init; }

    /// <summary>The format, or the meeting.</summary>
    public string? Forum { get; init; }
}

/// <summary>An official visit.</summary>
public sealed record VisitData : EventData
{
    /// <summary>On what occasion.</summary>
    public string? Occasion { get; init; }
}

/// <summary>Forces trained by another party.</summary>
public sealed record TrainingData : EventData
{
    /// <summary>What they are trained in.</summary>
    public string? What { get; init; }

    /// <summary>How many, persons.</summary>
    public int? Trainees { get; init; }
}

/// <summary>A report about others.</summary>
public sealed record ReportData : EventData
{
    /// <summary>The decisive words, as spoken or in translation.</summary>
    public string? Quote { get; init; }
}

/// <summary>A denial. What is denied is named by a relation.</summary>
public sealed record DenialData : EventData
{
    /// <summary>The decisive words, as spoken or in translation.</summary>
    public string? Quote { get; init; }
}

/// <summary>An opinion on how things stand or will go.</summary>
public sealed record AssessmentData : EventData
{
    /// <summary>How far ahead it looks.</summary>
    public string? Horizon { get; init; }
}

/// <summary>A question that got no answer.</summary>
public sealed record CommentDeclinedData : EventData
{
    /// <summary>What was asked.</summary>
    public string? Question { get; init; }
}

/// <summary>A declaration of war.</summary>
public sealed record WarData : HostileData
{
    /// <summary>Name of the declaration.</summary>
    public string? Title { get; init; }
}
