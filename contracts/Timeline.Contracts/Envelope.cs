using System.Text.Json;
using System.Text.Json.Serialization;

namespace Timeline.Contracts;

/// <summary>
/// One claim about the world, or one fact about the ledger itself, as it is stored: immutable, in canonical JSON.
/// A claim is not an event: <see cref="Source"/> and <see cref="Modality"/> say on whose word it stands.
/// </summary>
/// <remarks>
/// The generated reader sets every init-only property, an absent one to its type's default: hence the accessors that restore ours.
/// It can't bind extension data to an init-only property at all: hence the setters of <c>Unknown</c>.
/// </remarks>
public sealed record TimelineEvent
{
    /// <summary>The giver's id, 1 to 128 characters of <c>[a-z0-9._-]</c>. Absent in the bytes of feed rows, whose id is their stream and revision.</summary>
    public string? Id { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Version of the type's <see cref="Data"/>, from 1; 1 where it is absent.</summary>
    public int Version { get; init => field = value == 0 ? 1 : value; } = 1;

    /// <summary>What happened, in one sentence, for people.</summary>
    public string? Summary { get; init; }

    public Occurred? Occurred { get; init; }

    public IReadOnlyList<Party> Actors { get; init => field = value ?? []; } = [];

    public IReadOnlyList<Party> Targets { get; init => field = value ?? []; } = [];

    /// <summary>Slug of the question that <see cref="Position"/> answers, such as <c>troops-to-ukraine</c>.</summary>
    public string? Issue { get; init; }

    /// <summary>-2 opposes, -1 leans against, 0 open or ambiguous, 1 leans for, 2 supports.</summary>
    public int? Position { get; init; }

    /// <summary>Further slugs to find the event by; they carry no position.</summary>
    public IReadOnlyList<string>? Topics { get; init; }

    public Place? Place { get; init; }

    /// <summary>Required for everything that people give; the ledger's own events (a day's turn, a methodology) have none.</summary>
    public Source? Source { get; init; }

    /// <summary>One of <see cref="Modalities"/>. Only asserted and reported events move scores.</summary>
    public string? Modality { get; init; }

    public IReadOnlyList<Relation>? Relations { get; init; }

    public Coding? Coding { get; init; }

    /// <summary>What the type adds; decoded by <see cref="EventCodec"/> after upcasting.</summary>
    [JsonConverter(typeof(Json.RawJsonConverter))]
    public Json.RawJson Data { get; init; }

    /// <summary>Fields that this version does not know; kept to the letter.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>
/// When it happened, never when it was reported. <see cref="Start"/> is an ISO 8601 instant with offset (<c>instant</c>),
/// a day <c>2024-11-19</c> (<c>day</c>, <c>interval</c>), a month <c>2024-10</c> (<c>month</c>) or a year <c>2022</c> (<c>year</c>).
/// </summary>
public sealed record Occurred
{
    public string? Start { get; init; }

    /// <summary>Last day or instant, included; for <c>interval</c> and, where known, <c>instant</c>.</summary>
    public string? End { get; init; }

    /// <summary>One of <see cref="Precisions"/>.</summary>
    public required string Precision { get; init; }

    /// <summary>The date in the source's own words.</summary>
    public string? Stated { get; init; }

    /// <summary>The other source that gives the date, where this one does not.</summary>
    public Citation? ResolvedBy { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

public sealed record Citation
{
    public required string Title { get; init; }
    public string? Url { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Somebody in an event: a country or registered organisation by <see cref="Id"/>, anybody else by <see cref="Name"/>.</summary>
public sealed record Party
{
    /// <summary>ISO 3166-1 alpha-3, or the id of a registered organisation such as <c>NATO</c>.</summary>
    public string? Id { get; init; }

    public string? Name { get; init; }

    /// <summary>One of <see cref="PartyKinds"/>; derived where absent: country or organisation from the id, else <c>other</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>One of the roles of the methodology's <c>roles.tsv</c>.</summary>
    public required string Role { get; init; }

    /// <summary>For a party without an id: the country it belongs to or acts inside, ISO 3166-1 alpha-3.</summary>
    public string? Country { get; init; }

    public string? Person { get; init; }

    /// <summary>One of <see cref="Offices"/>: how high the person speaks.</summary>
    public string? Office { get; init; }

    /// <summary>The office in words, such as <c>Foreign Secretary</c>.</summary>
    public string? Title { get; init; }

    /// <summary>The feed's own actor code.</summary>
    public string? Code { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

public sealed record Place
{
    public string? Name { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    public string? Country { get; init; }

    /// <summary>Degrees north, -90 to 90.</summary>
    public decimal? Latitude { get; init; }

    /// <summary>Degrees east, -180 to 180.</summary>
    public decimal? Longitude { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>On whose word. The two grades are two judgements (NATO Admiralty code); F and 6 mean that it cannot be judged.</summary>
public sealed record Source
{
    public required string Publisher { get; init; }
    public string? Title { get; init; }
    public string? Url { get; init; }

    /// <summary>The day it became public, <c>yyyy-MM-dd</c>: the clock of <c>reportedBy</c>.</summary>
    public required string Published { get; init; }

    /// <summary>Attribution chain from the publisher back to who is said to know, nearest first.</summary>
    public IReadOnlyList<string>? Via { get; init; }

    /// <summary>Further documents that carry the same claim, such as the article that collects it.</summary>
    public IReadOnlyList<Citation>? Also { get; init; }

    /// <summary>A to F.</summary>
    public string? Reliability { get; init; }

    /// <summary>1 to 6.</summary>
    public int? Credibility { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A directed statement about another event: this one supports, contests, ... <see cref="Event"/>.</summary>
public sealed record Relation
{
    /// <summary>One of <see cref="RelationTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Id of the other event; it may come later in the log.</summary>
    public required string Event { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Codes given with the event. Codes are strings: "010" is not "10".</summary>
public sealed record Coding
{
    /// <summary>CAMEO event code, 2 to 4 digits.</summary>
    public string? Cameo { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}
