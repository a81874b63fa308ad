using System.Buffers.Text;
using System.Net;
using System.Text;
using Timeline.Tests.Integration.Host;

namespace Timeline.Tests.Integration.Changes;

/// <summary>A snapshot and every change after it, from a live service.</summary>
public sealed class ChangesTests : IDisposable
{
    private readonly TimelineCommand timeline = new();

    public void Dispose() => timeline.Dispose();

    [Fact]
    public async Task From_every_cursor_the_rest_comes_once_and_nothing_else()
    {
        var (_, http) = await timeline.ServeAsync();
        using (http)
        {
            var start = (await http.SnapshotAsync())["cursor"]!.GetValue<string>();
            await http.GiveAsync("a");
            var all = (await http.HearAsync(start)).Changes();

            Assert.Equal(["EscalationChanged", "EscalationRevised", "StanceChanged"], all.Select(c => c.EventType).Distinct().Order());
            Assert.Equal(all.Count, all.Select(c => c.Member("id")).Distinct().Count());
            for (var i = 0; i < all.Count; i++)
            {
                Assert.Equal(all[i].EventId, all[i].Member("cursor"));
                Assert.Equal(all.Skip(i + 1).Select(c => c.Data), (await http.HearAsync(all[i].EventId!)).Changes().Select(c => c.Data));
            }

            // A snapshot goes on where it stands, and so does any other answer.
            Assert.Empty((await http.HearAsync((await http.SnapshotAsync())["cursor"]!.GetValue<string>())).Changes());
            Assert.Equal(
                all.Where(c => c.Member("subject") == "FRA" && c.EventType == "StanceChanged").Select(c => c.Data),
                (await http.HearAsync(start, more: "&country=FRA&type=StanceChanged")).Changes().Select(c => c.Data));
            Assert.Contains("cursor", (await http.HearAsync(start, "heartbeat", "&heartbeat=1&country=DEU")).Last().Data, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_follower_hears_what_is_given_while_it_listens_also_after_a_restart()
    {
        var (process, http) = await timeline.ServeAsync();
        var cursor = (await http.SnapshotAsync())["cursor"]!.GetValue<string>();
        await http.GiveAsync("a");
        var before = (await http.HearAsync(cursor)).Changes();
        http.Dispose();
        process.Kill();
        await process.WaitForExitAsync();

        (_, http) = await timeline.ServeAsync();
        using (http)
        {
            Assert.Equal(before.Select(c => c.Data), (await http.HearAsync(cursor)).Changes().Select(c => c.Data));
            var hearing = http.HearAsync(before[^1].EventId!, "StanceChanged", "&country=FRA");
            await http.GiveAsync("b");
            Assert.Equal("b", (await hearing)[^1].Member("issue"));
        }
    }

    [Fact]
    public async Task A_cursor_that_can_not_be_served_is_410_with_the_address_of_a_snapshot()
    {
        var (_, http) = await timeline.ServeAsync();
        using (http)
        {
            var log = (await http.SnapshotAsync())["logId"]!.GetValue<string>();
            string[] gone = [Cursor("another", 1, 5), Cursor(log, 2, 5), Cursor(log, 1, -1)];
            foreach (var cursor in gone)
            {
                using var refused = await http.GetAsync(new Uri("/v1/changes?from=" + cursor, UriKind.Relative));
                Assert.Equal(HttpStatusCode.Gone, refused.StatusCode);
                Assert.Contains("\"snapshot\":\"/v1/snapshot\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }

            using var none = await http.GetAsync(new Uri("/v1/changes?from=pigeon", UriKind.Relative));
            Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        }
    }

    [Fact]
    public async Task The_commands_show_the_snapshot_and_the_changes()
    {
        var (_, http) = await timeline.ServeAsync();
        using (http)
        {
            var server = http.BaseAddress!.ToString();
            var snapshot = (await timeline.RunOnAsync("snapshot", "--json", "--server", server)).Json;
            await http.GiveAsync("a");
            var json = await timeline.RunOnAsync("changes", "--once", "--json", "--from", snapshot.GetProperty("cursor").GetString()!, "--server", server);
            var lines = await timeline.RunOnAsync("changes", "--once", "--country", "RUS", "--from", snapshot.GetProperty("cursor").GetString()!, "--server", server);

            Assert.Equal((0, 0), (json.Code, lines.Code));
            Assert.Equal((await http.HearAsync(snapshot.GetProperty("cursor").GetString()!)).Changes().Select(c => c.Data), json.Lines);
            Assert.Contains(lines.Lines, l => l.Contains("2 threats at least", StringComparison.Ordinal));
        }
    }

    private static string Cursor(string log, long epoch, long ordinal) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(FormattableString.Invariant($"c|{log}|{epoch}|{ordinal}|0")));
}
