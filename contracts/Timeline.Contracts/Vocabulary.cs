namespace Timeline.Contracts;

/// <summary>How the source puts the claim. The others than the first two stay on the timeline and move no score.</summary>
public static class Modalities
{
    public const string Asserted = "asserted";
    public const string Reported = "reported";
    public const string Denied = "denied";
    public const string Doubted = "doubted";
    public const string Proposed = "proposed";
    public const string Conditional = "conditional";
    public const string Forecast = "forecast";
    public const string Negated = "negated";

    public static readonly IReadOnlyList<string> All = [Asserted, Reported, Denied, Doubted, Proposed, Conditional, Forecast, Negated];
}

public static class Precisions
{
    public const string Instant = "instant";
    public const string Day = "day";
    public const string Month = "month";
    public const string Year = "year";
    public const string Interval = "interval";
    public const string Unknown = "unknown";

    public static readonly IReadOnlyList<string> All = [Instant, Day, Month, Year, Interval, Unknown];
}

public static class PartyKinds
{
    public const string Country = "country";
    public const string Organisation = "organisation";
    public const string ArmedGroup = "armed-group";
    public const string Other = "other";

    public static readonly IReadOnlyList<string> All = [Country, Organisation, ArmedGroup, Other];
}

/// <summary>From the highest down: among positions of one week the higher office speaks for the state.</summary>
public static class Offices
{
    public const string Head = "head-of-state-or-government";
    public const string Minister = "minister";
    public const string Official = "official";
    public const string Spokesperson = "spokesperson";

    public static readonly IReadOnlyList<string> All = [Head, Minister, Official, Spokesperson];
}

/// <summary>Who coded a row of a feed. Rows that people coded count as graded events do; those of a machine move a level only together.</summary>
public static class Coders
{
    public const string Machine = "machine";
    public const string Human = "human";

    public static readonly IReadOnlyList<string> All = [Machine, Human];
}

public static class RelationTypes
{
    public const string Supports = "supports";
    public const string Contests = "contests";
    public const string Contradicts = "contradicts";
    public const string RespondsTo = "responds-to";
    public const string Enables = "enables";
    public const string PartOf = "part-of";
    public const string Replaces = "replaces";

    public static readonly IReadOnlyList<string> All = [Supports, Contests, Contradicts, RespondsTo, Enables, PartOf, Replaces];
}
