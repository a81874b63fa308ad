using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Domain;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Ingest.Recording;

namespace Timeline.Ingest;

/// <summary>
/// What stands in force after a start. <see cref="Differs"/>: the log's methodology has other files than the one that this
/// program brings along under the same name; the log's is kept.
/// </summary>
public sealed record StartReport(MethodologyVersion Methodology, bool MethodologyAppended, bool Differs, DateOnly Today, bool DayAppended);

/// <summary>What a log needs before anything can be read from it: a methodology, and what day it is. Doing it again changes nothing.</summary>
public static class FirstStart
{
    /// <summary>Appends what is missing. Throws <see cref="FormatException"/> where the log's own methodology can't be read.</summary>
    public static async Task<StartReport> RunAsync(IEventLog log, TimeProvider clock, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(clock);
        var builtIn = MethodologyVersion.BuiltIn();
        var appended = await AppendMethodologyAsync(log, builtIn, clock, ct).ConfigureAwait(false);
        var inForce = appended ? builtIn : await MethodologyInLog.FindAsync(log, builtIn.Name, ct).ConfigureAwait(false) ?? throw new FormatException($"The log says that it holds {builtIn.Name} and gives nothing of it.");
        var today = Stamp.Today(clock);
        var turned = await DayTurner.AppendAsync(log, today, clock, ct).ConfigureAwait(false);
        return new StartReport(inForce, appended, inForce.Hash != builtIn.Hash, today, turned);
    }

    private static async Task<bool> AppendMethodologyAsync(IEventLog log, MethodologyVersion m, TimeProvider clock, CancellationToken ct)
    {
        var stream = EventNames.ForMethodology(m.Name);
        if (await log.LastRevisionAsync(stream, ct).ConfigureAwait(false) is not null)
        {
            return false;
        }

        var data = new MethodologyData { Name = m.Name, Hash = m.Hash, Files = m.Files };
        var bytes = EventCodec.Encode(new TimelineEvent
        {
            Id = stream.Value,
            Type = EventTypes.MethodologyAdded,
            Version = EventTypes.CurrentVersion(EventTypes.MethodologyAdded),
            Data = EventCodec.Pack(data, ContractsJson.Default.MethodologyData),
        });
        var e = new NewEvent(EventTypes.MethodologyAdded, bytes, Stamp.Of(clock, by: null));
        return await log.AppendAsync(stream, ExpectedRevision.NoStream, [e], ct).ConfigureAwait(false) is AppendResult.Appended;
    }
}
