using System.Net;
using EventStore.Client;

namespace Timeline.Tests.EventStoreDbClient;

public sealed class ConnectionStringTests
{
    [Theory]
    [InlineData("esdb://localhost", "https://localhost:2113/")]
    [InlineData("esdb://localhost:2114/", "https://localhost:2114/")]
    [InlineData("esdb://localhost?tls=false", "http://localhost:2113/")]
    [InlineData("esdb://localhost/?TLS=True", "https://localhost:2113/")]
    [InlineData("esdb://10.0.0.1:99?tls=false", "http://10.0.0.1:99/")]
    public void One_host_is_the_address(string text, string address)
    {
        var settings = EventStoreClientSettings.Create(text).ConnectivitySettings;

        Assert.Equal(address, settings.Address?.ToString());
        Assert.True(settings.IsSingleNode);
        Assert.Equal(address.StartsWith("http:", StringComparison.Ordinal), settings.Insecure);
    }

    [Fact]
    public void Several_hosts_or_discover_are_seeds_of_gossip()
    {
        var names = EventStoreClientSettings.Create("esdb://one,two:2,10.0.0.3:3").ConnectivitySettings;
        var addresses = EventStoreClientSettings.Create("esdb://10.0.0.1,10.0.0.2:2?tls=false").ConnectivitySettings;
        var discover = EventStoreClientSettings.Create("esdb+discover://cluster").ConnectivitySettings;

        Assert.Equal([new DnsEndPoint("one", 2113), new DnsEndPoint("two", 2), new DnsEndPoint("10.0.0.3", 3)], names.DnsGossipSeeds!);
        Assert.Equal([new IPEndPoint(IPAddress.Parse("10.0.0.1"), 2113), new IPEndPoint(IPAddress.Parse("10.0.0.2"), 2)], addresses.IpGossipSeeds!);
        Assert.True(addresses.Insecure);
        Assert.Equal([new DnsEndPoint("cluster", 2113)], discover.GossipSeeds);
        Assert.False(discover.IsSingleNode);
        Assert.False(discover.Insecure);
        Assert.Null(discover.Address);
    }

    [Fact]
    public void Every_setting_is_read_whatever_its_case()
    {
        var settings = EventStoreClientSettings.Create(
            "esdb://admin:changeit@localhost?ConnectionName=me&maxDiscoverAttempts=3&DISCOVERYINTERVAL=7&gossipTimeout=8&nodePreference=ReadOnlyReplica"
            + "&tlsVerifyCert=false&defaultDeadline=9&throwOnAppendFailure=false&keepAliveInterval=1500&keepAliveTimeout=-1");
        var connectivity = settings.ConnectivitySettings;

        Assert.Equal(("admin", "changeit"), (settings.DefaultCredentials!.Username, settings.DefaultCredentials.Password));
        Assert.Equal("me", settings.ConnectionName);
        Assert.Equal(TimeSpan.FromMilliseconds(9), settings.DefaultDeadline);
        Assert.False(settings.OperationOptions.ThrowOnAppendFailure);
        Assert.Equal((3, 7, 8), (connectivity.MaxDiscoverAttempts, (int)connectivity.DiscoveryInterval.TotalMilliseconds, (int)connectivity.GossipTimeout.TotalMilliseconds));
        Assert.Equal(NodePreference.ReadOnlyReplica, connectivity.NodePreference);
        Assert.False(connectivity.TlsVerifyCert);
        Assert.Equal((1500, Timeout.InfiniteTimeSpan), ((int)connectivity.KeepAliveInterval.TotalMilliseconds, connectivity.KeepAliveTimeout));
    }

    [Fact]
    public void What_is_not_said_has_the_official_defaults()
    {
        var settings = EventStoreClientSettings.Create("esdb://localhost");
        var connectivity = settings.ConnectivitySettings;

        Assert.Equal(TimeSpan.FromSeconds(10), settings.DefaultDeadline);
        Assert.Null(settings.DefaultCredentials);
        Assert.True(settings.OperationOptions.ThrowOnAppendFailure);
        Assert.Equal(3 * 1024 * 1024, settings.OperationOptions.BatchAppendSize);
        Assert.Equal((10, NodePreference.Leader, true), (connectivity.MaxDiscoverAttempts, connectivity.NodePreference, connectivity.TlsVerifyCert));
        Assert.Equal(TimeSpan.FromSeconds(5), connectivity.GossipTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(100), connectivity.DiscoveryInterval);
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)), (connectivity.KeepAliveInterval, connectivity.KeepAliveTimeout));
    }

    [Theory]
    [InlineData("localhost:2113", typeof(NoSchemeException))]
    [InlineData("", typeof(NoSchemeException))]
    [InlineData("http://localhost", typeof(InvalidSchemeException))]
    [InlineData("ESDB://localhost", typeof(InvalidSchemeException))]
    [InlineData("esdb://user@localhost", typeof(InvalidUserCredentialsException))]
    [InlineData("esdb://a:b:c@localhost", typeof(InvalidUserCredentialsException))]
    [InlineData("esdb://", typeof(InvalidHostException))]
    [InlineData("esdb://localhost:port", typeof(InvalidHostException))]
    [InlineData("esdb://localhost:70000", typeof(InvalidHostException))]
    [InlineData("esdb://a,,b", typeof(InvalidHostException))]
    [InlineData("esdb://[::1]:2113", typeof(InvalidHostException))]
    [InlineData("esdb://localhost/path", typeof(ConnectionStringParseException))]
    [InlineData("esdb://localhost?", typeof(InvalidKeyValuePairException))]
    [InlineData("esdb://localhost?tls", typeof(InvalidKeyValuePairException))]
    [InlineData("esdb://localhost?tls=a=b", typeof(InvalidKeyValuePairException))]
    [InlineData("esdb://localhost?tls=true&TLS=true", typeof(DuplicateKeyException))]
    [InlineData("esdb://localhost?unknown=1", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?tls=yes", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?gossipTimeout=soon", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?nodePreference=nearest", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?keepAliveInterval=-2", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?keepAliveTimeout=-2", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?tlsCaFile=/nowhere/ca.crt", typeof(InvalidClientCertificateException))]
    [InlineData("esdb://localhost?userCertFile=/nowhere/user.crt", typeof(InvalidClientCertificateException))]
    [InlineData("esdb://localhost?userCertFile=/nowhere/user.crt&userKeyFile=/nowhere/user.key", typeof(InvalidClientCertificateException))]
    public void A_wrong_one_says_in_which_part_it_is_wrong(string text, Type error) =>
        Assert.Equal(error, Assert.ThrowsAny<ConnectionStringParseException>(() => EventStoreClientSettings.Create(text)).GetType());

    [Fact]
    public void A_password_is_not_repeated_in_an_error()
    {
        var error = Assert.Throws<InvalidUserCredentialsException>(() => EventStoreClientSettings.Create("esdb://me:secret:word@localhost"));

        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_certificate_is_refused()
    {
        var file = Path.GetTempFileName();
        try
        {
            var error = Assert.Throws<InvalidClientCertificateException>(() => EventStoreClientSettings.Create($"esdb://localhost?tlsCaFile={file}"));
            Assert.Contains(file, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
