using System.Net;
using Timeline.Hosting.Access;

namespace Timeline.Hosting;

/// <summary>Where a service listens, how much it says, and who may call it.</summary>
/// <param name="Tokens">Null: whoever reaches it, which is this machine alone.</param>
internal sealed record ServerOptions(IPEndPoint Listen, bool Verbose, TokenBook? Tokens = null)
{
    /// <summary>The port of <c>timeline serve</c> unless told otherwise.</summary>
    public const int DefaultPort = 7410;

    /// <summary>A service inside a command: loopback, a port that the system chooses; it waits for other commands that found it before it ends.</summary>
    public static readonly ServerOptions Embedded = new(new IPEndPoint(IPAddress.Loopback, 0), Verbose: false);

    public bool IsLoopback => IPAddress.IsLoopback(Listen.Address);

    /// <summary>Why it must not listen there: what others reach needs tokens. Null: it may.</summary>
    public string? WhyNot(string tokensOption) => IsLoopback || Tokens is not null ? null
        : $"{Listen} is not loopback, and without tokens whoever reaches it could read and write everything. Make a token for every caller (timeline token new NAME --role read --file tokens.json), "
        + $"and name the file: {tokensOption}. Or listen on loopback.";

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
