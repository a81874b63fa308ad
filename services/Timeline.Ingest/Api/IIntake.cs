using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Domain.Ports;
using Timeline.Hosting.Http;

namespace Timeline.Ingest.Api;

/// <summary>What the API needs of Ingest: the only way in.</summary>
internal interface IIntake
{
    /// <summary>Takes one event's JSON. Bad input is an outcome (<c>refused</c>, <c>conflict</c>), not an exception.</summary>
    Task<AppendOutcome> AppendAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct);

    /// <summary>Takes NDJSON: one outcome per line that is not blank, in order.</summary>
    IAsyncEnumerable<AppendOutcome> AppendLinesAsync(Stream ndjson, Caller by, CancellationToken ct);

    /// <summary>Defines the theatres of a file, all or none. Bad input is a list of errors, not an exception.</summary>
    Task<(TheatresDefined? Outcome, IReadOnlyList<FieldError> Errors)> DefineTheatresAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct);

    /// <summary>Records a methodology. Bad input is a list of errors, other files under a known name an outcome (<c>conflict</c>), not an exception.</summary>
    Task<(MethodologyOutcome? Outcome, IReadOnlyList<FieldError> Errors)> AddMethodologyAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct);

    /// <summary>Settles rows that were set aside. Bad input is a list of errors, not an exception.</summary>
    Task<(SettleOutcome? Outcome, IReadOnlyList<FieldError> Errors)> SettleAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct);

    /// <summary>Asks to try parked events again. Bad input is a list of errors, not an exception.</summary>
    Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> RedriveAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct);

    /// <summary>Gives parked events up. Bad input is a list of errors, not an exception.</summary>
    Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> DropAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct);

    /// <summary>Asks that parked events be given up; a second person has to confirm it. Bad input is a list of errors, not an exception.</summary>
    Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> AskDropAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct);

    /// <summary>Confirms it, as the second person. Bad input is a list of errors; throws <see cref="QueryRefusedException"/> where nothing was asked for, or the caller may not confirm it.</summary>
    Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> ConfirmDropAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct);

    /// <summary>
    /// Imports a file that lies on this machine; <paramref name="name"/> is what the giver calls it. Progress lines, then one with the outcome.
    /// Throws <see cref="IntakeRefusedException"/> for a file that is none of the feed's.
    /// </summary>
    IAsyncEnumerable<ImportProgress> ImportAsync(ImportSource source, string path, string name, string? covers, Caller by, CancellationToken ct);

    /// <summary>Takes a mapping's text. Throws <see cref="Ingest.Feeds.Mapping.MappingRefusedException"/> with all that is wrong with it.</summary>
    Task<MappingOutcome> AddMappingAsync(string text, Caller by, CancellationToken ct);
}

/// <summary>How a file is read: by a feed that Timeline brings along, or as <see cref="Csv"/> by a mapping that the log holds.</summary>
internal sealed record ImportSource(string Feed, string? Mapping = null)
{
    public const string Csv = "csv";

    public static readonly ImportSource Gdelt = new(Ingest.Feeds.Gdelt.Feed);

    /// <summary>All that a file can be imported as.</summary>
    public static readonly IReadOnlyList<string> All = [.. Ingest.Feeds.Mapping.FeedMappings.BuiltIn, Csv];
}

/// <summary>Imports of the feed that is imported most.</summary>
internal static class GdeltIntake
{
    public static IAsyncEnumerable<ImportProgress> ImportGdeltAsync(this IIntake intake, string path, string name, string? covers, Caller by, CancellationToken ct) =>
        intake.ImportAsync(ImportSource.Gdelt, path, name, covers, by, ct);
}

/// <summary>A file that can't be imported as it is. The message says what is wrong and where.</summary>
internal sealed class IntakeRefusedException(string? field, string message) : Exception(message)
{
    public string? Field { get; } = field;
}
