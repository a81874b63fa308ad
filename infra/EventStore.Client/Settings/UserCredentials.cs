using System.Text;

namespace EventStore.Client;

/// <summary>Who calls. Sent over TLS only.</summary>
public class UserCredentials
{
    private readonly string header;

    public UserCredentials(string username, string password)
    {
        Username = username;
        Password = password;
        header = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"));
    }

    public UserCredentials(string bearerToken) => header = "Bearer " + bearerToken;

    public string? Username { get; }

    public string? Password { get; }

    public static implicit operator string(UserCredentials self)
    {
        ArgumentNullException.ThrowIfNull(self);
        return self.header;
    }

    /// <summary>The value of the authorization header, with the password in it: not for logs.</summary>
    public override string ToString() => header;
}
