using Timeline.Adapters.EventStoreDb;
using Timeline.Tests.EventStoreDb.Hosting;

namespace Timeline.Tests.Integration.EventStoreDb;

/// <summary>The server that the laws are tried on: the one that TIMELINE_ESDB names, or a test server of this process.</summary>
public sealed class GivenServer : IAsyncLifetime
{
    /// <summary>A connection string. What is appended to the server it names stays there.</summary>
    public const string Variable = "TIMELINE_ESDB";

    private EventStoreDbServer? own;
    private string connection = Environment.GetEnvironmentVariable(Variable) ?? "";

    public async Task InitializeAsync()
    {
        if (connection.Length == 0)
        {
            own = await EventStoreDbServer.StartAsync();
            connection = own.ConnectionString;
        }
    }

    public async Task DisposeAsync()
    {
        if (own is not null)
        {
            await own.DisposeAsync();
        }
    }

    /// <summary>An address at which a log of its own begins.</summary>
    public EventStoreDbAddress Address(string prefix) =>
        EventStoreDbAddress.Parse($"{connection}{(connection.Contains('?', StringComparison.Ordinal) ? '&' : '?')}streamPrefix={prefix}");
}
