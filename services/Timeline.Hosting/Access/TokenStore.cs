using System.Security.Cryptography;
using System.Text;
using Timeline.Domain.Access;

namespace Timeline.Hosting.Access;

/// <summary>Tokens, or the file of them, can't be used as they are. The message says what is wrong, where, and what to do.</summary>
internal sealed class TokensException(string message, Exception? inner = null) : FormatException(message, inner);

/// <summary>A tokens file on the disk: read, and changed whole or not at all.</summary>
internal static class TokenStore
{
    /// <summary>What a token begins with, so that people and scanners of leaked secrets know one when they see it.</summary>
    public const string Prefix = "timeline_";

    private const int TokenBytes = 32;

    /// <summary>Reads the file. Throws <see cref="TokensException"/> with the file's name where it can't be read, is wrong, or may be changed by anybody.</summary>
    public static TokenFile Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > TokenFile.MaxBytes })
            {
                throw new TokensException($"it has more than {TokenFile.MaxBytes} bytes, and is no tokens file.");
            }

            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherWrite))
            {
                throw new TokensException($"every user of this machine may change it, and so give himself a token: chmod 600 {path}.");
            }

            return TokenFile.Parse(File.ReadAllBytes(path));
        }
        catch (FileNotFoundException e)
        {
            throw new TokensException($"There is no tokens file {path}: timeline token new NAME --role ROLE --file {path} makes one.", e);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new TokensException($"The tokens file {path} can't be used: {e.Message}", e);
        }
    }

    /// <summary>Whether every user of this machine may read the file.</summary>
    public static bool IsOpen(string path) => !OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead);

    /// <summary>A new token: 256 random bits.</summary>
    public static string NewToken() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenBytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Adds a token. Throws <see cref="TokensException"/> where the name is taken.</summary>
    public static void Add(string path, TokenEntry token) => Change(path, file => file.Tokens.FirstOrDefault(t => IsSame(t.Name, token.Name)) is { } other
        ? throw new TokensException($"{path} has a token '{other.Name}' already. Revoke it first (timeline token revoke {other.Name}), or take another name.")
        : file with { Tokens = [.. file.Tokens, token] });

    /// <summary>Takes a token out. Throws <see cref="TokensException"/> where there is none of this name.</summary>
    public static void Revoke(string path, string name) => Change(path, file => file.Tokens.Any(t => IsSame(t.Name, name))
        ? file with { Tokens = [.. file.Tokens.Where(t => !IsSame(t.Name, name))] }
        : throw new TokensException($"{path} has no token '{name}'; it has {(file.Tokens.Count == 0 ? "none" : string.Join(", ", file.Tokens.Select(t => t.Name)))}."));

    // The new text is written beside the old one and takes its name: whoever reads meets one of the two, whole. That the file beside is there keeps a second
    // change out, or one of the two would be lost, and with it perhaps a revocation.
    private static void Change(string path, Func<TokenFile, TokenFile> change)
    {
        var beside = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            // A file that a group may read stays so. Its owner can't be kept: the README says to run the command as the user of the services.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | (File.Exists(path) ? File.GetUnixFileMode(path) & UnixFileMode.GroupRead : UnixFileMode.None);
        }

        FileStream stream;
        try
        {
            stream = new FileStream(beside, options);
        }
        catch (IOException e) when (File.Exists(beside))
        {
            throw new TokensException($"{beside} is there: another command changes {path} at this moment, or was ended while it did. If none does, delete it and try again.", e);
        }

        try
        {
            using (stream)
            {
                stream.Write(change(File.Exists(path) ? Read(path) : TokenFile.Empty).ToUtf8());
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    private static bool IsSame(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
