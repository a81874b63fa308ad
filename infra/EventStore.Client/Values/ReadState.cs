namespace EventStore.Client;

/// <summary>Whether a stream that was asked for is there.</summary>
public enum ReadState
{
    StreamNotFound,
    Ok,
}
