namespace EventStore.Client;

/// <summary>How single operations are done.</summary>
public class EventStoreClientOperationOptions
{
    private const int ThreeMebibytes = 3 * 1024 * 1024;

    public static EventStoreClientOperationOptions Default => new()
    {
        ThrowOnAppendFailure = true,
        BatchAppendSize = ThreeMebibytes,
        GetAuthenticationHeaderValue = static (credentials, _) => new ValueTask<string>(credentials.ToString()),
    };

    /// <summary>Whether a wrong expected version is an exception rather than a result.</summary>
    public bool ThrowOnAppendFailure { get; set; }

    /// <summary>From how many bytes on an append goes out in several messages.</summary>
    public int BatchAppendSize { get; set; }

    public Func<UserCredentials, CancellationToken, ValueTask<string>> GetAuthenticationHeaderValue { get; set; } = null!;

    public EventStoreClientOperationOptions Clone() => (EventStoreClientOperationOptions)MemberwiseClone();
}
