using System.Globalization;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Domain.Access;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Ingest.Recording;
using Timeline.Ingest.Validation;

namespace Timeline.Ingest.Feeds;

/// <summary>Says in the log what a file covers, once the file is there whole: an event like any that is given, under the same rules.</summary>
internal sealed class CoverageRecorder(IEventLog log, MethodologyVersion methodology, TimeProvider clock, IFeedReader reader)
{
    private const string AnyFile = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Throws <see cref="ImportRefusedException"/> for a claim that could not be recorded later.</summary>
    public void Check(CoverageClaim claim, string fileName)
    {
        var today = Stamp.Today(clock);
        if (EventValidator.Validate(Event(claim, AnyFile, today), methodology, today) is ValidationResult.Refused refused)
        {
            throw new ImportRefusedException($"{fileName}: the coverage can't be declared: {string.Join("; ", refused.Errors.Select(e => $"{e.Field} {e.Message}"))}.");
        }
    }

    /// <summary>
    /// Appends the declaration; the same one about the same file is there once. It counts as published with the feed's latest row of
    /// the file, or when the time it covers was over, whichever is later: not before could anybody have known it.
    /// </summary>
    public async Task RecordAsync(CoverageClaim claim, string sha256, DateOnly? lastPublished, Caller? by, CancellationToken ct)
    {
        var today = Stamp.Today(clock);
        var lastCovered = LastDay(claim);
        var published = lastPublished is { } rows && rows > lastCovered ? rows : lastCovered;
        var outcome = await new Recorder(log, methodology, clock)
            .RecordAsync(Event(claim, sha256, published > today ? today : published), by, ct).ConfigureAwait(false);
        if (outcome.Status == Recorder.Refused)
        {
            throw new InvalidOperationException($"The coverage of {sha256} was refused: {string.Join("; ", outcome.Errors!.Select(e => $"{e.Field} {e.Message}"))}.");
        }
    }

    private static DateOnly LastDay(CoverageClaim claim) =>
        Days.TryDay(claim.To, out var day) ? day.AddDays(-1)
        : Days.TryInstant(claim.To, out var instant) ? DateOnly.FromDateTime(instant.UtcDateTime.AddTicks(-1))
        : throw new FormatException($"'{claim.To}' is neither a day nor an instant.");

    private byte[] Event(CoverageClaim claim, string sha256, DateOnly published) => EventCodec.Encode(new TimelineEvent
    {
        Id = $"coverage-{sha256}-{claim.ShortHash()}",
        Type = EventTypes.CoverageDeclared,
        Version = EventTypes.CurrentVersion(EventTypes.CoverageDeclared),
        Source = new Source { Publisher = reader.Publisher, Published = published.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) },
        Data = EventCodec.Pack(
            new CoverageData { Feed = reader.Feed, Countries = claim.Countries, From = claim.From, To = claim.To, File = $"{reader.Feed}-{sha256}" },
            ContractsJson.Default.CoverageData),
    });
}
