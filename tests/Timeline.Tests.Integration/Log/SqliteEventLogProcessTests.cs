using System.Text.Json;
using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Integration.Log;

/// <summary>What the log keeps when its process is killed, when several share the file, and when the disk takes no more.</summary>
public sealed class SqliteEventLogProcessTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("timeline-log-");
    private readonly CancellationToken ct = new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    private string LogPath => Path.Combine(folder.FullName, "log.db");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(2024)]
    [InlineData(1119)]
    public async Task Killed_at_any_instant_the_log_reopens_with_every_acknowledged_event_and_no_half_append(int seed)
    {
        const int Kills = 6;
        var random = new Random(seed);
        var acknowledged = new List<(string By, int Number, long Ordinal)>();
        for (var kill = 1; kill <= Kills; kill++)
        {
            // Small events gather in the write-ahead file; large ones make it move into the file while it is being written.
            var bytes = (int[])[10, 3000, 60_000];
            var name = "run" + kill;
            using var child = ChildProcess.Start(ChildProcess.Append(LogPath, name, count: 0, bytes[random.Next(3)]));
            var before = await child.AcknowledgedAsync(random.Next(1, 300), ct);
            child.Kill();
            var (_, after, error) = await child.ToEndAsync(ct);
            Assert.Equal("", error);
            acknowledged.AddRange(before.Concat(after).Select(a => (name, a.Number, a.Ordinal)));

            // Every other time the next process finds the file as the killed one left it.
            if (kill % 2 == 0)
            {
                Assert.InRange(await AssertWholeAsync(acknowledged), 0, kill);
            }
        }
    }

    [Fact]
    public async Task Killed_while_it_makes_the_log_the_next_opening_finds_a_log_or_makes_one()
    {
        for (var kill = 0; kill < 5; kill++)
        {
            var path = Path.Combine(folder.FullName, $"new{kill}.db");
            using var child = ChildProcess.Start(ChildProcess.Append(path, "new", count: 0, bytes: 10));
            Assert.Equal("opening", await child.StandardOutput.ReadLineAsync(ct));
            child.Kill();
            await child.ToEndAsync(ct);

            await using var log = SqliteEventLog.Open(path, TimeProvider.System);
            var head = await log.HeadAsync(ct);
            var next = await log.AppendAsync(new StreamName("event-next"), ExpectedRevision.NoStream, [Sample()], ct);
            Assert.Equal(head.Ordinal.Next, Assert.IsType<AppendResult.Appended>(next).Last.Ordinal);
        }
    }

    [Fact]
    public async Task Several_processes_append_to_one_log_and_a_follower_in_another_gets_every_event_in_order()
    {
        const int Appends = 60;
        const int Events = 3 * ((Appends / 2) + (Appends / 2 * 3));
        await using var log = SqliteEventLog.Open(LogPath, TimeProvider.System);
        var children = Enumerable.Range(1, 3).Select(n => ChildProcess.Start(ChildProcess.Append(LogPath, "p" + n, Appends, bytes: 200))).ToList();
        var ends = children.Select(c => c.ToEndAsync(ct)).ToList();

        var followed = new List<LogEvent>();
        await foreach (var page in log.FollowAllAsync(LogPlace.Start, 50, ct))
        {
            followed.AddRange(page.Events);
            if (followed.Count >= Events)
            {
                break;
            }
        }

        var acknowledged = new List<(string, int, long)>();
        for (var i = 0; i < ends.Count; i++)
        {
            var (code, appends, error) = await ends[i];
            Assert.True(code == 0, error);
            Assert.Equal(Appends, appends.Count);
            acknowledged.AddRange(appends.Select(a => ("p" + (i + 1), a.Number, a.Ordinal)));
            children[i].Dispose();
        }

        Assert.Equal(Enumerable.Range(0, Events), followed.Select(e => (int)e.Ordinal.Value));
        Assert.Equal(0, await AssertWholeAsync(acknowledged));
    }

    [Fact]
    public async Task Several_processes_that_open_a_new_log_at_once_share_one()
    {
        var children = Enumerable.Range(1, 4).Select(n => ChildProcess.Start(ChildProcess.Append(LogPath, "p" + n, 4, bytes: 10))).ToList();
        var acknowledged = new List<(string, int, long)>();
        for (var i = 0; i < children.Count; i++)
        {
            var (code, appends, error) = await children[i].ToEndAsync(ct);
            Assert.True(code == 0, error);
            acknowledged.AddRange(appends.Select(a => ("p" + (i + 1), a.Number, a.Ordinal)));
            children[i].Dispose();
        }

        Assert.Equal(16, acknowledged.Count);
        Assert.Equal(0, await AssertWholeAsync(acknowledged));
        Assert.Equal(["log.db"], folder.GetFiles().Select(f => f.Name));
    }

    [Fact]
    public async Task A_disk_that_takes_no_more_is_told_and_nothing_acknowledged_is_lost()
    {
        Assert.False(OperatingSystem.IsWindows(), "Limits the size of files as POSIX shells do.");
        // 4096 blocks of 512 bytes: writing beyond 2 MB fails, as on a full disk. (The runtime's own mapping of code would meet the limit first.)
        string[] limited = ["/bin/sh", "-c", """trap '' XFSZ; ulimit -f 4096; export DOTNET_EnableWriteXorExecute=0; exec "$@" """, "sh"];
        using var child = ChildProcess.Start([.. limited, .. ChildProcess.Append(LogPath, "full", count: 0, bytes: 20_000)]);

        var (code, appends, error) = await child.ToEndAsync(ct);

        Assert.True(code == 3, $"{code}: {error}");
        Assert.Contains("LogUnavailableException", error, StringComparison.Ordinal);
        Assert.Contains("free", error, StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(appends);
        Assert.Equal(0, await AssertWholeAsync([.. appends.Select(a => ("full", a.Number, a.Ordinal))]));
    }

    // Opens the log and checks what must hold whatever happened to its writers; returns how many appends stand there that nobody was told of.
    private async Task<int> AssertWholeAsync(List<(string By, int Number, long Ordinal)> acknowledged)
    {
        await using var log = SqliteEventLog.Open(LogPath, TimeProvider.System);
        var appends = new Dictionary<(string By, int Number), List<(int Part, long Ordinal)>>();
        var ordinal = 0L;
        await foreach (var page in log.ReadAllAsync(LogPlace.Start, 1000, ct))
        {
            foreach (var e in page.Events)
            {
                Assert.Equal(ordinal++, e.Ordinal.Value);
                using var json = JsonDocument.Parse(e.Data);
                var key = (json.RootElement.GetProperty("by").GetString()!, json.RootElement.GetProperty("n").GetInt32());
                if (!appends.TryGetValue(key, out var parts))
                {
                    appends.Add(key, parts = []);
                }

                parts.Add((json.RootElement.GetProperty("part").GetInt32(), e.Ordinal.Value));
            }
        }

        foreach (var ((_, number), parts) in appends)
        {
            var first = parts[0].Ordinal;
            Assert.Equal(Enumerable.Range(0, number % 2 == 0 ? 1 : 3).Select(part => (part, first + part)), parts);
        }

        foreach (var (by, number, last) in acknowledged)
        {
            Assert.Equal(last, appends[(by, number)][^1].Ordinal);
        }

        foreach (var stream in appends.Keys.Where(k => k.Number % 2 == 1).GroupBy(k => k.By))
        {
            var last = await log.LastRevisionAsync(new StreamName("feed-" + stream.Key), ct);
            Assert.Equal((3L * stream.Count()) - 1, last?.Value);
        }

        return appends.Count - acknowledged.Count;
    }

    private static NewEvent Sample() => new("StatementIssued", "{}"u8.ToArray(), """{"recordedAt":"2024-11-19T10:00:00.0000000Z"}"""u8.ToArray());
}
