namespace Timeline.Contracts;

/// <summary>The feeds that Timeline knows by name; every other one comes with a mapping of its own.</summary>
public static class FeedNames
{
    public const string Gdelt = "gdelt";
    public const string Icews = "icews";
    public const string Ucdp = "ucdp";

    public static readonly IReadOnlyList<string> BuiltIn = [Gdelt, Icews, Ucdp];

    /// <summary>What follows <c>timeline import</c> for a feed, before the file.</summary>
    public static string ImportArguments(string feed) => BuiltIn.Contains(feed, StringComparer.Ordinal) ? feed : "csv --map MAPPING";
}
