using System.CommandLine;
using System.Text;
using System.Text.Json;
using Timeline.Domain.Methodology;
using Timeline.Hosting;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Ingest.Feeds.Mapping;
using Timeline.Query.Api;

namespace Timeline.Host.Commands;

/// <summary>Answer of <c>timeline mapping check --json</c>.</summary>
public sealed record MappingReport(string File, bool Valid, string? Feed, string? Hash, IReadOnlyList<MappingError> Errors);

/// <summary><c>timeline mapping show|check</c>: without a service, for nothing is asked of a log.</summary>
internal static class MappingCommand
{
    public static Command Make()
    {
        var name = new Argument<string>("name") { Description = string.Join(", ", FeedMappings.BuiltIn), HelpName = "NAME" };
        name.AcceptOnlyFromAmong([.. FeedMappings.BuiltIn]);
        var show = new Command("show", "Print a mapping that Timeline brings along.").With(name);
        CommandRun.Bind(show, run => ShowAsync(run, run.Parse.GetRequiredValue(name)));
        var file = new Argument<string>("file") { Description = "A mapping file.", HelpName = "FILE" };
        var check = new Command("check", "Say all that is wrong with a mapping, line by line. Exit code 1 if anything is.").With(file);
        CommandRun.Bind(check, run => CheckAsync(run, run.Parse.GetRequiredValue(file)));
        return new Command("mapping", "Mappings: how the files of a feed become events.").With(show, check);
    }

    private static Task<int> ShowAsync(CommandRun run, string name)
    {
        var text = FeedMappings.TextOf(name)!;
        run.Page.Line(run.Json ? JsonSerializer.Serialize(text, HostWire.Own.String) : text.TrimEnd());
        return Task.FromResult(ExitCodes.Done);
    }

    private static async Task<int> CheckAsync(CommandRun run, string file)
    {
        var report = Check(file, await File.ReadAllBytesAsync(file, run.Stop).ConfigureAwait(false));
        if (run.Json)
        {
            run.Page.Line(JsonSerializer.Serialize(report, HostWire.Own.MappingReport));
        }
        else
        {
            foreach (var error in report.Errors)
            {
                run.Page.Line($"{file}: {error}");
            }

            run.Page.Line(report.Valid ? $"{file}: the mapping of {report.Feed} can be used; hash {report.Hash}" : FormattableString.Invariant($"{report.Errors.Count} errors"));
        }

        return report.Valid ? ExitCodes.Done : ExitCodes.No;
    }

    private static MappingReport Check(string file, byte[] utf8)
    {
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(utf8);
            var summary = FeedMappings.Check(text, MethodologyVersion.BuiltIn());
            return new MappingReport(file, true, summary.Feed, summary.Hash, []);
        }
        catch (DecoderFallbackException)
        {
            return new MappingReport(file, false, null, null, [new MappingError(1, "", "the text is not UTF-8")]);
        }
        catch (MappingRefusedException e)
        {
            return new MappingReport(file, false, null, null, e.Errors);
        }
    }
}
