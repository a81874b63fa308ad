using Timeline.Tests.Integration.Host;
using Timeline.Tests.Integration.RabbitMq;
using Timeline.Tests.Integration.Soak;

namespace Timeline.Tests.Integration.Apart;

/// <summary>
/// kill -9 of any service, and of the broker, at moments that a seed picks, while events are given: what was acknowledged is there, the end is that of one process that nothing
/// disturbed, and a downstream service on the bus has seen every change, once after de-duplication and in order per subject.
/// </summary>
[Trait("Category", SoakSettings.Category)]
public sealed class KillApartRounds : IDisposable
{
    private const int Rows = 1_500;
    private const int LongestMilliseconds = 700;

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
            (seed, random) => timeline.KeepOnFailureAsync($"apart-{seed}", path => RoundAsync(path, random, new Giver(gifts), account)),
            otherwise: 5);
    }

    private async Task<string> RoundAsync(string path, Random random, Giver giver, Account account)
    {
        var broker = new RabbitMqServer();
        await broker.InitializeAsync();
        try
        {
            using var apart = new ServicesApart(timeline, broker.Address, path);
            await apart.StartAsync(projectors: 2, relays: 2);
            await apart.CaughtUpAsync(2);
            await using var downstream = await Downstream.BindAsync(broker.Address, apart.Query);
            var giving = GiveAsync(giver, apart.Http);
            var blows = new List<string>();
            string[] victims = ["Ingest", "Relay-1", "Relay-2", "Projector-1", "Projector-2", "Query", "broker"];
            for (var left = random.Next(2, 6); left > 0; left--)
            {
                var (victim, after) = (victims[random.Next(victims.Length)], random.Next(LongestMilliseconds));
                await Task.WhenAny(giving, Task.Delay(TimeSpan.FromMilliseconds(after), TimeProvider.System));
                blows.Add($"{victim} after {after} ms");
                await (victim == "broker" ? KillAsync(broker) : KillAsync(apart, victim));
            }

            await giving;
            account.AssertEquals(await Account.AtEndAsync(apart.Http, giver));
            await apart.CaughtUpAsync();
            return $"{string.Join(", ", blows)}; {await downstream.AssertSawEverythingAsync(apart.Query)}";
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }

    private static async Task KillAsync(RabbitMqServer broker)
    {
        await broker.KillAsync();
        await broker.StartAgainAsync();
    }

    private static async Task KillAsync(ServicesApart apart, string victim)
    {
        await apart.KillAsync(victim);
        await apart.StartAsync(victim);
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
