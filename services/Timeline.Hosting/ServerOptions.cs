using System.Net;

namespace Timeline.Hosting;

/// <summary>Where a service listens and how much it says.</summary>
internal sealed record ServerOptions(IPEndPoint Listen, bool Verbose)
{
    /// <summary>The port of <c>timeline serve</c> unless told otherwise.</summary>
    public const int DefaultPort = 7410;

    /// <summary>A service inside a command: loopback, a port that the system chooses; it waits for other commands that found it before it ends.</summary>
    public static readonly ServerOptions Embedded = new(new IPEndPoint(IPAddress.Loopback, 0), Verbose: false);

    public bool IsLoopback => IPAddress.IsLoopback(Listen.Address);

    /// <summary>Reads <c>PORT</c>, <c>ADDRESS:PORT</c> or <c>http://ADDRESS:PORT</c>; null for anything else. <c>localhost</c> is 127.0.0.1, <c>*</c> every address.</summary>
    public static IPEndPoint? ParseListen(string text)
    {
        var rest = text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? text["http://".Length..].TrimEnd('/') : text;
        if (ushort.TryParse(rest, out var port))
        {
            return new IPEndPoint(IPAddress.Loopback, port);
        }

        rest = rest.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + rest["localhost".Length..]
            : rest.StartsWith("*:", StringComparison.Ordinal) ? "0.0.0.0" + rest[1..]
            : rest;
        return rest.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(rest, out var endpoint) && rest.LastIndexOf(':') > rest.LastIndexOf(']') && HasPort(rest)
            ? endpoint
            : null;
    }

    private static bool HasPort(string text) => ushort.TryParse(text[(text.LastIndexOf(':') + 1)..], out _) && (text.Contains(']', StringComparison.Ordinal) || text.Split(':').Length == 2);
}
