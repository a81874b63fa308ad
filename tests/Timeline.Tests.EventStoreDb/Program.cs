using System.Runtime.InteropServices;
using Timeline.Tests.EventStoreDb.Hosting;

namespace Timeline.Tests.EventStoreDb;

internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        await using var server = await EventStoreDbServer.StartAsync();
        Console.WriteLine($"listening on {server.Address}");
        var ended = new TaskCompletionSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => { context.Cancel = true; ended.TrySetResult(); });
        await ended.Task;
        return 0;
    }
}
