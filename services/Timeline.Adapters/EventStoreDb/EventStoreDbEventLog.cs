using System.Runtime.CompilerServices;
using EventStore.Client;
using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>
/// The log in an EventStoreDB: its real home. Streams, revisions and bytes are the store's; ordinals and log time come from an index of this adapter's own,
/// which is derived from the log.
/// </summary>
public sealed class EventStoreDbEventLog : IEventLog, IAsyncDisposable
{
    private readonly EventStoreClient client;
    private readonly StoredStreams streams;
    private readonly Resilience resilience;
    private readonly AllEvents all;
    private readonly SqliteOrdinalIndex index;
    private readonly LogPages pages;
    private readonly Ordinals ordinals;
    private readonly StreamAppender appender;

    private EventStoreDbEventLog(string logId, EventStoreClient client, StoredStreams streams, Resilience resilience, AllEvents all, SqliteOrdinalIndex index, EventStoreDbOptions options, TimeProvider time)
    {
        (LogId, this.client, this.streams, this.resilience, this.all, this.index) = (logId, client, streams, resilience, all, index);
        var pending = new PendingAppends();
        pages = new LogPages(streams, index, pending);
        ordinals = new Ordinals(all, pages, index, options, time);
        appender = new StreamAppender(client, streams, resilience, index, ordinals, pending, options, time);
    }

    public string LogId { get; }

    /// <summary>Why the store can't be reached, once that has lasted for two seconds; null while all is well.</summary>
    public string? Trouble => resilience.Trouble;

    /// <summary>
    /// Connects, and makes the log where there is none. <paramref name="indexPath"/>: a SQLite file in a folder that exists; derived from the log, one process's
    /// alone. Throws <see cref="LogUnavailableException"/> within <see cref="EventStoreDbOptions.OpenPatience"/> where the store can't be used, and
    /// <see cref="LogUnusableException"/> where what is there is no log.
    /// </summary>
    public static async Task<EventStoreDbEventLog> OpenAsync(EventStoreDbAddress address, string indexPath, TimeProvider time, CancellationToken ct, EventStoreDbOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentException.ThrowIfNullOrEmpty(indexPath);
        ArgumentNullException.ThrowIfNull(time);
        options ??= new EventStoreDbOptions();
        options.Validate();
        var client = new EventStoreClient(address.Settings());
        SqliteOrdinalIndex? index = null;
        try
        {
            var streams = new StoredStreams(address.StreamPrefix);
            var opening = new Resilience(address, options with { Patience = options.OpenPatience, AttemptTimeout = options.OpenPatience }, time);
            var logId = options.MayMake
                ? await opening.CallAsync(attempt => LogIdentity.ReadOrMakeAsync(client, streams.Identity, attempt), ct).ConfigureAwait(false)
                : await opening.CallAsync(attempt => LogIdentity.ReadAsync(client, streams.Identity, attempt), ct).ConfigureAwait(false)
                    ?? throw new LogUnusableException($"There is no log at {address}. Check the address and its streamPrefix.");
            var resilience = new Resilience(address, options, time);
            var all = new AllEvents(client, streams, resilience);
            index = SqliteOrdinalIndex.Open(indexPath, logId);
            await ClearIfOfAnotherPastAsync(index, all, streams, ct).ConfigureAwait(false);
            return new EventStoreDbEventLog(logId, client, streams, resilience, all, index, options, time);
        }
        catch
        {
            index?.Dispose();
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Appends to different streams are on their way at the same time; those to one stream follow one another.</remarks>
    public Task<AppendResult> AppendAsync(StreamName stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct) =>
        appender.AppendAsync(stream, expected, events, ct);

    public async Task<IReadOnlyList<LogEvent>> ReadStreamAsync(StreamName stream, Revision from, int max, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from.Value, nameof(from));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        var records = await resilience.CallAsync(attempt => StreamReads.FromAsync(client, streams.NameOf(stream), from.Value, max, attempt), ct).ConfigureAwait(false);
        var events = new LogEvent[records.Count];
        for (var i = 0; i < events.Length; i++)
        {
            var ordinal = await ordinals.OfAsync(stream, records[i].EventNumber.ToInt64(), ct).ConfigureAwait(false);
            var (place, time) = index.At(ordinal)!.Value;
            events[i] = LogPages.Event(records[i], stream, place, time);
        }

        return events;
    }

    public async Task<Revision?> LastRevisionAsync(StreamName stream, CancellationToken ct) =>
        await resilience.CallAsync(attempt => StreamReads.LastAsync(client, streams.NameOf(stream), attempt), ct).ConfigureAwait(false) is { } last ? new Revision(last) : null;

    public async Task<LogPlace> HeadAsync(CancellationToken ct)
    {
        if (await all.LastAsync(ct).ConfigureAwait(false) is { } last)
        {
            await ordinals.OfAsync(streams.Read(last.EventStreamId), last.EventNumber.ToInt64(), ct).ConfigureAwait(false);
        }

        // The index has come to it now. A node that lags behind must not make the log shorter than it is known to be.
        return index.Head;
    }

    public async Task<LogEvent?> ReadAtAsync(Ordinal ordinal, CancellationToken ct)
    {
        if (ordinal > index.Head.Ordinal)
        {
            await HeadAsync(ct).ConfigureAwait(false);
        }

        if (index.At(ordinal) is not { } found)
        {
            return null;
        }

        var e = await all.AtAsync(LogPages.PositionOf(found.Place)!.Value, ct).ConfigureAwait(false);
        return e is not null && LogPages.PositionOf(e) == found.Place.Position
            ? LogPages.Event(e, streams.Read(e.EventStreamId), found.Place, found.Time)
            : throw Gone(ordinal);
    }

    public async Task<Ordinal> OrdinalAtAsync(DateTimeOffset time, CancellationToken ct)
    {
        await HeadAsync(ct).ConfigureAwait(false);
        return index.LastAt(time.UtcTicks);
    }

    public IAsyncEnumerable<LogPage> ReadAllAsync(LogPlace after, int pageSize, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        return PagesAsync(after, position => all.ReadAsync(position, pageSize, ct), ct);
    }

    public IAsyncEnumerable<LogPage> FollowAllAsync(LogPlace after, int pageSize, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        return PagesAsync(after, position => all.FollowAsync(position, pageSize, ct), ct);
    }

    /// <summary>Followers and later calls fail; what was on its way may have been stored.</summary>
    public async ValueTask DisposeAsync()
    {
        await ordinals.DisposeAsync().ConfigureAwait(false);
        await client.DisposeAsync().ConfigureAwait(false);
        index.Dispose();
    }

    private async IAsyncEnumerable<LogPage> PagesAsync(LogPlace after, Func<EventStore.Client.Position?, IAsyncEnumerable<RecordPage>> read, [EnumeratorCancellation] CancellationToken ct)
    {
        var time = await TimeAtAsync(after, ct).ConfigureAwait(false);
        await foreach (var page in pages.AfterAsync(after, time, read(LogPages.PositionOf(after)), ct).ConfigureAwait(false))
        {
            yield return page;
        }
    }

    // A place is good only where the index has the same event at the same ordinal: one from another log, or from a past that a restored copy does not have, is refused.
    private async Task<long> TimeAtAsync(LogPlace place, CancellationToken ct)
    {
        if (place == LogPlace.Start)
        {
            return 0;
        }

        if (place.Ordinal > index.Head.Ordinal)
        {
            await HeadAsync(ct).ConfigureAwait(false);
        }

        return index.At(place.Ordinal) is { } known && known.Place == place
            ? known.Time
            : throw new LogUnusableException($"No event of log {LogId} stands at ordinal {place.Ordinal}, position {place.Position.Commit}/{place.Position.Prepare}: the place is of another log, or the store is an older copy.");
    }

    private LogUnusableException Gone(Ordinal ordinal) => new(
        $"Event {ordinal} of log {LogId} is not where it stood: the store has been restored from a copy, or events have been removed from it. Restore it whole.");

    // After a restored copy of the store the index may tell of events that are no more.
    private static async Task ClearIfOfAnotherPastAsync(SqliteOrdinalIndex index, AllEvents all, StoredStreams streams, CancellationToken ct)
    {
        if (LogPages.PositionOf(index.Head) is { } head
            && (await all.FindAsync(head, ct).ConfigureAwait(false) is not { } e || LogPages.PositionOf(e) != index.Head.Position
                || index.Find(streams.Read(e.EventStreamId).Value, e.EventNumber.ToInt64()) != index.Head.Ordinal))
        {
            index.Clear();
        }
    }
}
