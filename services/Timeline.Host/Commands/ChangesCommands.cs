using System.CommandLine;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Timeline.Contracts.Changes;
using Timeline.Host.Client;
using Timeline.Host.Screen;
using Timeline.Query.Api;

namespace Timeline.Host.Commands;

/// <summary><c>timeline snapshot</c>, <c>timeline changes</c></summary>
internal static class ChangesCommands
{
    public static Command Snapshot() =>
        ReadCommands.Ask(new Command("snapshot", "Everything that changes carry, of all subjects, at one place; changes go on from its cursor."),
            _ => "/v1/snapshot", ChangesJson.Default.ChangesSnapshot, (page, s) => page.Show(s));

    public static Command Changes()
    {
        var from = new Option<string?>("--from") { Description = "Everything after this place: the cursor of a snapshot, a change or another answer. Default: now.", HelpName = "CURSOR" };
        var country = new Option<string[]>("--country") { Description = "Only changes of this subject; several times for several.", HelpName = "ISO" };
        var type = new Option<string[]>("--type") { Description = "Only changes of this type; several times for several.", HelpName = "TYPE" };
        type.AcceptOnlyFromAmong([.. ChangeTypes.All]);
        var once = new Option<bool>("--once") { Description = "End when everything that is there has been told." };
        var command = new Command("changes", "Follow every change of levels and stances, until Ctrl-C.").With(from, country, type, once);
        CommandRun.Bind(command, run => FollowAsync(
            run, run.Parse.GetValue(from), [.. Named("country", run.Parse.GetValue(country)), .. Named("type", run.Parse.GetValue(type))], run.Parse.GetValue(once)));
        return command;
    }

    private static IEnumerable<(string, string)> Named(string name, string[]? values) => (values ?? []).Select(v => (name, v));

    private static async Task<int> FollowAsync(CommandRun run, string? from, IReadOnlyList<(string Name, string Value)> filter, bool once)
    {
        var session = await run.OpenAsync().ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            from ??= (await session.Client.GetAsync("/v1/snapshot", ChangesJson.Default.ChangesSnapshot, run.Stop).ConfigureAwait(false)).Value.Cursor;
            var path = "/v1/changes?" + string.Join('&', filter.Prepend(("from", from)).Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2)}"));
            using var response = await session.Client.OpenAsync(path, run.Stop).ConfigureAwait(false);
            var body = await response.Content.ReadAsStreamAsync(run.Stop).ConfigureAwait(false);
            await foreach (var told in SseParser.Create(body).EnumerateAsync(run.Stop).ConfigureAwait(false))
            {
                if (told.EventType is not (ChangesEndpoints.CaughtUp or ChangesEndpoints.Heartbeat))
                {
                    run.Page.Line(run.Json ? told.Data : Line(told));
                }
                else if (told.EventType == ChangesEndpoints.CaughtUp)
                {
                    run.Page.Say($"Everything up to here has been told. Go on later with --from {told.EventId}");
                    if (once)
                    {
                        return ExitCodes.Done;
                    }
                }
            }
        }

        run.Page.Say("The service has ended. Go on with --from and the cursor that was told last.");
        return ExitCodes.Unavailable;
    }

    private static string Line(SseItem<string> told) => told.EventType switch
    {
        ChangeTypes.EscalationChanged => ChangePictures.Line(JsonSerializer.Deserialize(told.Data, ChangesJson.Default.EscalationChanged)!),
        ChangeTypes.EscalationRevised => ChangePictures.Line(JsonSerializer.Deserialize(told.Data, ChangesJson.Default.EscalationRevised)!),
        ChangeTypes.StanceChanged => ChangePictures.Line(JsonSerializer.Deserialize(told.Data, ChangesJson.Default.StanceChanged)!),
        _ => told.Data,
    };
}
