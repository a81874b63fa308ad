using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Timeline.Adapters.EventStoreDb;
using Timeline.Domain.Ports;

namespace Timeline.Benchmarks;

/// <summary>
/// The EventStoreDB that the stages use: a given one, or the test server, in memory and in a process of its own. Each run has stream names of its own, so it can run
/// again on the same server; what it appends to a given one stays there.
/// </summary>
internal sealed class StoreServer(EventStoreDbAddress? given) : IAsyncDisposable
{
    private const string Listening = "listening on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string run = "bench" + RandomNumberGenerator.GetHexString(8, lowercase: true) + "-";
    private Process? process;
    private EventStoreDbAddress? address;

    /// <summary>The same server, with a name more in front of all streams' names.</summary>
    public static EventStoreDbAddress Within(EventStoreDbAddress address, string name) => EventStoreDbAddress.Parse(Text(address) + name);

    /// <summary>The whole connection string, with a password if it has one. It ends with the prefix.</summary>
    public static string Text(EventStoreDbAddress address) =>
        $"{address.Official}{(address.Official.Contains('?', StringComparison.Ordinal) ? '&' : '?')}streamPrefix={address.StreamPrefix}";

    /// <summary>Why the given server can't be used, or null. Asked before anything is measured.</summary>
    public async Task<string?> FaultAsync(CancellationToken ct) =>
        given is null ? null : (await EventStoreDbInspection.LookAsync(given, TimeProvider.System, ct)).FirstOrDefault(f => !f.Ok)?.Detail;

    /// <summary>Where the streams of this run are. <paramref name="anew"/>: the test server begins empty again, a given one can't.</summary>
    public async Task<EventStoreDbAddress> AddressAsync(bool anew, CancellationToken ct)
    {
        if (given is not null)
        {
            return address ??= Within(given, run);
        }

        if (anew || address is null)
        {
            await DisposeAsync();
            address = Within(EventStoreDbAddress.Parse(await StartAsync(ct)), run);
        }

        return address;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            // It has nothing to keep.
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
            process = null;
        }
    }

    private async Task<string> StartAsync(CancellationToken ct)
    {
        // The runtime of this process runs the server too: .../shared/Microsoft.NETCore.App/VERSION/ lies three folders below its dotnet.
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        var program = Path.Combine(AppContext.BaseDirectory, "Timeline.Tests.EventStoreDb.dll");
        var start = new ProcessStartInfo(Path.GetFullPath(dotnet), [program, "--port", "0"]) { RedirectStandardOutput = true };
        process = Process.Start(start) ?? throw new InvalidOperationException("The test server did not start.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(Listening, StringComparison.Ordinal))
            {
                return line[Listening.Length..];
            }
        }

        throw new InvalidOperationException("The test server ended before it answered; what it printed stands above.");
    }
}
