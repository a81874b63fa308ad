using System.Globalization;
using System.Security.Cryptography;
using Timeline.Domain.Access;

namespace Timeline.Hosting.Access;

/// <summary>
/// The tokens of a service, as its file has them at this moment: a change of the file counts from the next request on, and a broken one changes nothing. What is
/// being answered for long (changes as they come) is cut off within a second after its token is revoked or expires.
/// </summary>
internal sealed class TokenBook : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly string path;
    private readonly TimeProvider clock;
    private readonly Action<string> say;
    private readonly Lock gate = new();
    private readonly Dictionary<HttpContext, (byte[] Hash, Roles Role)> open = [];
    private readonly byte[] own;
    private readonly ITimer looking;
    private TokenFile file;
    private (DateTime Written, long Length) seen;

    private TokenBook(string path, TimeProvider clock, Action<string> say)
    {
        (this.path, this.clock, this.say) = (path, clock, say);
        OwnToken = TokenStore.NewToken();
        own = TokenStore.HashOf(OwnToken);
        seen = Seen();
        file = TokenStore.Read(path);
        Doubt(file);
        looking = clock.CreateTimer(static book => ((TokenBook)book!).CutOff(), this, Look, Look);
    }

    /// <summary>
    /// Known to this process alone, for what it asks of itself. It is the operating system's user under whom the service runs, not verified.
    /// </summary>
    public string OwnToken { get; }

    /// <summary>Opens the file. <paramref name="say"/> is told what is unwise, and what becomes of later changes. Throws <see cref="TokensException"/> with all that is wrong.</summary>
    public static TokenBook Open(string path, TimeProvider clock, Action<string> say) => new(Path.GetFullPath(path), clock, say);

    /// <summary>Whether an act takes effect only when a second person has confirmed it.</summary>
    public bool NeedsSecondPerson(string act) => Current().SecondPerson.Contains(act);

    /// <summary>Whose token it is; or why it is nobody's.</summary>
    public (Caller? Caller, string? WhyNot) Find(string token) => Find(TokenStore.HashOf(token));

    /// <summary>Cuts the request off where its token is no longer good for the role, until what is returned is disposed of.</summary>
    public IDisposable Watch(HttpContext http, string token, Roles role)
    {
        lock (gate)
        {
            open[http] = (TokenStore.HashOf(token), role);
        }

        return new Watched(this, http);
    }

    public void Dispose() => looking.Dispose();

    // Every hash is compared, each in a time that does not depend on where it differs.
    private (Caller? Caller, string? WhyNot) Find(byte[] hash)
    {
        TokenEntry? found = null;
        foreach (var token in Current().Tokens)
        {
            found = CryptographicOperations.FixedTimeEquals(token.Hash, hash) ? token : found;
        }

        return CryptographicOperations.FixedTimeEquals(own, hash) ? (AccessGuard.ThisUser, null)
            : found is null ? (null, "The service knows no such token; it may have been revoked.")
            : found.IsExpired(Today()) ? (null, $"The token '{found.Name}' expired after {TokenFile.Shown(found.Expires!.Value)}.")
            : (new Caller(found.Name, Verified: true, found.Roles), null);
    }

    private TokenFile Current()
    {
        var now = Seen();
        lock (gate)
        {
            if (now != seen)
            {
                seen = now;
                Reload();
            }

            return file;
        }
    }

    private void Reload()
    {
        try
        {
            file = TokenStore.Read(path);
            say(string.Create(CultureInfo.InvariantCulture, $"The tokens file {path} has changed and was read again: {file.Tokens.Count} tokens."));
            Doubt(file);
        }
        catch (TokensException e)
        {
            say($"{e.Message} It has changed, and what it said before goes on to hold.");
        }
    }

    private void Doubt(TokenFile read)
    {
        if (TokenStore.IsOpen(path))
        {
            say($"Warning: every user of this machine may read {path}. It holds no tokens, but says who may do what: chmod 600 {path}.");
        }

        foreach (var doubt in read.Doubts(Today()))
        {
            say($"Warning: {path}: {doubt}");
        }
    }

    private void CutOff()
    {
        // What the file says now is learnt even where nobody asks.
        _ = Current();
        KeyValuePair<HttpContext, (byte[] Hash, Roles Role)>[] watched;
        lock (gate)
        {
            watched = [.. open];
        }

        foreach (var (http, (hash, role)) in watched)
        {
            if (Find(hash).Caller?.Roles.HasFlag(role) != true)
            {
                lock (gate)
                {
                    // A context may be another request's by now; those that have ended are no longer here.
                    if (open.TryGetValue(http, out var still) && ReferenceEquals(still.Hash, hash))
                    {
                        http.Abort();
                    }
                }
            }
        }
    }

    // A file that is away reads as one of no time and no length.
    private (DateTime Written, long Length) Seen() => new FileInfo(path) is { Exists: true } info ? (info.LastWriteTimeUtc, info.Length) : default;

    private DateOnly Today() => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    private sealed class Watched(TokenBook book, HttpContext http) : IDisposable
    {
        public void Dispose()
        {
            lock (book.gate)
            {
                book.open.Remove(http);
            }
        }
    }
}
