using Microsoft.Extensions.Primitives;
using Timeline.Domain.Access;
using Timeline.Hosting.Http;

namespace Timeline.Hosting.Access;

/// <summary>
/// Lets nobody through to an address who may not use it, and says who asks. With tokens, a request names one; without, only this machine reaches the service, and may do
/// everything. An address that does not say which role it needs is refused to everybody.
/// </summary>
internal sealed class AccessGuard(TokenBook? tokens)
{
    /// <summary>Who asks, as the `timeline` command says of itself where there are no tokens.</summary>
    public const string ByHeader = "Timeline-By";

    /// <summary>The operating system's user under whom this process runs. Containers may have none of a name.</summary>
    public static readonly Caller ThisUser = new(Environment.UserName is { Length: > 0 } user ? user : "unknown", Verified: false, Roles.All);

    private const string Scheme = "Bearer";

    /// <summary>Whether an act takes effect only when a second person has confirmed it.</summary>
    public bool NeedsSecondPerson(string act) => tokens?.NeedsSecondPerson(act) == true;

    public async Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        // What is no route answers itself: there is no such address, or no such method.
        if (http.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<NeedsRole>() is { Role: Roles.None })
        {
            await next(http).ConfigureAwait(false);
            return;
        }

        var what = $"{http.Request.Method} {http.Request.Path}";
        if (endpoint.Metadata.GetMetadata<NeedsRole>()?.Role is not { } role)
        {
            await Problems.Forbidden($"{what} does not say which role it needs, so nobody may use it. It is a fault of the service; please report it.").ExecuteAsync(http).ConfigureAwait(false);
            return;
        }

        if (tokens is null)
        {
            http.Features.Set(Unverified(http.Request.Headers[ByHeader].ToString()));
            await next(http).ConfigureAwait(false);
            return;
        }

        await WithTokenAsync(http, next, tokens, what, role).ConfigureAwait(false);
    }

    private static async Task WithTokenAsync(HttpContext http, RequestDelegate next, TokenBook tokens, string what, Roles role)
    {
        var (token, why) = TokenOf(http.Request.Headers.Authorization);
        var (caller, whyNot) = token is null ? (null, why) : tokens.Find(token);
        if (caller is null)
        {
            // RFC 6750: who gives no token at all is told no error, only what is wanted.
            http.Response.Headers.WWWAuthenticate = token is null && http.Request.Headers.Authorization.Count == 0
                ? $"{Scheme} realm=\"timeline\", scope=\"{RoleWords.Of(role)}\""
                : $"{Scheme} realm=\"timeline\", error=\"invalid_token\", scope=\"{RoleWords.Of(role)}\"";
            await Problems.Unauthorized(
                $"{whyNot} {what} needs a token with the role {RoleWords.Of(role)}, in the header Authorization: Bearer TOKEN (the command timeline sends the one in TIMELINE_TOKEN, or in the file of "
                + $"--token-file). Whoever runs the service makes one: timeline token new NAME --role {RoleWords.Of(role)}.").ExecuteAsync(http).ConfigureAwait(false);
            return;
        }

        if (!caller.Roles.HasFlag(role))
        {
            http.Response.Headers.WWWAuthenticate = $"{Scheme} realm=\"timeline\", error=\"insufficient_scope\", scope=\"{RoleWords.Of(role)}\"";
            await Problems.Forbidden(
                $"{what} needs the role {RoleWords.Of(role)}; the token '{caller.Name}' has {RoleWords.Of(caller.Roles)}. Ask whoever runs the service for a token with that role.")
                .ExecuteAsync(http).ConfigureAwait(false);
            return;
        }

        http.Features.Set(caller);
        using (tokens.Watch(http, token!, role))
        {
            await next(http).ConfigureAwait(false);
        }
    }

    private static (string? Token, string? WhyNot) TokenOf(StringValues given)
    {
        if (given.Count == 0)
        {
            return (null, "The request names no token.");
        }

        if (given.Count > 1)
        {
            return (null, "The request has several Authorization headers; it has one.");
        }

        var words = given.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 2 && words[0].Equals(Scheme, StringComparison.OrdinalIgnoreCase)
            ? (words[1], null)
            : (null, "The Authorization header is not Bearer and a token.");
    }

    // What is said is shown on people's terminals.
    private static Caller Unverified(string said) => new string([.. said.Where(static c => !char.IsControl(c))]) is { Length: > 0 } name ? ThisUser with { Name = name } : ThisUser;
}
