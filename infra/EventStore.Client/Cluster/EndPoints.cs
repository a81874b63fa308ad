using System.Net;

namespace EventStore.Client;

/// <summary>Hosts and ports of the two kinds of end points.</summary>
internal static class EndPoints
{
    public static string Host(this EndPoint endPoint) => endPoint.ToDns().Host;

    public static int Port(this EndPoint endPoint) => endPoint.ToDns().Port;

    public static DnsEndPoint ToDns(this EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint dns => dns,
        IPEndPoint ip => new DnsEndPoint(ip.Address.ToString(), ip.Port),
        _ => throw new ArgumentOutOfRangeException(nameof(endPoint), endPoint.GetType(), "An end point is a name or an IP address with a port."),
    };
}
