using System.Net;

namespace Timeline.Hosting.Http;

/// <summary>
/// A service on loopback has no accounts because only this machine reaches it. A web page that a user of this machine looks at reaches it too, through
/// the user's browser: its requests name the page's origin, or a host name that the page's owner points here. Both are refused.
/// </summary>
internal static class OwnMachine
{
    public static Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        var host = http.Request.Host;
        if (!IsLoopback(host.Host))
        {
            return Problems.Foreign("Host", $"The request is for '{host}', and this service answers for loopback addresses alone.").ExecuteAsync(http);
        }

        var origin = http.Request.Headers.Origin.ToString();
        return origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsLoopback(from.Host))
            ? next(http)
            : Problems.Foreign("Origin", $"A page of '{origin}' sent the request, and this service takes none from other sites.").ExecuteAsync(http);
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
