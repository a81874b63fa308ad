using Timeline.Adapters.Sqlite;
using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain.Ports;
using Timeline.Hosting;
using Timeline.Ingest.Api;
using Timeline.Ingest.Feeds;
using Timeline.Ingest.Methodologies;
using Timeline.Ingest.Parked;
using Timeline.Ingest.Quarantine;
using Timeline.Ingest.Recording;
using Timeline.Ingest.Theatres;

namespace Timeline.Ingest;

/// <summary>Ingest as a process: takes events and files, checks and appends them. It writes the log and its index <c>ingest.db</c>, nothing else.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => ServiceProcess.RunAsync(
        new ServiceDescription("Ingest", "takes events and files over HTTP, checks them and appends them. It alone writes the log; beside it, ingest.db, which is derived from the log.", StartAsync)
        {
            Role = "ingest",
            Elsewhere = static settings => (null, settings.Query),
            Addresses = [IngestApi.Map],
            Shapes = [IngestJson.Default],
            AddParts = static parts => parts.Add<IIntake>().Add<IVisibility>(),
        },
        args);

    private static async Task StartAsync(ServiceProcess service, CancellationToken ct)
    {
        service.Folder.Prepare();
        var (log, clock) = (await service.LogAsync(ct).ConfigureAwait(false), service.Clock);
        var start = await service.TriedAsync("the log", () => FirstStart.RunAsync(log, clock, ct), ct).ConfigureAwait(false);
        var methodology = start.Methodology;
        if (start.Differs)
        {
            service.Logger.LogWarning("The log's methodology {Name} has other files than the one this version brings along; the log's is in force", methodology.Name);
        }

        var importer = service.Owns(new FeedImporter(log, service.Owns(new SqliteFeedIndex(service.Folder.IngestIndex)), methodology, clock));
        var board = service.Owns(new SqliteProgressReadings(service.Folder.ReadModels, GenerationInfo.Of(log.LogId, methodology).Generation));
        service.Gives<IIntake>(new Intake(
            new Recorder(log, methodology, clock), new TheatreRecorder(log, methodology, clock), new MethodologyRecorder(log, clock), new SettlementRecorder(log, clock),
            new ParkedRecorder(log, clock), importer, clock));
        service.Gives<IVisibility>(new BoardVisibility(log, new BoardProgress(board, clock)));
        service.Runs("The turning of days", new DayTurner(log, clock).RunAsync);
    }
}
