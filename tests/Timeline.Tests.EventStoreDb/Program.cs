using System.Globalization;
using System.Runtime.InteropServices;
using Timeline.Tests.EventStoreDb.Hosting;
using Timeline.Tests.EventStoreDb.Store;

namespace Timeline.Tests.EventStoreDb;

/// <summary>The server as a process of its own: to be killed, restarted, and asked by other programs.</summary>
internal static class Program
{
    private const string Help = """
        A server that speaks the gRPC protocol of EventStoreDB 23.10, as far as streams go, on 127.0.0.1. For tests only.

        Timeline.Tests.EventStoreDb [--port N] [--db DIR] [--tls [--ca FILE] [--no-anonymous]] [--statistics-every N] [--live-buffer N] [--drop-slow]

          --port N              the port; 2113 if not given, 0 for any free one
          --db DIR              keeps the log in DIR, every write on the disk before it is answered; without it the log is in memory
          --tls                 TLS with a certificate made at the start; users admin and ops, password changeit
          --ca FILE             writes the certificate of the authority to FILE, as PEM
          --no-anonymous        callers without a name are refused
          --statistics-every N  the server writes an event of its own after every N of others
          --live-buffer N       how many events a live subscriber may be behind; 1024 if not given
          --drop-slow           drops subscribers that are further behind, in place of letting them catch up again

        Prints "listening on ..." once it answers, and ends on SIGTERM and Ctrl-C. Over HTTP: GET /info, GET /health/live, GET /counters,
        POST /faults with any of {"clear":true,"breakAnswers":N,"swallowAnswers":N,"unavailable":N,"notReady":N,
        "notLeader":{"writes":N,"host":"...","port":N},"dropReadsAfter":N,"stall":true|false}.
        """;

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments.Contains("--help"))
        {
            Console.WriteLine(Help);
            return 0;
        }

        if (Parse(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync("Wrong arguments; --help says which there are.");
            return 2;
        }

        try
        {
            await RunAsync(options);
            return 0;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task RunAsync(EventStoreDbServerOptions options)
    {
        await using var server = await EventStoreDbServer.StartAsync(options);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ended.TrySetResult();
        }

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        if (server.Store.CutOff > 0)
        {
            Console.WriteLine($"cut off {server.Store.CutOff} bytes of a torn write");
        }

        Console.WriteLine($"listening on {server.ConnectionString}");
        await ended.Task;
        foreach (var error in server.Errors)
        {
            await Console.Error.WriteLineAsync(error.ToString());
        }
    }

    /// <returns>Null if an argument is not understood.</returns>
    private static EventStoreDbServerOptions? Parse(string[] arguments)
    {
        var options = new EventStoreDbServerOptions { Port = 2113 };
        for (var n = 0; n < arguments.Length; n++)
        {
            var value = n + 1 < arguments.Length ? arguments[n + 1] : null;
            int? number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
            (options, var taken) = (arguments[n], value, number) switch
            {
                ("--port", _, { } port) => (options with { Port = port }, 1),
                ("--db", { } folder, _) => (options with { Store = options.Store with { Folder = folder } }, 1),
                ("--tls", _, _) => (options with { Tls = true }, 0),
                ("--ca", { } file, _) => (options with { CertificateFile = file }, 1),
                ("--no-anonymous", _, _) => (options with { AnonymousAccess = false }, 0),
                ("--statistics-every", _, { } events) => (options with { Store = options.Store with { StatisticsEvery = events } }, 1),
                ("--live-buffer", _, { } events) => (options with { LiveBuffer = events }, 1),
                ("--drop-slow", _, _) => (options with { WhenTooSlow = SlowSubscriber.IsDropped }, 0),
                _ => (null!, 0),
            };
            if (options is null)
            {
                return null;
            }

            n += taken;
        }

        return options;
    }
}
