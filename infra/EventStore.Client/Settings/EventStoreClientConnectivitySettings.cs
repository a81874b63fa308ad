using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace EventStore.Client;

/// <summary>Where the nodes are, and how connections to them are made and kept.</summary>
public class EventStoreClientConnectivitySettings
{
    internal const int DefaultPort = 2113;

    private Uri? address;
    private bool insecure;

    public static EventStoreClientConnectivitySettings Default => new()
    {
        MaxDiscoverAttempts = 10,
        GossipTimeout = TimeSpan.FromSeconds(5),
        DiscoveryInterval = TimeSpan.FromMilliseconds(100),
        NodePreference = NodePreference.Leader,
    };

    /// <summary>The single node; null when the nodes are found by gossip.</summary>
    public Uri? Address
    {
        get => IsSingleNode ? address : null;
        set => address = value;
    }

    /// <summary>How often to ask for the nodes before giving up.</summary>
    public int MaxDiscoverAttempts { get; set; }

    /// <summary>Who is asked for the cluster's nodes.</summary>
    public EndPoint[] GossipSeeds => DnsGossipSeeds is { } names ? [.. names] : IpGossipSeeds is { } addresses ? [.. addresses] : [];

    public DnsEndPoint[]? DnsGossipSeeds { get; set; }

    /// <summary>Taken when there are no <see cref="DnsGossipSeeds"/>.</summary>
    public IPEndPoint[]? IpGossipSeeds { get; set; }

    /// <summary>How long a node may take to answer who the nodes are.</summary>
    public TimeSpan GossipTimeout { get; set; }

    /// <summary>How long to wait between two attempts to find the nodes.</summary>
    public TimeSpan DiscoveryInterval { get; set; }

    public NodePreference NodePreference { get; set; }

    /// <summary>After how long without traffic a connection is pinged; infinite for never.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a ping may stay unanswered until the connection counts as lost.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public bool IsSingleNode => GossipSeeds.Length == 0;

    /// <summary>Whether to talk without TLS.</summary>
    public bool Insecure
    {
        get => IsSingleNode ? Address?.Scheme == Uri.UriSchemeHttp : insecure;
        set => insecure = value;
    }

    /// <summary>Whether the server's certificate has to be one that this machine trusts.</summary>
    public bool TlsVerifyCert { get; set; } = true;

    /// <summary>The authority that signed the server's certificate, where this machine does not know it.</summary>
    public X509Certificate2? TlsCaFile { get; set; }

    /// <summary>Says to the server who this client is.</summary>
    public X509Certificate2? ClientCertificate { get; set; }

    internal Uri ResolvedAddressOrDefault =>
        Address ?? new UriBuilder { Scheme = insecure ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, Port = DefaultPort }.Uri;
}
