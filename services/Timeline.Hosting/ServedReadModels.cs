using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;

namespace Timeline.Hosting;

/// <summary>The read models that Projectors in other processes keep, for a process that only reads them.</summary>
internal sealed record ServedReadModels(IEventLog Log, MethodologyVersion Methodology, GenerationInfo Generation, BoardProgress Progress, SqliteReadModels Models)
{
    /// <summary>Waits for the log and its methodology. The service owns what is opened.</summary>
    public static async Task<ServedReadModels> OpenAsync(ServiceProcess service, CancellationToken ct)
    {
        var log = await service.LogAsync(ct).ConfigureAwait(false);
        var methodology = await service.MethodologyAsync(log, ct).ConfigureAwait(false);
        var generation = GenerationInfo.Of(log.LogId, methodology);
        var progress = new BoardProgress(service.Owns(new SqliteProgressReadings(service.Folder.ReadModels, generation.Generation)), service.Clock);
        return new ServedReadModels(log, methodology, generation, progress, service.Owns(new SqliteReadModels(service.Folder.ReadModels, generation, progress.Through)));
    }
}
