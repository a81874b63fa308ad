namespace EventStore.Client;

/// <summary>The part of a connection string behind the question mark.</summary>
internal sealed class ConnectionOptions
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "connectionName", "maxDiscoverAttempts", "discoveryInterval", "gossipTimeout", "nodePreference", "tls", "tlsVerifyCert", "tlsCaFile",
        "defaultDeadline", "throwOnAppendFailure", "keepAliveInterval", "keepAliveTimeout", "userCertFile", "userKeyFile",
    };

    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);

    private ConnectionOptions()
    {
    }

    public bool Tls => Truth("tls") ?? true;

    public static ConnectionOptions Parse(string? text)
    {
        var options = new ConnectionOptions();
        foreach (var pair in text?.Split('&') ?? [])
        {
            if (pair.Split('=') is not [var name, var value])
            {
                throw new InvalidKeyValuePairException(pair);
            }

            if (!options.values.TryAdd(name, value))
            {
                throw new DuplicateKeyException(name);
            }
        }

        return options;
    }

    public void ApplyTo(EventStoreClientSettings settings)
    {
        if (values.Keys.FirstOrDefault(name => !Names.Contains(name)) is { } unknown)
        {
            throw new InvalidSettingException($"Unknown option: {unknown}. There are: {string.Join(", ", Names)}.");
        }

        var connectivity = settings.ConnectivitySettings;
        settings.ConnectionName = Text("connectionName");
        settings.DefaultDeadline = Milliseconds("defaultDeadline") ?? settings.DefaultDeadline;
        settings.OperationOptions.ThrowOnAppendFailure = Truth("throwOnAppendFailure") ?? settings.OperationOptions.ThrowOnAppendFailure;
        connectivity.MaxDiscoverAttempts = Whole("maxDiscoverAttempts") ?? connectivity.MaxDiscoverAttempts;
        connectivity.DiscoveryInterval = Milliseconds("discoveryInterval") ?? connectivity.DiscoveryInterval;
        connectivity.GossipTimeout = Milliseconds("gossipTimeout") ?? connectivity.GossipTimeout;
        connectivity.NodePreference = Preference() ?? connectivity.NodePreference;
        connectivity.KeepAliveInterval = Span("keepAliveInterval") ?? connectivity.KeepAliveInterval;
        connectivity.KeepAliveTimeout = Span("keepAliveTimeout") ?? connectivity.KeepAliveTimeout;
        connectivity.TlsVerifyCert = Truth("tlsVerifyCert") ?? connectivity.TlsVerifyCert;
        _ = Tls;
        if (Text("tlsCaFile") is { } authority)
        {
            connectivity.TlsCaFile = Certificates.Authority(authority);
        }

        if (Text("userCertFile") is var certificate && Text("userKeyFile") is var key && (certificate ?? key) is not null)
        {
            connectivity.ClientCertificate = Certificates.Client(certificate, key);
        }
    }

    private string? Text(string name) => values.GetValueOrDefault(name);

    private bool? Truth(string name) =>
        Text(name) is not { } text ? null
        : bool.TryParse(text, out var truth) ? truth
        : throw new InvalidSettingException($"{name} must be either true or false, and is '{text}'.");

    private int? Whole(string name) =>
        Text(name) is not { } text ? null
        : int.TryParse(text, out var number) ? number
        : throw new InvalidSettingException($"{name} must be an integer value, and is '{text}'.");

    private TimeSpan? Milliseconds(string name) => Whole(name) is { } number ? TimeSpan.FromMilliseconds(number) : null;

    /// <summary>Milliseconds, or -1 for never.</summary>
    private TimeSpan? Span(string name) => Whole(name) switch
    {
        null => null,
        -1 => Timeout.InfiniteTimeSpan,
        >= 0 and var number => TimeSpan.FromMilliseconds(number),
        var number => throw new InvalidSettingException($"Invalid {name}: {number}. It is in milliseconds, or -1 for never."),
    };

    private NodePreference? Preference() => Text("nodePreference")?.ToLowerInvariant() switch
    {
        null => null,
        "leader" => NodePreference.Leader,
        "follower" => NodePreference.Follower,
        "random" => NodePreference.Random,
        "readonlyreplica" => NodePreference.ReadOnlyReplica,
        var other => throw new InvalidSettingException($"Invalid NodePreference: {other}. There are leader, follower, random and readOnlyReplica."),
    };
}
