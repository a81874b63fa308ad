using System.CommandLine;
using System.Text.Json;
using Timeline.Domain.Access;
using Timeline.Host.Client;
using Timeline.Host.Screen;
using Timeline.Hosting.Access;

namespace Timeline.Host.Commands;

/// <summary>One token of <c>timeline token list --json</c>. Sha256: the beginning of its hash.</summary>
public sealed record TokenLine(string Name, IReadOnlyList<string> Roles, string? Expires, bool Expired, string Sha256);

/// <summary>Answer of <c>timeline token list --json</c>.</summary>
public sealed record TokenList(IReadOnlyList<TokenLine> Tokens, IReadOnlyList<string> SecondPerson);

/// <summary><c>timeline token new|list|revoke</c>: who may call the services. They work on the tokens file alone, and ask no service.</summary>
internal static class TokenCommand
{
    /// <summary>The environment's name for the tokens file.</summary>
    public const string FileVariable = "TIMELINE_TOKENS";

    private const string DefaultFile = "./tokens.json";

    // Enough to tell two tokens apart.
    private const int ShownOfHash = 8;

    private static readonly Option<string> TokensFile = new("--file")
    {
        Description = $"The tokens file. [{FileVariable}, or {DefaultFile}]",
        HelpName = "FILE",
        DefaultValueFactory = _ => FileGiven ?? DefaultFile,
    };

    private static readonly Argument<string> Name = new("name") { Description = "Who it is for: what is done with the token is recorded under this name.", HelpName = "NAME" };

    /// <summary>The tokens file that the environment names.</summary>
    public static string? FileGiven => Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file ? file : null;

    public static Command Make() =>
        new Command("token", "Who may call the services: tokens with a name and roles, in a file that holds their hashes.").With(New(), List(), Revoke());

    private static Command New()
    {
        var roles = new Option<string[]>("--role")
        {
            Description = $"What the token is good for: {string.Join(", ", RoleWords.All)}. Give it several times for several roles; none holds another.",
            HelpName = "ROLE",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        roles.AcceptOnlyFromAmong([.. RoleWords.All]);
        var expires = new Option<string?>("--expires") { Description = "The last day on which it is good, yyyy-MM-dd, UTC. Without, it is good until it is revoked.", HelpName = "DAY" };
        var command = new Command("new", "Make a token, print it once, and add its hash to the file.").With(Name, roles, expires, TokensFile);
        CommandRun.Bind(command, run =>
        {
            var name = run.Parse.GetRequiredValue(Name);
            var day = run.Parse.GetValue(expires);
            if (!TokenFile.IsName(name))
            {
                throw new TokensException($"NAME is '{name}'; {TokenFile.NameForm}.");
            }

            if (day is not null && (TokenFile.ParseDay(day) is not { } last || last < Today()))
            {
                throw new TokensException($"--expires is '{day}'; it is a day to come, yyyy-MM-dd.");
            }

            var granted = run.Parse.GetRequiredValue(roles).Aggregate(Roles.None, static (all, word) => all | RoleWords.Parse(word)!.Value);
            var token = TokenStore.NewToken();
            var file = run.Parse.GetRequiredValue(TokensFile);
            TokenStore.Add(file, new TokenEntry(name, Convert.ToHexStringLower(TokenStore.HashOf(token)), granted, day is null ? null : TokenFile.ParseDay(day)));
            run.Page.Line(token);
            run.Page.Say($"'{name}' may {RoleWords.Of(granted)}{(day is null ? "" : $", through {day}")}. The token is shown this once; {file} holds its hash. It is given to commands as {Credentials.Variable}, "
                + $"or in a file with --token-file. A service that runs with {file} takes it from now on; timeline serve --tokens {file} starts one.");
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "The names, roles and last days of the tokens, and what needs a second person.").With(TokensFile);
        CommandRun.Bind(command, run =>
        {
            var file = TokenStore.Read(run.Parse.GetRequiredValue(TokensFile));
            var today = Today();
            var lines = file.Tokens.Select(t => new TokenLine(
                t.Name, [.. RoleWords.All.Where(w => t.Roles.HasFlag(RoleWords.Parse(w)!.Value))], t.Expires is { } day ? TokenFile.Shown(day) : null, t.IsExpired(today), t.Sha256[..ShownOfHash])).ToList();
            if (run.Json)
            {
                run.Page.Line(JsonSerializer.Serialize(new TokenList(lines, file.SecondPerson), HostWire.Own.TokenList));
                return Task.FromResult(ExitCodes.Done);
            }

            var table = Page.Table("name", "roles", "last day", "hash");
            foreach (var line in lines)
            {
                table.Row(line.Name, string.Join(", ", line.Roles), (line.Expires ?? "") + (line.Expired ? " (expired)" : ""), line.Sha256 + "...");
            }

            run.Page.Write(table);
            run.Page.Line(file.SecondPerson.Count == 0 ? "Nothing needs a second person." : $"A second person confirms: {string.Join(", ", file.SecondPerson)}.");
            foreach (var doubt in file.Doubts(today))
            {
                run.Page.Say($"Warning: {doubt}");
            }

            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static Command Revoke()
    {
        var command = new Command("revoke", "Take a token out of the file. Services that run with the file refuse it from then on.").With(Name, TokensFile);
        CommandRun.Bind(command, run =>
        {
            var (name, file) = (run.Parse.GetRequiredValue(Name), run.Parse.GetRequiredValue(TokensFile));
            TokenStore.Revoke(file, name);
            run.Page.Line($"The token '{name}' is revoked. Services that run with {file} refuse it from now on.");
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static DateOnly Today() => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
}
