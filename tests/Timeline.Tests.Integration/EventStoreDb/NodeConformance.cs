using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Timeline.Tests.EventStoreDb.Hosting;

namespace Timeline.Tests.Integration.EventStoreDb;

/// <summary>What the official Node.js client said of the test server: asked once, of a node, of one with TLS and of a cluster.</summary>
public sealed class NodeConformance : IAsyncLifetime
{
    private const string Install = "These tests run the official client: install Node.js 20 or later with npm, and try again. Without it: dotnet test --filter 'FullyQualifiedName!~NodeConformance'";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "EventStoreDb", "node");

    /// <summary>The titles of all cases, in their order.</summary>
    public static string[] Titles => File.ReadAllLines(Path.Combine(Folder, "cases.txt"));

    /// <summary>The error of each case that ran; null for one that held.</summary>
    public Dictionary<string, string?> Errors { get; } = [];

    /// <summary>What the client's process wrote to standard error.</summary>
    public string StandardError { get; private set; } = "";

    /// <summary>What went wrong in the servers themselves.</summary>
    public List<Exception> ServerErrors { get; } = [];

    public async Task InitializeAsync()
    {
        await InstallAsync();
        var authority = Path.Combine(Folder, $"authority-{Environment.ProcessId}.pem");
        try
        {
            await using var node = await EventStoreDbServer.StartAsync();
            await using var secure = await EventStoreDbServer.StartAsync(new EventStoreDbServerOptions { Tls = true, CertificateFile = authority });
            await using var cluster = await EventStoreDbCluster.StartAsync(3);
            var said = await RunAsync(
                "node", "conformance.mjs", node.ConnectionString,
                "--secure", $"127.0.0.1:{secure.Address.Port}?tls=true&tlsCAFile={Uri.EscapeDataString(authority)}",
                "--cluster", cluster.ConnectionString, "--follower", cluster.Nodes[2].ConnectionString);
            foreach (var line in said.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var told = JsonDocument.Parse(line);
                Errors.Add(told.RootElement.GetProperty("case").GetString()!, told.RootElement.GetProperty("error").GetString());
            }

            StandardError = said.Error;
            ServerErrors.AddRange([.. node.Errors, .. secure.Errors, .. cluster.Nodes.SelectMany(n => n.Errors)]);
        }
        finally
        {
            File.Delete(authority);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Installs what package-lock.json says, once for every state of it.</summary>
    private static async Task InstallAsync()
    {
        var digest = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, "package-lock.json"))));
        var installed = Path.Combine(Folder, "node_modules", ".installed");
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == digest)
        {
            return;
        }

        var ended = await RunAsync("npm", "ci", "--ignore-scripts", "--prefer-offline");
        Assert.True(ended.Code == 0, $"npm ci failed in {Folder}: {ended.Error}{ended.Out}");
        await File.WriteAllTextAsync(installed, digest);
    }

    private static async Task<(int Code, string Out, string Error)> RunAsync(string command, params string[] arguments)
    {
        using var patience = new CancellationTokenSource(Patience);
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException($"{command} cannot be started ({exception.Message}). {Install}", exception);
        }

        using (process)
        {
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(patience.Token);
                var error = process.StandardError.ReadToEndAsync(patience.Token);
                await process.WaitForExitAsync(patience.Token);
                return (process.ExitCode, await output, await error);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
    }
}
