using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Contracts.Json;
using Timeline.Domain;
using Timeline.Domain.Access;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Ingest.Recording;

namespace Timeline.Ingest.Methodologies;

/// <summary>
/// Records methodologies. A name is one methodology for ever: the same files again are <c>already</c>, others a conflict. None comes into force by this. A crash between
/// append and answer loses the answer alone: give it again.
/// </summary>
public sealed class MethodologyRecorder(IEventLog log, TimeProvider clock)
{
    private const int Attempts = 10;

    /// <summary>
    /// Records a methodology. <paramref name="by"/>: who gives it, as far as the service knows. Errors and conflicts leave the log as it was. Throws
    /// <see cref="LogUnavailableException"/> where others record without pause.
    /// </summary>
    public async Task<(MethodologyOutcome? Outcome, IReadOnlyList<FieldError> Errors)> AddAsync(ReadOnlyMemory<byte> utf8, Caller? by, CancellationToken ct)
    {
        var given = GivenMethodology.Read(utf8);
        if (given.Version is not { } version)
        {
            return (null, given.Errors);
        }

        var data = EncodedOf(version, given.Reason);
        if (data.Length > LogLimits.GivenBytes)
        {
            return (null, [new FieldError("files", FormattableString.Invariant($"make an event of {data.Length:N0} bytes; the limit is {LogLimits.GivenBytes:N0}"))]);
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = await MethodologyInLog.ListAsync(log, ct).ConfigureAwait(false);
            if (before.FirstOrDefault(m => m.Name == version.Name) is { } there)
            {
                return (OutcomeOf(version, there, there.Hash == version.Hash ? Recorder.Already : Recorder.Conflict, before), []);
            }

            // Between reading and appending another may have recorded one: then the stream is longer than expected, and everything is looked at again.
            var count = before.Count(m => m.Stream == EventNames.Methodologies);
            var e = new NewEvent(EventTypes.MethodologyAdded, data, Stamp.Of(clock, by));
            if (await log.AppendAsync(EventNames.Methodologies, new ExpectedRevision(count - 1), [e], ct).ConfigureAwait(false) is not AppendResult.WrongRevision)
            {
                var after = await MethodologyInLog.ListAsync(log, ct).ConfigureAwait(false);
                return (OutcomeOf(version, after.First(m => m.Name == version.Name), Recorder.Recorded, before), []);
            }
        }

        throw new LogUnavailableException("Others record methodologies at this moment: give this one again.");
    }

    private static byte[] EncodedOf(MethodologyVersion version, string? reason) => EventCodec.Encode(new TimelineEvent
    {
        Type = EventTypes.MethodologyAdded,
        Version = EventTypes.CurrentVersion(EventTypes.MethodologyAdded),
        Data = EventCodec.Pack(
            new MethodologyData { Name = version.Name, Hash = version.Hash, Files = version.Files, Reason = reason }, ContractsJson.Default.MethodologyData),
    });

    private static MethodologyOutcome OutcomeOf(MethodologyVersion version, RecordedMethodology there, string status, IReadOnlyList<RecordedMethodology> before) =>
        new(there.Name, there.Hash, status, there.Event, there.Ordinal.Value, status == Recorder.Conflict ? [] : [.. NotesOn(version, before)]);

    private static IEnumerable<string> NotesOn(MethodologyVersion version, IReadOnlyList<RecordedMethodology> before)
    {
        if (before.FirstOrDefault(m => m.Hash == version.Hash && m.Name != version.Name) is { } same)
        {
            yield return $"The files are those of {same.Name}, to the letter.";
        }

        var (days, scale) = (version.Parameters.HalfLifeDays, version.Parameters.DecayScale);
        if (days < version.Decay.Count && Math.Abs((2 * version.Decay[days]) - scale) > 1)
        {
            yield return FormattableString.Invariant($"half-life is {days} days, and decay.tsv has {version.Decay[days]} on day {days}, not half of {scale}. Scores decay by decay.tsv alone.");
        }
    }
}
