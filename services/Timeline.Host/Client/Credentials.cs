using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Timeline.Hosting.Access;

namespace Timeline.Host.Client;

/// <summary>
/// Whom a command is to the service: the token from the environment or a file, and never from the command line, which every process of the machine can read; beside it
/// the operating system's user, which a service without tokens writes down as what the caller says.
/// </summary>
internal sealed record Credentials(string? Token)
{
    /// <summary>The environment's name for the token.</summary>
    public const string Variable = "TIMELINE_TOKEN";

    // A token is short; whatever is longer is another file.
    private const int MaxFileBytes = 4096;

    /// <summary>As the command was given them. Throws <see cref="TokensException"/> where the file or the variable holds no token.</summary>
    public static Credentials Given(string? file) =>
        file is not null ? new Credentials(Whole(ReadFile(file), file))
        : Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } token ? new Credentials(Whole(token, Variable))
        : new Credentials((string?)null);

    /// <summary>Sends them with every request to the service, also where it sends a question on. What goes to it by TLS never goes on without.</summary>
    public DelegatingHandler Sending(Uri service, SocketsHttpHandler to)
    {
        to.RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8;
        to.AllowAutoRedirect = false;
        return new Sender(this, service.Scheme == Uri.UriSchemeHttps, to);
    }

    private static string ReadFile(string file)
    {
        try
        {
            return new FileInfo(file).Length <= MaxFileBytes ? File.ReadAllText(file) : throw new TokensException($"{file} is longer than a token: --token-file names the file that holds the token alone.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokensException($"--token-file {file} can't be read: {e.Message}", e);
        }
    }

    private static string Whole(string text, string from) => text.Trim() is { Length: > 0 } token && !token.Any(static c => c is <= ' ' or > '~')
        ? token
        : throw new TokensException($"{from} holds no token: it is one word, as timeline token new printed it.");

    // The client's own redirects leave the token behind. A service that is named, and sends on to its other half, is trusted with it as it is.
    private sealed class Sender(Credentials who, bool secure, HttpMessageHandler to) : DelegatingHandler(to)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Name(request);
            request.Headers.Remove(AccessGuard.ByHeader);
            request.Headers.TryAddWithoutValidation(AccessGuard.ByHeader, AccessGuard.ThisUser.Name);
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response is not { StatusCode: HttpStatusCode.TemporaryRedirect, Headers.Location: { } elsewhere } || request.Method != HttpMethod.Get)
            {
                return response;
            }

            response.Dispose();
            request.RequestUri = new Uri(request.RequestUri!, elsewhere);
            Name(request);
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        private void Name(HttpRequestMessage request) =>
            request.Headers.Authorization = who.Token is null || (secure && request.RequestUri!.Scheme != Uri.UriSchemeHttps) ? null : new AuthenticationHeaderValue("Bearer", who.Token);
    }
}
