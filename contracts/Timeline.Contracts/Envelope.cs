using System.Text.Json;
using System.Text.Json.Serialization;

namespace Timeline.Contracts;

/// <summary>
/// One claim about the world, or one fact about the ledger itself, as it is stored: immutable, in canonical JSON.
/// A claim is not an event: <see cref="Source"/> and <see cref="Modality"/> say on whose word it stands.
/// </summary>
/// <remarks>
/// The generated reader sets every init-only property, an absent one to its type's default, so ours are restored where they are read.
/// It can't bind extension data to an init-only property at all: hence the setters of <c>Unknown</c>.
/// </remarks>
public sealed record TimelineEvent
{
    /// <summary>The giver's id, 1 to 128 characters of <c>[a-z0-9._-]</c>. Absent in the bytes of feed rows, whose id is their stream and revision.</summary>
    public string? Id { get; init; }

    /// <summary>What kind of claim or fact. One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Version of the type's <see cref="Data"/>, from 1, which is also what an event without it means.</summary>
    [JsonIgnore]
    public int Version { get => GivenVersion ?? 1; init => GivenVersion = value; }

    /// <summary>What happened, in one sentence, for people.</summary>
    public string? Summary { get; init; }

    /// <summary>When it happened; absent where the claim is about no time at all.</summary>
    public Occurred? Occurred { get; init; }

    /// <summary>Who acts, speaks or holds. Empty where the event gives none.</summary>
    [JsonIgnore]
    public IReadOnlyList<Party> Actors { get => GivenActors ?? []; init => GivenActors = value; }

    /// <summary>Everybody else: whom it is against or for, and those who are only named. Empty where the event gives none.</summary>
    [JsonIgnore]
    public IReadOnlyList<Party> Targets { get => GivenTargets ?? []; init => GivenTargets = value; }

    /// <summary>Slug of the question that <see cref="Position"/> answers, such as <c>troops-to-ukraine</c>.</summary>
    public string? Issue { get; init; }

    /// <summary>-2 opposes, -1 leans against, 0 open or ambiguous, 1 leans for, 2 supports.</summary>
    public int? Position { get; init; }

    /// <summary>Further slugs to find the event by; they carry no position.</summary>
    public IReadOnlyList<string>? Topics { get; init; }

    /// <summary>Where it happened.</summary>
    public Place? Place { get; init; }

    /// <summary>On whose word, and since when it is public. Required for everything that people give; the ledger's own events (a day's turn, a methodology) have none.</summary>
    public Source? Source { get; init; }

    /// <summary>How the source puts it. One of <see cref="Modalities"/>. Only asserted and reported events move scores.</summary>
    public string? Modality { get; init; }

    /// <summary>What this event says about others.</summary>
    public IReadOnlyList<Relation>? Relations { get; init; }

    /// <summary>Codes of other schemes, given with the event.</summary>
    public Coding? Coding { get; init; }

    /// <summary>What the type adds; decoded by <see cref="EventCodec"/> after upcasting.</summary>
    [JsonConverter(typeof(Json.RawJsonConverter))]
    public Json.RawJson Data { get; init; }

    /// <summary>Fields that this version does not know; kept to the letter.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    // What was given, so that writing an event down again gives its bytes: an absent version is no 1, an absent list no empty one.
    [JsonInclude]
    [JsonPropertyName("version")]
    internal int? GivenVersion { get; init; }

    [JsonInclude]
    [JsonPropertyName("actors")]
    internal IReadOnlyList<Party>? GivenActors { get; init; }

    [JsonInclude]
    [JsonPropertyName("targets")]
    internal IReadOnlyList<Party>? GivenTargets { get; init; }
}

/// <summary>
/// When it happened, never when it was reported. <see cref="Start"/> is an ISO 8601 instant with offset (<c>instant</c>),
/// a day <c>2024-11-19</c> (<c>day</c>, <c>interval</c>), a month <c>2024-10</c> (<c>month</c>) or a year <c>2022</c> (<c>year</c>).
/// </summary>
public sealed record Occurred
{
    /// <summary>The first day or instant, or the month or year, in the form that the precision asks for; absent for <c>unknown</c>.</summary>
    public string? Start { get; init; }

    /// <summary>Last day or instant, included; for <c>interval</c> and, where known, <c>instant</c>.</summary>
    public string? End { get; init; }

    /// <summary>How exact it is. One of <see cref="Precisions"/>; an <c>interval</c> of more than 31 days counts on no day.</summary>
    public required string Precision { get; init; }

    /// <summary>The date in the source's own words.</summary>
    public string? Stated { get; init; }

    /// <summary>The other source that gives the date, where this one does not.</summary>
    public Citation? ResolvedBy { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Another document.</summary>
public sealed record Citation
{
    /// <summary>Title, author or publisher, and day: enough to find it again.</summary>
    public required string Title { get; init; }

    /// <summary>Its address, http or https.</summary>
    public string? Url { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Somebody in an event: a country or registered organisation by <see cref="Id"/>, anybody else by <see cref="Name"/>.</summary>
public sealed record Party
{
    /// <summary>ISO 3166-1 alpha-3, or the id of a registered organisation such as <c>NATO</c>.</summary>
    public string? Id { get; init; }

    /// <summary>In words: of a party without an id, or as the source has it.</summary>
    public string? Name { get; init; }

    /// <summary>One of <see cref="PartyKinds"/>; derived where absent: country or organisation from the id, else <c>other</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>One of the roles of the methodology's <c>roles.tsv</c>.</summary>
    public required string Role { get; init; }

    /// <summary>For a party without an id: the country it belongs to or acts inside, ISO 3166-1 alpha-3.</summary>
    public string? Country { get; init; }

    /// <summary>Who speaks or acts for the party, by name.</summary>
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

/// <summary>Where. A coordinate has both numbers or none.</summary>
public sealed record Place
{
    /// <summary>The place in words.</summary>
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
    /// <summary>Who made it public: newspaper, office, data set.</summary>
    public required string Publisher { get; init; }

    /// <summary>Title of the report.</summary>
    public string? Title { get; init; }

    /// <summary>Its address, http or https.</summary>
    public string? Url { get; init; }

    /// <summary>The day it became public, <c>yyyy-MM-dd</c>: the clock of <c>reportedBy</c>.</summary>
    public required string Published { get; init; }

    /// <summary>Attribution chain from the publisher back to who is said to know, nearest first.</summary>
    public IReadOnlyList<string>? Via { get; init; }

    /// <summary>Further documents that carry the same claim, such as the article that collects it.</summary>
    public IReadOnlyList<Citation>? Also { get; init; }

    /// <summary>Of the source: A completely reliable to E unreliable; F, like an absent grade: cannot be judged.</summary>
    public string? Reliability { get; init; }

    /// <summary>Of the information: 1 confirmed to 5 improbable; 6, like an absent grade: cannot be judged.</summary>
    public int? Credibility { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A directed statement about another event: this one supports, contests, ... <see cref="Event"/>.</summary>
public sealed record Relation
{
    /// <summary>What this event does to the other. One of <see cref="RelationTypes"/>.</summary>
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

    /// <summary>One of <see cref="Coders"/>: who coded the row of a feed; absent: a machine. Elsewhere it says nothing.</summary>
    public string? By { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}
