using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Contracts.Json;
using Timeline.Domain;
using Timeline.Domain.Access;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Theatres;
using Timeline.Ingest.Recording;

namespace Timeline.Ingest.Theatres;

/// <summary>
/// Records definitions of theatres: all of a file or none. What is in force already is not written again. A crash between append and answer
/// loses the answer alone: define them again.
/// </summary>
public sealed class TheatreRecorder(IEventLog log, MethodologyVersion methodology, TimeProvider clock)
{
    /// <summary>The words of <see cref="TheatreOutcome.Status"/>.</summary>
    public const string Defined = "defined", Redefined = "redefined", Closed = "closed", Already = "already";

    private const int Attempts = 10;
    private readonly TheatreDefinitions definitions = new(log);

    /// <summary>
    /// Defines the theatres of a file. <paramref name="by"/>: who defines, as far as the service knows. Errors leave the log as it was. Throws
    /// <see cref="LogUnavailableException"/> where others define without pause.
    /// </summary>
    public async Task<(TheatresDefined? Outcome, IReadOnlyList<FieldError> Errors)> DefineAsync(ReadOnlyMemory<byte> utf8, Caller? by, CancellationToken ct)
    {
        var file = TheatreFile.Read(utf8, methodology);
        for (var attempt = 0; file.Errors.Count == 0 && attempt < Attempts; attempt++)
        {
            var before = await definitions.ReadAsync(ct).ConfigureAwait(false);
            if (ClosesNothing(file.Theatres, before) is { Count: > 0 } errors)
            {
                return (null, errors);
            }

            var missing = file.Theatres.Where(t => InForce(before, t.Theatre)?.Says(t) != true).ToList();
            if (missing.Count == 0 || await AppendAsync(missing, before.Count, by, ct).ConfigureAwait(false))
            {
                var after = await definitions.ReadAsync(ct).ConfigureAwait(false);
                return (new TheatresDefined([.. file.Theatres.Select(t => OutcomeOf(t, missing, before, after))]), []);
            }
        }

        return file.Errors.Count > 0 ? (null, file.Errors) : throw new LogUnavailableException("Others define theatres at this moment: define these again.");
    }

    // Between reading and appending another may have defined: then the stream is longer than expected, and everything is looked at again.
    private async Task<bool> AppendAsync(List<TheatreData> theatres, int count, Caller? by, CancellationToken ct)
    {
        var stamp = Stamp.Of(clock, by);
        var events = theatres.ConvertAll(t => new NewEvent(EventTypes.TheatreDefined, EventCodec.Encode(new TimelineEvent
        {
            Type = EventTypes.TheatreDefined,
            Version = EventTypes.CurrentVersion(EventTypes.TheatreDefined),
            Data = EventCodec.Pack(t, ContractsJson.Default.TheatreData),
        }), stamp));
        return await log.AppendAsync(EventNames.Theatres, new ExpectedRevision(count - 1), events, ct).ConfigureAwait(false) is not AppendResult.WrongRevision;
    }

    private static List<FieldError> ClosesNothing(IReadOnlyList<TheatreData> theatres, IReadOnlyList<Theatre> before) =>
        [.. theatres.Index().Where(t => t.Item.Members.Count == 0 && InForce(before, t.Item.Theatre) is null)
            .Select(t => new FieldError($"theatres[{t.Index}].members", $"is empty, which closes a theatre, and there is no theatre '{t.Item.Theatre}'"))];

    private static TheatreOutcome OutcomeOf(TheatreData theatre, List<TheatreData> appended, IReadOnlyList<Theatre> before, IReadOnlyList<Theatre> after)
    {
        var earlier = InForce(before, theatre.Theatre);
        var status = !appended.Contains(theatre) ? Already : theatre.Members.Count == 0 ? Closed : earlier is null ? Defined : Redefined;
        var definition = after.Last(t => t.Says(theatre));
        return new TheatreOutcome(theatre.Theatre, status, definition.Event, definition.Ordinal.Value);
    }

    private static Theatre? InForce(IReadOnlyList<Theatre> definitions, string name) => Theatre.InForce(definitions, name, new Ordinal(long.MaxValue));
}
