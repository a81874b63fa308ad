using System.Runtime.CompilerServices;
using Timeline.Adapters.Sqlite.Log;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite;

/// <summary>
/// The log in one SQLite file, the embedded default. Several processes may have it open, and append. An append is durable when it
/// returns: its transaction is in the WAL, and the WAL on the disk. Positions are the rows' numbers, given under the file's write lock.
/// </summary>
public sealed class SqliteEventLog : IEventLog, IAsyncDisposable
{
    private readonly LogReaders readers;
    private readonly LogWatch watch;
    private readonly LogWriter writer;

    private SqliteEventLog(LogFile file, TimeProvider time, TimeSpan pollInterval)
    {
        LogId = file.LogId;
        readers = new LogReaders(file);
        watch = new LogWatch(file, time, pollInterval);
        writer = new LogWriter(file, watch.Pulse);
    }

    public string LogId { get; }

    /// <summary>
    /// Opens the log at a path, or makes it; the folder must exist. Throws <see cref="LogUnusableException"/> for a file that is damaged,
    /// another program's or newer, and <see cref="LogUnavailableException"/> for one that can't be written.
    /// </summary>
    public static SqliteEventLog Open(string path, TimeProvider time, SqliteEventLogOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(time);
        options ??= new SqliteEventLogOptions();
        options.Validate();
        return new SqliteEventLog(LogFile.Open(Path.GetFullPath(path), options.BusyTimeout), time, options.PollInterval);
    }

    /// <inheritdoc/>
    /// <remarks>Appends that wait at the same time share one transaction, so one wait for the disk serves them all.</remarks>
    public async Task<AppendResult> AppendAsync(StreamName stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return await writer.AppendAsync(PreparedAppend.Of(stream, expected, events), ct);
    }

    public Task<IReadOnlyList<LogEvent>> ReadStreamAsync(StreamName stream, Revision from, int max, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from.Value, nameof(from));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        return readers.Use(r => r.Stream(stream, from.Value, max), ct);
    }

    public Task<Revision?> LastRevisionAsync(StreamName stream, CancellationToken ct) => readers.Use(r => r.LastRevision(stream), ct);

    public Task<LogPlace> HeadAsync(CancellationToken ct) => readers.Use(r => RowNumbers.PlaceOf(r.LastRow()), ct);

    public Task<LogEvent?> ReadAtAsync(Ordinal ordinal, CancellationToken ct) => readers.Use(r => r.At(RowNumbers.RowOf(ordinal)), ct);

    public Task<Ordinal> OrdinalAtAsync(DateTimeOffset time, CancellationToken ct) =>
        readers.Use(r => RowNumbers.OrdinalOf(r.LastRowAt(time.UtcTicks)), ct);

    public IAsyncEnumerable<LogPage> ReadAllAsync(LogPlace after, int pageSize, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        return PagesAsync(RowNumbers.RowOf(after), pageSize, ct);
    }

    public IAsyncEnumerable<LogPage> FollowAllAsync(LogPlace after, int pageSize, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        return FollowAsync(RowNumbers.RowOf(after), pageSize, ct);
    }

    /// <summary>Appends already taken in come to their end; followers and later calls get <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        await watch.DisposeAsync();
        readers.Dispose();
    }

    // Each page is a read of its own, so nothing holds the WAL between pages; the next one is read while the caller works on this one.
    private async IAsyncEnumerable<LogPage> PagesAsync(long after, int pageSize, [EnumeratorCancellation] CancellationToken ct)
    {
        var next = ReadPage(after, pageSize, ct);
        try
        {
            while (true)
            {
                var page = await next;
                if (!page.CaughtUp)
                {
                    next = ReadPage(RowNumbers.RowOf(page.Through), pageSize, ct);
                }

                yield return page;
                ct.ThrowIfCancellationRequested();
                if (page.CaughtUp)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<LogPage> ReadPage(long after, int pageSize, CancellationToken ct) =>
        Task.Run(() => readers.Use(r => r.Page(after, pageSize), ct), ct);

    private async IAsyncEnumerable<LogPage> FollowAsync(long after, int pageSize, [EnumeratorCancellation] CancellationToken ct)
    {
        var saidCaughtUp = false;
        while (true)
        {
            // Asked for before the read: what is appended after the read completes it.
            var changed = watch.NextChange();
            await foreach (var page in PagesAsync(after, pageSize, ct))
            {
                after = RowNumbers.RowOf(page.Through);
                if (page.Events.Count > 0 || !saidCaughtUp)
                {
                    yield return page;
                }

                saidCaughtUp = page.CaughtUp;
            }

            await changed.WaitAsync(ct);
        }
    }
}
