using Timeline.Hosting;

namespace Timeline.Audit;

/// <summary>Audit as a process: re-derives read models from the log alone and compares. It writes nothing but what it folds for itself and throws away.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => ServiceProcess.RunAsync(
        new ServiceDescription("Audit", "re-derives the read models from the log, a partition after the other, and says where they differ. Writes nothing that lasts.", StartAsync)
        {
            Addresses = [AuditApi.Map],
            AddParts = static parts => parts.Add<Watch>(),
        },
        args);

    private static async Task StartAsync(ServiceProcess service, CancellationToken ct)
    {
        var (log, methodology, generation, _, models) = await ServedReadModels.OpenAsync(service, ct).ConfigureAwait(false);
        var watch = service.Owns(new Watch(
            new Reconciliation(log, models, (projection, partition) => new ScratchFold(generation, methodology, log, projection, partition)),
            TimeSpan.FromMinutes(service.Settings.Number("audit:minutes")), service.Clock,
            found => service.Logger.LogError("{Projection}, partition {Partition}, differs from the log at ordinal {Ordinal}: {Subjects}", found.Projection, found.Partition, found.At.Value, string.Join(", ", found.Differ))));
        service.Gives(watch);
        service.ReadyWhen(() => watch.Difference);
        service.Runs("The re-derivation", watch.RunAsync);
    }
}
