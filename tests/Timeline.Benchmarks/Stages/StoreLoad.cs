using System.Globalization;
using EventStore.Client;
using Timeline.Adapters.EventStoreDb;
using Timeline.Adapters.Sqlite;
using Timeline.Benchmarks.Report;
using Timeline.Domain.Ports;

namespace Timeline.Benchmarks.Stages;

/// <summary>What the stages on EventStoreDB store: the first events of the log that the import has filled, byte for byte as Ingest stored them.</summary>
internal static class StoreLoad
{
    /// <summary>The variable with the address for a stage's process; on a command line others would see its password.</summary>
    public const string Variable = "ESDB";

    /// <summary>Events in an append, as the import has it.</summary>
    public const int Batch = 500;

    private const int PageEvents = 1000;

    public static EventStoreDbAddress Address => EventStoreDbAddress.Parse(
        Environment.GetEnvironmentVariable(Variable) ?? throw new InvalidOperationException($"{Variable} names no EventStoreDB; the bench sets it for its stages."));

    public static EventStoreClient Client(EventStoreDbAddress address) => new(EventStoreClientSettings.Create(address.Official));

    public static async Task<NewEvent[]> EventsAsync(StageFolder folder, bool quick, CancellationToken ct)
    {
        var most = quick ? 2000 : 200_000;
        var events = new List<NewEvent>(most);
        await using var log = SqliteEventLog.Open(folder.Log, TimeProvider.System);
        await foreach (var page in log.ReadAllAsync(LogPlace.Start, PageEvents, ct))
        {
            events.AddRange(page.Events.Take(most - events.Count).Select(e => new NewEvent(e.Type, e.Data, e.Metadata)));
            if (events.Count == most)
            {
                break;
            }
        }

        return [.. events];
    }

    /// <summary>
    /// The events that are read again, in one stream as a feed's file. Nothing is measured but their size; all are read once here, so that whoever is measured first does
    /// not pay for the server's code warming up.
    /// </summary>
    public static async Task<IReadOnlyList<Figure>> FillAsync(StageFolder folder, bool quick, CancellationToken ct)
    {
        var events = await EventsAsync(folder, quick, ct);
        var address = Address;
        await using var client = Client(address);
        await StoreAppendStage.InBatchesAsync(events, (stream, first, batch) => StoreAppendStage.AppendAsync(client, address, stream, first, batch, ct));
        await StoreReadStage.ReadOnceAsync(client, address, ct);
        var bytes = events.Sum(Size);
        await File.WriteAllTextAsync(folder.At("esdb-stored"), string.Create(CultureInfo.InvariantCulture, $"{events.Length} {bytes}"), ct);
        return [new Figure { Name = Names.StoredBytes, Value = (double)bytes / events.Length, Unit = "B/event" }];
    }

    /// <summary>How many events there are to read, and their bytes of data and metadata.</summary>
    public static async Task<(long Events, long Bytes)> StoredAsync(StageFolder folder, CancellationToken ct) =>
        (await File.ReadAllTextAsync(folder.At("esdb-stored"), ct)).Split(' ') is [var events, var bytes]
            ? (long.Parse(events, CultureInfo.InvariantCulture), long.Parse(bytes, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException("The stage esdb-fill has not said what it stored.");

    private static long Size(NewEvent e) => e.Data.Length + e.Metadata.Length;
}
