using Timeline.Tests.Integration.Host;
using Timeline.Tests.Integration.RabbitMq;
using Timeline.Tests.Integration.Soak;

namespace Timeline.Tests.Integration.Apart;

/// <summary>
/// Services and the broker killed, queues purged, deleted, unbound and overflowing, connections cut, at moments that a seed picks, while events are given: what was acknowledged is
/// there, the end is that of one process that nothing disturbed, and a downstream service on the bus has seen every change, once after de-duplication and in order per subject.
/// Four seeds in a row have every kind.
/// </summary>
[Trait("Category", SoakSettings.Category)]
public sealed class KillApartRounds : IDisposable
{
    private const int Rows = 1_500;
    private const int LongestMilliseconds = 700;
    private const int BlowsPerRound = 3;

    private readonly TimelineCommand timeline = new();

    public void Dispose() => timeline.Dispose();

    [Fact]
    public async Task Whatever_is_killed_whenever_the_services_apart_end_with_the_digests_of_one_process()
    {
        var gifts = Workload.Of(timeline.Folder, Rows);
        Account account;
        await using (var life = Life.On(timeline, Path.Combine(timeline.Folder, "reference")))
        {
            account = await Account.AtEndAsync(life, new Giver(gifts));
        }

        await SoakSettings.RunAsync(
            nameof(KillApartRounds),
            (seed, random) => timeline.KeepOnFailureAsync($"apart-{seed}", path => RoundAsync(path, seed, random, new Giver(gifts), account)),
            otherwise: 5);
    }

    private async Task<string> RoundAsync(string path, int seed, Random random, Giver giver, Account account)
    {
        var broker = new RabbitMqServer();
        await broker.InitializeAsync();
        try
        {
            await using var way = new TcpProxy(broker.Port);
            using var apart = new ServicesApart(timeline, $"amqp://guest:guest@127.0.0.1:{way.Port}/", path);
            foreach (var (option, value) in Blows.Options)
            {
                apart[option] = value;
            }

            await apart.StartAsync(projectors: 2, relays: 2);
            await apart.CaughtUpAsync(2);
            await using var downstream = await Downstream.BindAsync(broker.Address, apart.Query);
            // A broker killed within seconds of it may forget what was bound, and nobody could tell this downstream service what it is not bound to.
            await broker.ControlAsync("eval", "mnesia:sync_log().");
            var giving = GiveAsync(giver, apart.Http);
            var blows = new Blows(apart, broker, way);
            var told = new List<string>();
            for (var i = 0; i < BlowsPerRound; i++)
            {
                var (kind, after) = (Blows.Kinds[(int)((((long)seed * BlowsPerRound) + i) % Blows.Kinds.Count)], random.Next(LongestMilliseconds));
                await Task.WhenAny(giving, Task.Delay(TimeSpan.FromMilliseconds(after), TimeProvider.System));
                told.Add($"{kind} after {after} ms");
                await blows.StrikeAsync(kind);
            }

            await giving;
            account.AssertEquals(await Account.AtEndAsync(apart.Http, giver));
            await apart.CaughtUpAsync();
            return $"{string.Join(", ", told)}; {await downstream.AssertSawEverythingAsync(apart.Query)}";
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }

    // All but the last gift, which waits until everything is visible; again and again where the service that takes them has just been killed.
    private static async Task GiveAsync(Giver giver, HttpClient http)
    {
        using var patience = new CancellationTokenSource(TimelineCommand.Patience);
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                await giver.GiveAsync(http, patience.Token, keep: 1);
                return;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or NotTakenException)
            {
                await again.WaitForNextTickAsync(patience.Token);
            }
        }
    }
}
