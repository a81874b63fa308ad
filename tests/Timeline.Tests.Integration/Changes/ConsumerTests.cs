using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Timeline.Tests.Integration.Apart;
using Timeline.Tests.Integration.Host;
using Timeline.Tests.Integration.RabbitMq;

namespace Timeline.Tests.Integration.Changes;

/// <summary>The consumers that the documentation shows, against live services: what they end up with is the snapshot.</summary>
[Collection(BrokerCollection.Name)]
public sealed class ConsumerTests(RabbitMqServer broker) : IDisposable
{
    private readonly TimelineCommand timeline = new();
    private readonly List<Process> started = [];

    public void Dispose()
    {
        foreach (var process in started)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }

        timeline.Dispose();
    }

    [Fact]
    public async Task The_consumer_in_Python_ends_up_with_the_snapshot()
    {
        var (_, http) = await timeline.ServeAsync();
        using (http)
        {
            var head = await http.GiveAsync("a");
            var consumer = Start("python3", Path.Combine(AppContext.BaseDirectory, "consumers", "timeline_consumer.py"), http.BaseAddress!.ToString(), "--until", (head + 5).ToString(CultureInfo.InvariantCulture));
            Assert.StartsWith("Bound", await consumer.StandardError.ReadLineAsync(), StringComparison.Ordinal);
            await http.GiveAsync("b");
            var ended = await consumer.ToEndAsync();

            Assert.Equal((0, ""), (ended.Code, ended.Error));
            Assert.Equal(ChangeStream.SubjectsOf(await http.SnapshotAsync()), ChangeStream.Canonical(JsonNode.Parse(ended.Out)));
        }
    }

    [Fact]
    public async Task The_consumer_in_CSharp_binds_a_queue_and_ends_up_with_the_snapshot()
    {
        using var apart = new ServicesApart(timeline, broker.Address);
        await apart.StartAsync();
        await apart.CaughtUpAsync(2);
        await apart.Http.GiveAsync("a");
        await apart.CaughtUpAsync();
        var consumer = Start(
            TimelineCommand.Dotnet, Path.Combine(AppContext.BaseDirectory, "Timeline.Consumer.dll"), broker.Address, apart.Query.BaseAddress!.ToString(), "consumer-" + Path.GetFileName(timeline.Folder));
        Assert.Equal("Bound.", await consumer.StandardError.ReadLineAsync());
        await apart.Http.GiveAsync("b");
        await apart.CaughtUpAsync();
        var snapshot = ChangeStream.SubjectsOf(await apart.Query.SnapshotAsync());
        using var patience = new CancellationTokenSource(TimelineCommand.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        string known;
        do
        {
            await look.WaitForNextTickAsync(patience.Token);
            await consumer.StandardInput.WriteLineAsync();
            known = ChangeStream.Canonical(JsonNode.Parse(await consumer.StandardOutput.ReadLineAsync(patience.Token) ?? "null"));
        }
        while (known != snapshot);
        consumer.StandardInput.Close();

        Assert.Equal(0, (await consumer.ToEndAsync()).Code);
    }

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        started.Add(Process.Start(start)!);
        return started[^1];
    }
}
