using Timeline.Domain.Access;
using Timeline.Hosting.Access;

namespace Timeline.Tests.Hosting.Access;

/// <summary>A tokens file of a test's own.</summary>
internal sealed class GivenTokens : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("timeline-tokens-");

    public string Path => System.IO.Path.Combine(folder.FullName, "tokens.json");

    /// <summary>Adds a token, and gives it.</summary>
    public string Add(string name, Roles roles, DateOnly? expires = null)
    {
        var token = TokenStore.NewToken();
        Add(name, roles, token, expires);
        return token;
    }

    public void Add(string name, Roles roles, string token, DateOnly? expires = null) =>
        TokenStore.Add(Path, new TokenEntry(name, Convert.ToHexStringLower(TokenStore.HashOf(token)), roles, expires));

    public void NeedSecondPerson(params string[] acts) => File.WriteAllBytes(Path, (TokenStore.Read(Path) with { SecondPerson = acts }).ToUtf8());

    public void Dispose() => folder.Delete(recursive: true);
}
