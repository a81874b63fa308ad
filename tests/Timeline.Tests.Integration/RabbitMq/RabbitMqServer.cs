using System.Diagnostics;
using RabbitMQ.Client;
using Timeline.Benchmarks;

namespace Timeline.Tests.Integration.RabbitMq;

/// <summary>A RabbitMQ of the tests' own, on loopback and in a folder that goes with it. Tests tell their queues apart by a prefix.</summary>
public sealed class RabbitMqServer : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("timeline-rabbitmq-").FullName;

    /// <summary>For the broker's process.</summary>
    internal Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>amqp://guest:guest@127.0.0.1:PORT/</summary>
    public string Address { get; private set; } = "";

    public int Port => new Uri(Address).Port;

    public async Task InitializeAsync() => Address = (await LocalScript.RunAsync("rabbitmq", Environment, "start", "0", folder)).Trim();

    public async Task DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    public Task StopAsync() => LocalScript.RunAsync("rabbitmq", Environment, "stop", folder);

    /// <summary>kill -9, and waits until it is gone.</summary>
    public Task KillAsync() => KillAsync(folder);

    /// <summary>The same data on the same port.</summary>
    public Task StartAgainAsync() => LocalScript.RunAsync("rabbitmq", Environment, "start", "0", folder);

    /// <summary>A connection of the test's own, to look and to meddle.</summary>
    public Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = new Uri(Address), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    /// <summary>rabbitmqctl with these arguments, and what it says.</summary>
    internal Task<string> ControlAsync(params string[] arguments) => LocalScript.RunAsync("rabbitmq", Environment, ["ctl", folder, .. arguments]);

    internal static async Task KillAsync(string folder)
    {
        using var process = Process.GetProcessById(int.Parse((await File.ReadAllTextAsync(Path.Combine(folder, "pid"))).Trim()));
        process.Kill();
        await process.WaitForExitAsync();
    }
}

/// <summary>One broker for all tests that need one, one test at a time.</summary>
[CollectionDefinition(Name)]
public sealed class BrokerCollection : ICollectionFixture<RabbitMqServer>
{
    public const string Name = "RabbitMQ";
}
