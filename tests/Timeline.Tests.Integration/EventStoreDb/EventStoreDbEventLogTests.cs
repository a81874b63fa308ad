using System.Security.Cryptography;
using Timeline.Adapters.EventStoreDb;
using Timeline.Domain.Ports;
using Timeline.Tests.Adapters;

namespace Timeline.Tests.Integration.EventStoreDb;

/// <summary>The laws of the log over EventStoreDB: the test server, or the one that TIMELINE_ESDB names. Each test has a log of its own on it, by its prefix.</summary>
public sealed class EventStoreDbEventLogTests(GivenServer server) : EventLogConformance, IClassFixture<GivenServer>
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("timeline-esdb-");
    private readonly string prefix = "law" + RandomNumberGenerator.GetHexString(10, lowercase: true) + "-";
    private int opened;

    protected override async Task<IEventLog> OpenLogAsync() =>
        await EventStoreDbEventLog.OpenAsync(server.Address(prefix), Path.Combine(folder.FullName, $"ordinals-{opened++}.db"), TimeProvider.System, Ct);

    protected override async Task CloseLogAsync(IEventLog log) => await ((EventStoreDbEventLog)log).DisposeAsync();

    protected override Task CleanAsync()
    {
        folder.Delete(recursive: true);
        return Task.CompletedTask;
    }
}
