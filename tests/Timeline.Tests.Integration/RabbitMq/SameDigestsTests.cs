using Timeline.Adapters.RabbitMq;
using Timeline.Benchmarks;
using Timeline.Tests.Integration.Embedded;

namespace Timeline.Tests.Integration.RabbitMq;

/// <summary>The same log gives the same read models, whatever carries its events.</summary>
[Collection(BrokerCollection.Name)]
public sealed class SameDigestsTests(RabbitMqServer server) : IDisposable
{
    private readonly DataFolderFixture folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_a_broker_carries_gives_the_digests_of_one_process()
    {
        var rows = Path.Combine(folder.Path, "rows.tsv");
        GdeltRows.Write(rows, 6_000, seed: 31);
        string embedded;
        await using (var timeline = await folder.OpenAsync())
        {
            await DataFolderFixture.AppendAsync(timeline, File.ReadLines(Path.Combine(AppContext.BaseDirectory, "scenarios", "ukraine-2024.ndjson")));
            await DataFolderFixture.ImportAsync(timeline, rows);
            embedded = await DataFolderFixture.DigestsAsync(timeline);
        }

        Directory.Delete(folder.ReadModels, recursive: true);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var carried = await BrokerRebuild.RunAsync(
            Path.Combine(folder.Path, "log.db"), folder.ReadModels, RabbitMqAddress.Parse(server.Address), "digests", patience.Token);
        Assert.True(carried.Events > 6_000 && carried.Messages > 0);

        await using var again = await folder.OpenAsync();
        Assert.Equal(embedded, await DataFolderFixture.DigestsAsync(again));
    }
}
