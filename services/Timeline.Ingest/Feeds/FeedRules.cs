using System.Text.Json;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Domain;
using Timeline.Domain.Ports;
using Timeline.Ingest.Feeds.Mapping;

namespace Timeline.Ingest.Feeds;

/// <summary>What a feed means by its rows and files.</summary>
/// <param name="LinksRepeats">Rows of one day, the same parties and code are one event. GDELT repeats these in 14 to 32% of its rows; UCDP gives like content under ids of its own on purpose.</param>
/// <param name="Releases">A later file replaces an earlier one of which it repeats rows, so that what it lacks is missing.</param>
/// <param name="Mapping">Hash of the mapping that makes the rows; null for a reader of its own.</param>
internal sealed record FeedRules(bool LinksRepeats, bool Releases, string? Mapping)
{
    public static readonly FeedRules OfGdelt = new(true, false, null);
}

/// <summary>The rules under which the log's rows were made, from the log alone.</summary>
internal sealed class RecordedRules(IEventLog log)
{
    private readonly Dictionary<string, FeedRules> known = new(StringComparer.Ordinal);

    /// <summary>Of a row by its feed and metadata.</summary>
    public ValueTask<FeedRules> OfAsync(string feed, ReadOnlyMemory<byte> metadata, CancellationToken ct)
    {
        if (feed == Gdelt.Feed)
        {
            return new(FeedRules.OfGdelt);
        }

        var hash = MappingOf(metadata) ?? throw new FormatException($"A row of {feed} does not say by which mapping it was made.");
        return known.TryGetValue(hash, out var rules) ? new(rules) : ReadAsync(hash, ct);
    }

    /// <summary>Hash of the mapping that made a row; null where the row names none.</summary>
    public static string? MappingOf(ReadOnlyMemory<byte> metadata) => JsonSerializer.Deserialize(metadata.Span, ContractsJson.Default.EventMetadata)?.Mapping;

    private async ValueTask<FeedRules> ReadAsync(string hash, CancellationToken ct)
    {
        var data = await MappingRecorder.FindAsync(log, hash, ct).ConfigureAwait(false)
            ?? throw new FormatException($"The log has rows that {EventNames.ForMapping(hash)} made, and no such mapping.");
        return known[hash] = MappingParser.RulesOf(data.Text);
    }
}
