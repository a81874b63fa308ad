using System.Globalization;
using System.Text.Json;
using Timeline.Domain.Access;

namespace Timeline.Hosting.Access;

/// <summary>One who may call. Expires: the last day on which the token is good, UTC.</summary>
internal sealed record TokenEntry(string Name, string Sha256, Roles Roles, DateOnly? Expires)
{
    public byte[] Hash { get; } = Convert.FromHexString(Sha256);

    public bool IsExpired(DateOnly today) => Expires < today;
}

/// <summary>
/// The tokens file: who may call, and which acts need a second person. <c>{"tokens":[{"name","sha256","roles":[..],"expires"}],"secondPerson":[..]}</c>.
/// It holds hashes alone, plain SHA-256: a token is 256 random bits, which nobody finds by trying, so salt and slow hashing would protect nothing more.
/// </summary>
internal sealed record TokenFile(IReadOnlyList<TokenEntry> Tokens, IReadOnlyList<string> SecondPerson)
{
    /// <summary>Bytes of a file, and tokens in it.</summary>
    public const int MaxBytes = 1 << 20, MaxTokens = 1_000;

    public const int MaxName = 64;

    private const string DayForm = "yyyy-MM-dd";

    public static readonly TokenFile Empty = new([], []);

    /// <summary>Reads the text of a file. Throws <see cref="FormatException"/> with all that is wrong with it, each with line and field.</summary>
    public static TokenFile Parse(byte[] utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            throw new FormatException($"it has {utf8.Length} bytes; a tokens file has at most {MaxBytes}.");
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return new Reader(new JsonPlaces(utf8)).Read(document.RootElement);
        }
        catch (InvalidOperationException e)
        {
            // So the reader says that a text is no Unicode.
            throw new FormatException("it has a text that is not UTF-8.", e);
        }
        catch (JsonException e)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"line {(e.LineNumber ?? 0) + 1}: it is not JSON, or names a member twice: {e.Message.Split(" Path:")[0].Split(" LineNumber:")[0]}"), e);
        }
    }

    public static string Shown(DateOnly day) => day.ToString(DayForm, CultureInfo.InvariantCulture);

    public static DateOnly? ParseDay(string text) => DateOnly.TryParseExact(text, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxName && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@');

    /// <summary>What a name may be, for refusals.</summary>
    public static readonly string NameForm = $"a name is 1 to {MaxName} letters, digits, '-', '_', '.' and '@'";

    /// <summary>What is right and unwise: it is said at the start, and stops nothing.</summary>
    public IEnumerable<string> Doubts(DateOnly today)
    {
        if (SecondPerson.Count > 0 && Tokens.Count(t => t.Roles.HasFlag(Roles.Operate) && !t.IsExpired(today)) < 2)
        {
            yield return $"secondPerson names {string.Join(", ", SecondPerson)}, and fewer than two tokens have the role operate: nobody can confirm.";
        }

        foreach (var token in Tokens.Where(t => t.IsExpired(today)))
        {
            yield return $"the token '{token.Name}' expired after {Shown(token.Expires!.Value)} and is refused.";
        }
    }

    /// <summary>The text of the file.</summary>
    public byte[] ToUtf8()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("tokens");
            foreach (var token in Tokens)
            {
                json.WriteStartObject();
                json.WriteString("name", token.Name);
                json.WriteString("sha256", token.Sha256);
                json.WriteStartArray("roles");
                foreach (var word in RoleWords.All.Where(w => token.Roles.HasFlag(RoleWords.Parse(w)!.Value)))
                {
                    json.WriteStringValue(word);
                }

                json.WriteEndArray();
                if (token.Expires is { } day)
                {
                    json.WriteString("expires", Shown(day));
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("secondPerson");
            foreach (var act in SecondPerson)
            {
                json.WriteStringValue(act);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return [.. buffer.ToArray(), (byte)'\n'];
    }

    private sealed class Reader(JsonPlaces places)
    {
        private readonly List<string> errors = [];

        public TokenFile Read(JsonElement root)
        {
            Known(root, "", ["tokens", "secondPerson"]);
            var tokens = Items(root, "tokens", "", required: true).Select(t => Token(t.Item, t.Path)).OfType<(TokenEntry Token, string Path)>().ToList();
            Once(tokens, t => t.Token.Name, ".name", "another token has this name: names say who did something");
            Once(tokens, t => t.Token.Sha256, ".sha256", "another token has this hash: every caller has a token of his own");
            var acts = Items(root, "secondPerson", "", required: false).Select(a => Word(a.Item, a.Path, Acts.All, "act")).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
            return errors.Count == 0 ? new TokenFile([.. tokens.Select(t => t.Token)], acts) : throw new FormatException(string.Join(" ", errors));
        }

        private (TokenEntry Token, string Path)? Token(JsonElement item, string path)
        {
            if (!Known(item, path, ["name", "sha256", "roles", "expires"]))
            {
                return null;
            }

            var name = Text(item, path, "name", required: true, IsName, NameForm);
            var hash = Text(item, path, "sha256", required: true, static h => h.Length == 64 && h.All(char.IsAsciiHexDigit), "it is the SHA-256 of the token, 64 hexadecimal digits");
            var expires = Text(item, path, "expires", required: false, static d => ParseDay(d) is not null, $"it is the last day on which the token is good, {DayForm}");
            var roles = Roles.None;
            foreach (var (word, at) in Items(item, "roles", path, required: true))
            {
                roles |= Word(word, at, RoleWords.All, "role") is { } role ? RoleWords.Parse(role)!.Value : Roles.None;
            }

            if (roles == Roles.None && errors.Count == 0)
            {
                Wrong(path + ".roles", "is empty: a token without a role is good for nothing");
            }

            return name is null || hash is null ? null : (new TokenEntry(name, hash.ToLowerInvariant(), roles, expires is null ? null : ParseDay(expires)), path);
        }

        private void Once(List<(TokenEntry Token, string Path)> tokens, Func<(TokenEntry Token, string Path), string> key, string member, string why)
        {
            foreach (var (_, path) in tokens.GroupBy(key, StringComparer.OrdinalIgnoreCase).SelectMany(static same => same.Skip(1)))
            {
                Wrong(path + member, why);
            }
        }

        private bool Known(JsonElement item, string path, string[] members)
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                Wrong(path, $"is no object with {string.Join(", ", members)}");
                return false;
            }

            foreach (var other in item.EnumerateObject().Where(m => !members.Contains(m.Name)))
            {
                Wrong(Under(path, other.Name), $"there is no such member; known are {string.Join(", ", members)}");
            }

            return true;
        }

        private IEnumerable<(JsonElement Item, string Path)> Items(JsonElement item, string member, string path, bool required)
        {
            var at = Under(path, member);
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(member, out var list))
            {
                if (required && item.ValueKind == JsonValueKind.Object)
                {
                    Wrong(at, "is missing", path);
                }

                return [];
            }

            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxTokens)
            {
                Wrong(at, $"is no list of at most {MaxTokens}");
                return [];
            }

            return list.EnumerateArray().Select((e, i) => (e, string.Create(CultureInfo.InvariantCulture, $"{at}[{i}]")));
        }

        private string? Text(JsonElement item, string path, string member, bool required, Func<string, bool> fits, string form)
        {
            var at = Under(path, member);
            if (!item.TryGetProperty(member, out var value))
            {
                if (required)
                {
                    Wrong(at, "is missing", path);
                }

                return null;
            }

            if (value.ValueKind == JsonValueKind.String && fits(value.GetString()!))
            {
                return value.GetString();
            }

            Wrong(at, $"is {Short(value)}; {form}");
            return null;
        }

        private string? Word(JsonElement value, string path, IReadOnlyList<string> words, string what)
        {
            if (value.ValueKind == JsonValueKind.String && words.Contains(value.GetString()!))
            {
                return value.GetString();
            }

            Wrong(path, $"is {Short(value)}, and that is no {what}; there are {string.Join(", ", words)}");
            return null;
        }

        // What is missing has no line of its own: that of what should hold it is told.
        private void Wrong(string path, string why, string? within = null) =>
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"line {places.LineOf(within ?? path)}: {(path.Length == 0 ? "the file" : path)} {why}."));

        private static string Under(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";

        // Whoever puts a token itself where its hash belongs must not find it in a log.
        private static string Short(JsonElement value) => value.ValueKind != JsonValueKind.String ? $"a {value.ValueKind}".ToLowerInvariant()
            : value.GetString() is { Length: <= 24 } text ? $"'{text}'" : $"a text of {value.GetString()!.Length} characters";
    }
}
