using System.Net;

namespace EventStore.Client;

/// <summary>Takes a connection string apart: scheme://user:password@host:port,host:port/?name=value&amp;name=value.</summary>
internal static class ConnectionString
{
    private const string SingleNode = "esdb";
    private const string Discover = "esdb+discover";

    private static readonly string[] Schemes = [SingleNode, Discover];

    public static EventStoreClientSettings Parse(string text)
    {
        var schemeEnd = text.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd < 0)
        {
            throw new NoSchemeException();
        }

        var scheme = text[..schemeEnd];
        if (!Schemes.Contains(scheme))
        {
            throw new InvalidSchemeException(scheme, Schemes);
        }

        var rest = text[(schemeEnd + 3)..];
        var credentials = Credentials(ref rest);
        var questionMark = rest.IndexOf('?', StringComparison.Ordinal);
        var place = questionMark < 0 ? rest : rest[..questionMark];
        var options = ConnectionOptions.Parse(questionMark < 0 ? null : rest[(questionMark + 1)..]);
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        var hosts = Hosts(slash < 0 ? place : place[..slash]);
        if (slash >= 0 && place[slash..] != "/")
        {
            throw new ConnectionStringParseException($"A connection string has no path but /, and '{place[slash..]}' was found.");
        }

        var settings = new EventStoreClientSettings { DefaultCredentials = credentials };
        options.ApplyTo(settings);
        Locate(settings.ConnectivitySettings, scheme, hosts, options.Tls);
        settings.CreateHttpMessageHandler = () => HttpHandlers.Create(settings.ConnectivitySettings);
        return settings;
    }

    private static UserCredentials? Credentials(ref string rest)
    {
        var at = rest.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var userInfo = rest[..at];
        rest = rest[(at + 1)..];
        return userInfo.Split(':') is [var user, var password] ? new UserCredentials(user, password) : throw new InvalidUserCredentialsException(userInfo);
    }

    private static EndPoint[] Hosts(string text) => Array.ConvertAll(text.Split(','), host =>
    {
        var parts = host.Split(':');
        var port = EventStoreClientConnectivitySettings.DefaultPort;
        if (parts.Length > 2 || parts[0].Length == 0 || (parts.Length == 2 && !(int.TryParse(parts[1], out port) && port is >= 0 and <= 65535)))
        {
            throw new InvalidHostException(host);
        }

        return IPAddress.TryParse(parts[0], out var address) ? new IPEndPoint(address, port) : (EndPoint)new DnsEndPoint(parts[0], port);
    });

    private static void Locate(EventStoreClientConnectivitySettings settings, string scheme, EndPoint[] hosts, bool tls)
    {
        settings.Insecure = !tls;
        if (scheme == SingleNode && hosts is [var host])
        {
            settings.Address = new UriBuilder(tls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, host.Host(), host.Port()).Uri;
        }
        else if (hosts.All(h => h is IPEndPoint))
        {
            settings.IpGossipSeeds = Array.ConvertAll(hosts, h => (IPEndPoint)h);
        }
        else
        {
            settings.DnsGossipSeeds = Array.ConvertAll(hosts, h => h.ToDns());
        }
    }
}
