using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Timeline.Tests.Integration.Log;

namespace Timeline.Tests.Integration.EventStoreDb;

/// <summary>The test server as a process of its own, on a port and a folder that it keeps over its deaths.</summary>
internal sealed class StoreProcess : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Timeline.Tests.EventStoreDb.dll");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("timeline-storeprocess-");
    private readonly int port = FreePort();
    private Process? process;

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"esdb://127.0.0.1:{port}?tls=false");

    /// <summary>A folder for whatever belongs to the test.</summary>
    public string Folder => folder.FullName;

    public async Task StartAsync(CancellationToken ct)
    {
        process = ChildProcess.Start(ChildProcess.Dotnet, Program, "--port", port.ToString(CultureInfo.InvariantCulture), "--db", Path.Combine(folder.FullName, "db"));
        while (await process.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (line.StartsWith("listening", StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException("The store ended: " + await process.StandardError.ReadToEndAsync(ct));
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        process!.Kill();
        await process.WaitForExitAsync(ct);
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await KillAsync(CancellationToken.None);
        }

        folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
