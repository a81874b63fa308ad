using Timeline.Adapters.EventStoreDb;
using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;

namespace Timeline.Hosting;

/// <summary>A log that is open, with what closes it, and what is wrong with its store at the moment (null: nothing).</summary>
internal sealed record OpenLog(IEventLog Log, IAsyncDisposable Closing, Func<string?> Trouble) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Closing.DisposeAsync();
}

/// <summary>Where the log of a data folder is: in the folder, or in the EventStoreDB that <see cref="Variable"/> names.</summary>
internal static class LogHome
{
    public const string Variable = "TIMELINE_LOG";

    /// <summary>The address that the environment names, or null: then the log is in the data folder. Throws <see cref="UnavailableException"/> for anything else.</summary>
    public static EventStoreDbAddress? Given()
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return EventStoreDbAddress.IsMeant(text)
            ? Address(text)
            : throw new UnavailableException(
                $"{Variable} is '{EventStoreDbAddress.WithoutPassword(text)}'; it is a connection string such as esdb://HOST:2113?tls=false. Unset it to keep the log in the data folder (--data).");
    }

    /// <summary>The log of a folder: in the store, or in the folder where none is given. Throws the log's exceptions.</summary>
    public static async Task<OpenLog> OpenAsync(DataFolder folder, EventStoreDbAddress? store, TimeProvider clock, CancellationToken ct) =>
        store is not null
            ? await OpenAsync(store, Unmixed(folder, store).Ordinals, clock, ct).ConfigureAwait(false)
            : Open(Unmixed(folder, null).Log, clock);

    /// <summary>The log of a folder that several services share, each with an index of its own.</summary>
    public static async Task<OpenLog> OpenAsync(DataFolder folder, EventStoreDbAddress? store, string service, TimeProvider clock, CancellationToken ct) =>
        store is not null
            ? await OpenAsync(store, Unmixed(folder, store).OrdinalsOf(service), clock, ct).ConfigureAwait(false)
            : Open(Unmixed(folder, null).Log, clock);

    /// <summary>The log in a store; <paramref name="index"/> is the file for what the store does not know of ordinals.</summary>
    public static async Task<OpenLog> OpenAsync(EventStoreDbAddress address, string index, TimeProvider clock, CancellationToken ct, bool mayMake = true)
    {
        var log = await EventStoreDbEventLog.OpenAsync(address, index, clock, ct, new EventStoreDbOptions { MayMake = mayMake }).ConfigureAwait(false);
        return new OpenLog(log, log, () => log.Trouble);
    }

    /// <summary>The log in a file.</summary>
    public static OpenLog Open(string file, TimeProvider clock)
    {
        var log = SqliteEventLog.Open(file, clock);
        return new OpenLog(log, log, static () => null);
    }

    // A folder that served another log would answer from that one's read models, and its next start would make a log that nobody meant.
    private static DataFolder Unmixed(DataFolder folder, EventStoreDbAddress? store)
    {
        if (store is not null && File.Exists(folder.Log))
        {
            throw new UnavailableException(
                $"{folder.Given} holds a log of its own, and {Variable} names {store}. Take another folder with --data, or unset {Variable}; timeline log copy {folder.Given} TO moves the log.");
        }

        if (store is null && File.Exists(folder.Ordinals) && !File.Exists(folder.Log))
        {
            throw new UnavailableException($"{folder.Given} belongs to a log in an EventStoreDB, and {Variable} is not set. Set it, or take another folder with --data.");
        }

        return folder;
    }

    public static EventStoreDbAddress Address(string text)
    {
        try
        {
            return EventStoreDbAddress.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UnavailableException(e.Message, e);
        }
    }
}
