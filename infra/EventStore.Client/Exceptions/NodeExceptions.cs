using System.Net;

namespace EventStore.Client;

/// <summary>No node of the cluster could be found that takes calls.</summary>
public class DiscoveryException : Exception
{
    [Obsolete]
    public DiscoveryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    public DiscoveryException(int maxDiscoverAttempts)
        : base($"Failed to discover candidate in {maxDiscoverAttempts} attempts.") =>
        MaxDiscoverAttempts = maxDiscoverAttempts;

    /// <param name="last">What the last node that was asked answered, if it was an error.</param>
    internal DiscoveryException(int maxDiscoverAttempts, Exception? last)
        : base($"Failed to discover candidate in {maxDiscoverAttempts} attempts.{(last is null ? "" : $" The last of them: {last.Message}")}", last) =>
        MaxDiscoverAttempts = maxDiscoverAttempts;

    public int MaxDiscoverAttempts { get; }
}

/// <summary>The node is not the cluster's leader; the next call goes to the one it names.</summary>
public class NotLeaderException : Exception
{
    public NotLeaderException(string host, int port, Exception? exception = null)
        : base($"Not leader. New leader at {host}:{port}.", exception) =>
        LeaderEndpoint = new DnsEndPoint(host, port);

    public DnsEndPoint LeaderEndpoint { get; }
}
