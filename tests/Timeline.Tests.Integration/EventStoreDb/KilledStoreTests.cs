using System.Globalization;
using System.Net;
using Timeline.Adapters.EventStoreDb;
using Timeline.Benchmarks;
using Timeline.Domain.Ports;
using Timeline.Tests.Adapters;
using Timeline.Tests.Integration.Embedded;
using Timeline.Tests.Integration.Host;
using static Timeline.Tests.Adapters.LogSamples;

namespace Timeline.Tests.Integration.EventStoreDb;

/// <summary>A store that is killed -9 and started again in the middle of everything: nothing lost, nothing twice, and all goes on unaided.</summary>
public sealed class KilledStoreTests : IAsyncLifetime
{
    private const int Kills = 3;
    private readonly CancellationToken ct = new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token;
    private readonly StoreProcess store = new();

    public Task InitializeAsync() => store.StartAsync(ct);

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task Appends_a_follower_and_readers_go_on_over_the_deaths_of_the_store()
    {
        const int Events = 1200;
        var address = EventStoreDbAddress.Parse(store.ConnectionString);
        var options = OwnStore.Quick with { Patience = TimeSpan.FromSeconds(60), AttemptTimeout = TimeSpan.FromSeconds(3) };
        await using var log = await EventStoreDbEventLog.OpenAsync(address, Path.Combine(store.Folder, "ordinals.db"), TimeProvider.System, ct, options);
        await using var other = await EventStoreDbEventLog.OpenAsync(address, Path.Combine(store.Folder, "others.db"), TimeProvider.System, ct, options);
        var appended = 0;
        var appending = Task.Run(async () =>
        {
            for (var n = 0; n < Events; n++)
            {
                var result = await log.AppendAsync(new StreamName("feed-f-1"), new ExpectedRevision(n - 1), [Event(n)], ct);
                Assert.Equal(n, Assert.IsType<AppendResult.Appended>(result).Last.Ordinal.Value);
                Volatile.Write(ref appended, n + 1);
            }
        });
        var following = FollowAsync(other, Events);
        var reading = Task.Run(async () =>
        {
            while (!appending.IsCompleted)
            {
                var before = Volatile.Read(ref appended);
                var all = await other.AllAsync(ct, pageSize: 50);
                Assert.Equal(Enumerable.Range(0, all.Count), all.Select(e => (int)e.Ordinal.Value));
                Assert.True(all.Count >= before, $"{before} were acknowledged, {all.Count} are there");
            }
        });

        for (var kill = 1; kill <= Kills; kill++)
        {
            while (Volatile.Read(ref appended) < Events * kill / (Kills + 1))
            {
                await Task.WhenAny(Task.Delay(1, ct), appending);
                Assert.False(appending.IsFaulted, appending.Exception?.ToString());
            }

            await store.KillAsync(ct);
            await store.StartAsync(ct);
        }

        await appending;
        await reading;
        Assert.Equal(Enumerable.Range(0, Events), await following);
        Assert.Equal(Enumerable.Range(0, Events).Select(n => string.Create(CultureInfo.InvariantCulture, $"{{\"n\":{n}}}")), (await other.AllAsync(ct)).Select(e => Text(e.Data)));
    }

    [Fact]
    public async Task An_import_over_the_deaths_of_the_store_ends_as_one_without_them()
    {
        const int Rows = 30_000;
        using var command = new TimelineCommand { Log = store.ConnectionString };
        var rows = Path.Combine(command.Folder, "rows.tsv");
        GdeltRows.Write(rows, Rows, seed: 11);
        using var import = command.StartOnData("import", "gdelt", rows, "--json");
        var ended = import.ToEndAsync();
        await using (var log = await EventStoreDbEventLog.OpenAsync(EventStoreDbAddress.Parse(store.ConnectionString), Path.Combine(store.Folder, "mine.db"), TimeProvider.System, ct))
        {
            var kills = 0;
            await foreach (var page in log.FollowAllAsync(LogPlace.Start, 1000, ct))
            {
                if (kills < 2 && page.Through.Ordinal.Value > Rows * (kills + 1) / 4)
                {
                    kills++;
                    await store.KillAsync(ct);
                    await store.StartAsync(ct);
                }

                if (page.Through.Ordinal.Value >= Rows || ended.IsCompleted)
                {
                    break;
                }
            }

            Assert.True(kills == 2, $"The import had ended after {kills} deaths: {(await ended).Error}");
        }

        var end = await ended;
        Assert.True(end.Code == 0, end.Error);
        Assert.Equal(Rows, end.Json.GetProperty("rows").GetInt32());

        using var undisturbed = new TimelineCommand();
        Assert.Equal(0, (await undisturbed.RunAsync("import", "gdelt", rows, "--json")).Code);
        Assert.Equal((await undisturbed.RunAsync("digests", "--json")).Out, (await command.RunAsync("digests", "--json")).Out);
    }

    [Fact]
    public async Task A_service_whose_store_is_away_is_not_ready_says_why_and_is_ready_again_by_itself()
    {
        using var command = new TimelineCommand { Log = store.ConnectionString };
        var (_, http) = await command.ServeAsync();
        using (http)
        {
            await ReadyAsync(http, HttpStatusCode.OK);

            await store.KillAsync(ct);
            var why = await ReadyAsync(http, HttpStatusCode.ServiceUnavailable);
            Assert.Contains("can't be reached at " + store.ConnectionString, why, StringComparison.Ordinal);

            await store.StartAsync(ct);
            await ReadyAsync(http, HttpStatusCode.OK);
            using var answer = await http.GetAsync(new Uri("/v1/status", UriKind.Relative), ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task An_import_whose_store_stays_away_ends_with_3_and_goes_on_when_it_is_back()
    {
        const int Rows = 30_000;
        using var command = new TimelineCommand { Log = store.ConnectionString };
        var rows = Path.Combine(command.Folder, "rows.tsv");
        GdeltRows.Write(rows, Rows, seed: 12);
        using var import = command.StartOnData("import", "gdelt", rows);
        var ended = import.ToEndAsync();
        await using (var log = await EventStoreDbEventLog.OpenAsync(EventStoreDbAddress.Parse(store.ConnectionString), Path.Combine(store.Folder, "mine.db"), TimeProvider.System, ct))
        {
            await foreach (var page in log.FollowAllAsync(LogPlace.Start, 1000, ct))
            {
                if (page.Through.Ordinal.Value > Rows / 4)
                {
                    break;
                }
            }
        }

        await store.KillAsync(ct);

        var end = await ended;
        Assert.True(end.Code == 3, $"code {end.Code}: {end.Error}");
        Assert.Contains("can't be reached at " + store.ConnectionString, end.Error, StringComparison.Ordinal);
        await store.StartAsync(ct);
        var again = await command.RunAsync("import", "gdelt", rows, "--json");
        Assert.True(again.Code == 0, again.Error);
        Assert.InRange(again.Json.GetProperty("resumed").GetInt32(), Rows / 4, Rows - 1);
    }

    private async Task<string> ReadyAsync(HttpClient http, HttpStatusCode expected)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await look.WaitForNextTickAsync(ct))
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), ct);
            if (answer.StatusCode == expected)
            {
                return await answer.Content.ReadAsStringAsync(ct);
            }
        }

        throw new InvalidOperationException("The timer has ended.");
    }

    private async Task<List<int>> FollowAsync(EventStoreDbEventLog log, int events)
    {
        var seen = new List<int>();
        await foreach (var page in log.FollowAllAsync(LogPlace.Start, 20, ct))
        {
            seen.AddRange(page.Events.Select(e => (int)e.Ordinal.Value));
            if (seen.Count >= events)
            {
                break;
            }
        }

        return seen;
    }
}
