namespace EventStore.Client;

/// <summary>Where the database is and how to talk to it.</summary>
public class EventStoreClientSettings
{
    /// <summary>What the server's logs call this client.</summary>
    public string? ConnectionName { get; set; }

    /// <summary>Makes the handler of each node's connections; null takes one made from the other settings.</summary>
    public Func<HttpMessageHandler>? CreateHttpMessageHandler { get; set; }

    public EventStoreClientOperationOptions OperationOptions { get; set; } = EventStoreClientOperationOptions.Default;

    public EventStoreClientConnectivitySettings ConnectivitySettings { get; set; } = EventStoreClientConnectivitySettings.Default;

    /// <summary>For operations that name no user of their own.</summary>
    public UserCredentials? DefaultCredentials { get; set; }

    /// <summary>How long an operation may take; not for reads and subscriptions. Null is without end.</summary>
    public TimeSpan? DefaultDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Settings from a text such as esdb://user:password@host:2113?tls=false, or esdb+discover://one,two,three.</summary>
    /// <exception cref="ConnectionStringParseException">It is no connection string; the subclass says in which part.</exception>
    public static EventStoreClientSettings Create(string connectionString)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        return ConnectionString.Parse(connectionString);
    }
}
