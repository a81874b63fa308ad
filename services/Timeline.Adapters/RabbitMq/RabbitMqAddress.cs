using System.Globalization;
using System.Text.RegularExpressions;
using RabbitMQ.Client;

namespace Timeline.Adapters.RabbitMq;

/// <summary>
/// Where a RabbitMQ is: <c>amqp[s]://USER:PASSWORD@HOST:PORT/VHOST</c>; the nodes of a cluster with commas between them. Without a user guest, without a
/// port 5672 (5671 with TLS), without a virtual host '/'.
/// </summary>
public sealed partial class RabbitMqAddress
{
    private const string Looks = "It looks like amqp://USER:PASSWORD@HOST:5672/VHOST, with amqps:// for TLS, and HOST:5672,HOST:5672 for a cluster.";

    private readonly bool tls;
    private readonly string password;

    private RabbitMqAddress(bool tls, string user, string password, IReadOnlyList<(string Host, int Port)> hosts, string virtualHost, string shown)
    {
        this.tls = tls;
        this.password = password;
        User = user;
        Hosts = hosts;
        VirtualHost = virtualHost;
        Shown = shown;
    }

    /// <summary>One or more, in the order given.</summary>
    public IReadOnlyList<(string Host, int Port)> Hosts { get; }

    public string User { get; }

    public string VirtualHost { get; }

    /// <summary>For whoever connects in its own way; it must stand in no message.</summary>
    public (bool Tls, string Password) Reveal() => (tls, password);

    /// <summary>For messages: the password is left out.</summary>
    public string Shown { get; }

    /// <summary>Any text, for messages: what may be a password, between the first ':' after the scheme and the last '@', is left out.</summary>
    public static string WithoutPassword(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Secret().Replace(text, static m => m.Groups[1].Value + (PlainUser().IsMatch(m.Groups[2].Value) ? m.Groups[2].Value.Split(':')[0] + ":***@" : "***@"));
    }

    /// <summary>Throws <see cref="FormatException"/> with what is wrong and how it should look.</summary>
    public static RabbitMqAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = WithoutPassword(text);
        FormatException Wrong(string what) => new($"'{shown}' is no address of a RabbitMQ: {what} {Looks}");

        var match = Parts().Match(text);
        if (!match.Success)
        {
            throw Wrong("it begins with neither amqp:// nor amqps://, or has no host.");
        }

        if (match.Groups["rest"].Value is { Length: > 0 } rest)
        {
            throw Wrong(rest[0] is '/' ? "a '/' within the virtual host's name is written %2F." : $"there are no settings after '{rest[0]}'.");
        }

        var secret = match.Groups["secret"].Value;
        if (secret.Contains('@', StringComparison.Ordinal))
        {
            throw Wrong("it has more than one '@' before the host; within user or password it is written %40.");
        }

        var tls = match.Groups["tls"].Length > 0;
        var hosts = new List<(string, int)>();
        foreach (var host in match.Groups["hosts"].Value.Split(','))
        {
            hosts.Add(HostOf(host, tls ? 5671 : 5672) ?? throw Wrong($"'{host}' is no host with a port from 1 to 65535."));
        }

        var colon = secret.IndexOf(':', StringComparison.Ordinal);
        var user = secret.Length == 0 ? "guest" : Uri.UnescapeDataString(colon < 0 ? secret : secret[..colon]);
        var password = secret.Length == 0 ? "guest" : Uri.UnescapeDataString(colon < 0 ? "" : secret[(colon + 1)..]);
        var vhost = Uri.UnescapeDataString(match.Groups["vhost"].Value);
        return new RabbitMqAddress(tls, user, password, hosts, vhost.Length == 0 ? "/" : vhost, shown);
    }

    public override string ToString() => Shown;

    internal ConnectionFactory Factory() => new()
    {
        UserName = User,
        Password = password,
        VirtualHost = VirtualHost,

        // Whoever uses a connection opens another when it is lost: there is one way to come back, and it declares what must be there.
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedHeartbeat = TimeSpan.FromSeconds(10),
        RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        HandshakeContinuationTimeout = TimeSpan.FromSeconds(10),
        ContinuationTimeout = TimeSpan.FromSeconds(15),
    };

    internal IEnumerable<AmqpTcpEndpoint> Endpoints() =>
        Hosts.Select(h => new AmqpTcpEndpoint(h.Host, h.Port, tls ? new SslOption(h.Host, enabled: true) : new SslOption()));

    private static (string, int)? HostOf(string text, int defaultPort)
    {
        var match = HostAndPort().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var port = match.Groups["port"];
        var number = defaultPort;
        return !port.Success || (int.TryParse(port.Value, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is > 0 and <= 65535)
            ? (match.Groups["host"].Value.Trim('[', ']'), number)
            : null;
    }

    [GeneratedRegex("^amqp(?<tls>s?)://((?<secret>.*)@)?(?<hosts>[^/?#@]+)(/(?<vhost>[^/?#@]*))?(?<rest>.*)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Parts();

    [GeneratedRegex(@"^(?<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:(?<port>[0-9]*))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex HostAndPort();

    [GeneratedRegex("(://)(.*)@", RegexOptions.Singleline)]
    private static partial Regex Secret();

    [GeneratedRegex("^[A-Za-z0-9._-]+:[^@]*$")]
    private static partial Regex PlainUser();
}
