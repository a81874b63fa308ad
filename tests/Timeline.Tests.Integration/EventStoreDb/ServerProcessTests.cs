using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Timeline.Tests.Integration.EventStoreDb;

/// <summary>The test server as a process that is killed: what it acknowledged is there, once, when it comes back.</summary>
public sealed class ServerProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Timeline.Tests.EventStoreDb.dll");
    private static readonly string Dotnet = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("timeline-esdb-");
    private readonly List<Process> started = [];

    public void Dispose()
    {
        foreach (var process in started)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.Dispose();
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_killed_server_has_every_append_that_it_acknowledged_once()
    {
        var acknowledged = new List<int>();
        for (var round = 0; round < 3; round++)
        {
            var (process, address) = await StartAsync();
            using var client = new RawClient(address);
            await AppendUntilKilledAsync(client, process, acknowledged, killAfter: 20);
        }

        var (_, last) = await StartAsync();
        using var reader = new RawClient(last);
        var read = await reader.ReadAsync("s");

        Assert.Equal(read.Select((_, n) => (long)n), read.Select(e => e.Revision));
        Assert.Equal(read.Count, read.Select(e => e.Id).Distinct().Count());
        Assert.Empty(acknowledged.Select(Id).Except(read.Select(e => e.Id)));
    }

    [Fact]
    public async Task A_torn_write_is_cut_off_and_said()
    {
        var (process, address) = await StartAsync();
        using (var client = new RawClient(address))
        {
            await client.AppendAsync("s", Id(1));
            await client.AppendAsync("s", Id(2), Id(3));
        }

        process.Kill();
        await process.WaitForExitAsync();
        var log = new FileInfo(Path.Combine(folder.FullName, "log"));
        await using (var file = log.Open(FileMode.Open))
        {
            file.SetLength(file.Length - 5);
        }

        var (_, again) = await StartAsync();
        using var reader = new RawClient(again);

        Assert.Equal([(Id(1), 0L)], await reader.ReadAsync("s"));
    }

    private static async Task AppendUntilKilledAsync(RawClient client, Process process, List<int> acknowledged, int killAfter)
    {
        var next = acknowledged.Count == 0 ? 1 : acknowledged[^1] + 1000;
        for (var n = 0; ; n++)
        {
            var appending = client.AppendAsync("s", Id(next + n));
            if (n == killAfter)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            try
            {
                Assert.Equal(0, (await appending).Status);
                acknowledged.Add(next + n);
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private static Guid Id(int n) => new(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    private async Task<(Process Process, Uri Address)> StartAsync()
    {
        var start = new ProcessStartInfo(Dotnet, [Program, "--port", "0", "--db", folder.FullName]) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        started.Add(process);
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            const string Ready = "listening on esdb://127.0.0.1:";
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                var port = int.Parse(line[Ready.Length..line.IndexOf('?', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
                return (process, new Uri($"http://127.0.0.1:{port}"));
            }
        }

        throw new InvalidOperationException("The server ended before it listened.");
    }
}
