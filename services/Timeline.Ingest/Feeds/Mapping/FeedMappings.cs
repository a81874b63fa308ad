using Timeline.Contracts;
using Timeline.Domain.Methodology;

namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>What a valid mapping says of itself.</summary>
public sealed record MappingSummary(string Feed, string Publisher, string Hash, int Columns);

/// <summary>Mappings as text: those that this program brings along, and the check of any other.</summary>
public static class FeedMappings
{
    /// <summary>
    /// Feeds with a mapping that comes with the program. That of GDELT says what its own, faster reader does, as far as a mapping reaches; a test holds the two
    /// to the same bytes.
    /// </summary>
    public static readonly IReadOnlyList<string> BuiltIn = FeedNames.BuiltIn;

    /// <summary>Text of a mapping that comes with the program; null for another name.</summary>
    public static string? TextOf(string feed)
    {
        if (!BuiltIn.Contains(feed, StringComparer.Ordinal))
        {
            return null;
        }

        var name = $"{feed}.mapping.jsonc";
        using var stream = typeof(FeedMappings).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The assembly lacks the resource {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Reads a mapping that somebody wrote. Throws <see cref="MappingRefusedException"/> with all that is wrong with it.</summary>
    public static MappingSummary Check(string text, MethodologyVersion methodology)
    {
        var own = BuiltIn.Any(f => TextOf(f) == text);
        var mapping = FeedMapping.Parse(text, methodology, own);
        return new MappingSummary(mapping.Feed, mapping.Publisher, mapping.Hash, mapping.Columns.Count);
    }

    internal static FeedMapping Of(string feed, MethodologyVersion methodology) =>
        FeedMapping.Parse(TextOf(feed) ?? throw new ArgumentException($"'{feed}' has no mapping of the program's own.", nameof(feed)), methodology, own: true);
}
