using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Timeline.Host.Client;
using Timeline.Hosting;
using Timeline.Query;

namespace Timeline.Host.Commands;

/// <summary>The options that many commands take, each with one name, one meaning and one check.</summary>
internal static class GivenOptions
{
    public const string DefaultData = "./data";

    public static readonly Option<string> Data = new("--data")
    {
        Description = "The data folder. When no service holds it, the command runs one in itself.",
        DefaultValueFactory = _ => DefaultData,
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<Uri?> Server = new("--server")
    {
        Description = "Address of a running service, such as http://127.0.0.1:7410, instead of a data folder.",
        HelpName = "URL",
        Recursive = true,
        CustomParser = AbsoluteHttp,
    };

    public static readonly Option<string?> TokenFile = new("--token-file")
    {
        Description = $"The file that holds the token for the service, and nothing else. [the token in {Credentials.Variable}]",
        HelpName = "FILE",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json") { Description = "The answer as JSON, exactly as the service gives it.", Recursive = true };

    public static readonly Option<string?> AsOf = new("--as-of") { Description = "The day in the world, yyyy-MM-dd. Default: the log's latest day.", HelpName = "DAY" };
    public static readonly Option<string?> KnownAt = new("--known-at") { Description = "Only what the log held by then: an ordinal or an ISO 8601 time. Default: now.", HelpName = "TIME|ORDINAL" };
    public static readonly Option<string?> ReportedBy = new("--reported-by") { Description = "Only what had been published by this day, yyyy-MM-dd.", HelpName = "DAY" };

    public static readonly Option<int> Limit = new("--limit")
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"Lines of a page, 1 to {Paging.MaxLimit}."),
        HelpName = "N",
        DefaultValueFactory = _ => Paging.DefaultLimit,
    };

    public static readonly Option<string?> Cursor = new("--cursor") { Description = "Where the page before ended, as it said.", HelpName = "CURSOR" };

    public static Command WithClocks(this Command command) => command.With(AsOf, KnownAt, ReportedBy);

    public static Command WithPages(this Command command) => command.With(Limit, Cursor);

    public static Command With(this Command command, params Symbol[] symbols)
    {
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Option option: command.Add(option); break;
                case Argument argument: command.Add(argument); break;
                case Command child: command.Add(child); break;
            }
        }

        return command;
    }

    /// <summary>A path with the clocks and pages that were given. Only options that the command takes count.</summary>
    public static string Question(this ParseResult parse, string path, params (string Name, string? Value)[] more)
    {
        var command = parse.CommandResult.Command;
        IEnumerable<(string Name, string? Value)> given =
        [
            .. more,
            ("asOf", Given(AsOf)), ("knownAt", Given(KnownAt)), ("reportedBy", Given(ReportedBy)),
            ("limit", command.Options.Contains(Limit) ? parse.GetValue(Limit).ToString(CultureInfo.InvariantCulture) : null), ("cursor", Given(Cursor)),
        ];
        var query = string.Join('&', given.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => p.Name + "=" + Uri.EscapeDataString(p.Value!)));
        return query.Length == 0 ? path : path + "?" + query;

        string? Given(Option<string?> option) => command.Options.Contains(option) ? parse.GetValue(option) : null;
    }

    private static Uri? AbsoluteHttp(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
        {
            return uri;
        }

        result.AddError($"--server is '{text}'; it is an address such as http://127.0.0.1:7410.");
        return null;
    }
}
