using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Contracts.Changes;
using Timeline.Hosting;
using Timeline.Query.Api;

namespace Timeline.Query;

/// <summary>Query as a process: answers from the read models. It writes nothing.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => ServiceProcess.RunAsync(
        new ServiceDescription("Query", "answers questions from the read models, with ids and times from the log. Writes nothing.", StartAsync)
        {
            Announced = true,
            Elsewhere = static settings => (settings.Ingest, null),
            Addresses = [QueryApi.Map],
            AddParts = static parts => parts.Add<ITimelineQueries>().Add<IChangeQueries>(),
            Shapes = [ChangesJson.Default],
        },
        args);

    private static async Task StartAsync(ServiceProcess service, CancellationToken ct)
    {
        var (log, methodology, _, progress, models) = await ServedReadModels.OpenAsync(service, ct).ConfigureAwait(false);
        service.Gives<ITimelineQueries>(new TimelineQueries(log, models, progress, methodology, service.Clock));
        service.Gives<IChangeQueries>(new ChangeQueries(
            log, models, progress, new SqliteChangeFeed(models, progress.WaitUntilAsync, service.Clock), methodology, service.Clock));
        service.ReadyWhen(() => progress.Silent);
    }
}
