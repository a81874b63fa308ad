using System.Security.Cryptography;
using Timeline.Adapters.EventStoreDb;
using Timeline.Tests.EventStoreDb.Hosting;

namespace Timeline.Tests.Integration.EventStoreDb;

/// <summary>A test server of a test's own, whose faults it can switch on, and a folder for indexes.</summary>
internal sealed class OwnStore : IAsyncDisposable
{
    /// <summary>Retries that follow at once: faults pass in milliseconds here.</summary>
    public static readonly EventStoreDbOptions Quick = new()
    {
        Patience = TimeSpan.FromSeconds(20),
        AttemptTimeout = TimeSpan.FromSeconds(1),
        OpenPatience = TimeSpan.FromSeconds(5),
        FirstRetry = TimeSpan.FromMilliseconds(5),
        LongestRetry = TimeSpan.FromMilliseconds(50),
        BreakFor = TimeSpan.FromMilliseconds(500),
    };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("timeline-store-");
    private readonly List<EventStoreDbEventLog> opened = [];
    private int indexes;

    private OwnStore(EventStoreDbServer server) => Server = server;

    public EventStoreDbServer Server { get; }

    public CancellationToken Ct { get; } = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public EventStoreDbAddress Address => EventStoreDbAddress.Parse(Server.ConnectionString);

    public static async Task<OwnStore> StartAsync(EventStoreDbServerOptions? options = null) => new(await EventStoreDbServer.StartAsync(options));

    public string NewIndex() => Path.Combine(folder.FullName, $"ordinals-{indexes++}.db");

    public async Task<EventStoreDbEventLog> OpenAsync(EventStoreDbOptions? options = null, string? index = null, EventStoreDbAddress? address = null)
    {
        var log = await EventStoreDbEventLog.OpenAsync(address ?? Address, index ?? NewIndex(), TimeProvider.System, Ct, options ?? Quick);
        opened.Add(log);
        return log;
    }

    public async Task CloseAsync(EventStoreDbEventLog log)
    {
        opened.Remove(log);
        await log.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var log in opened)
        {
            await log.DisposeAsync();
        }

        await Server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    public static string NewPrefix() => "t" + RandomNumberGenerator.GetHexString(10, lowercase: true) + "-";
}
