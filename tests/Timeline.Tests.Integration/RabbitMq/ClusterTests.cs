using System.Diagnostics;
using Timeline.Adapters.RabbitMq;
using Timeline.Benchmarks;

namespace Timeline.Tests.Integration.RabbitMq;

/// <summary>Three nodes on this machine: queues live on all of them, and go on when the node that leads them dies.</summary>
[Collection(BrokerCollection.Name)]
public sealed class ClusterTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("timeline-cluster-").FullName;
    private string[] addresses = [];

    public async Task InitializeAsync() =>
        addresses = (await LocalScript.RunAsync("cluster", new Dictionary<string, string>(), "start", folder)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async Task DisposeAsync()
    {
        await LocalScript.RunAsync("cluster", new Dictionary<string, string>(), "stop", folder);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task When_the_node_that_leads_the_queues_is_killed_the_others_go_on_with_them()
    {
        Assert.Equal(3, addresses.Length);
        await using var feed = new FeedOverBroker($"amqp://{string.Join(',', addresses.Select(a => new Uri(a).Authority))}", "cluster");
        var first = addresses[0];

        // Whoever declares a queue has its leader on the node that it is connected to.
        await using (var publisher = new RabbitMqPublisher(feed.Options with { Address = RabbitMqAddress.Parse(first) }, TimeProvider.System))
        {
            await publisher.CheckAsync(default);
        }

        Assert.Contains("timeline1@localhost", await LeaderAsync(feed.QueueOf("stance", 1)), StringComparison.Ordinal);
        var projector = feed.StartProjector();
        var relay = feed.StartRelay();
        feed.Append(200);
        await feed.FoldedAsync(projector);
        await feed.PublishedAsync(relay);

        await RabbitMqServer.KillAsync(Path.Combine(folder, "1"));
        var watch = Stopwatch.StartNew();
        feed.Append(200);
        await feed.FoldedAsync(projector);
        await feed.PublishedAsync(relay);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.DoesNotContain("timeline1@localhost", await LeaderAsync(feed.QueueOf("stance", 1)), StringComparison.Ordinal);
    }

    private async Task<string> LeaderAsync(string queue)
    {
        var all = await LocalScript.RunAsync("rabbitmq", new Dictionary<string, string>(), "ctl", Path.Combine(folder, "2"), "list_queues", "--quiet", "name", "leader");
        return Assert.Single(all.Split('\n'), line => line.StartsWith(queue + "\t", StringComparison.Ordinal));
    }
}
