using System.Threading.Channels;

namespace Timeline.Tests.EventStoreDb.Store;

/// <summary>What a store has done since it was opened.</summary>
public sealed record StoreCounters(long Writes, long Repeats, long Refusals, long Events, long Flushes);

/// <summary>
/// The store behind one or several nodes: writes one after the other, durable before they are answered or read, and wakes who waits for events.
/// Writes that come together share a flush.
/// </summary>
public sealed class StreamStore : IAsyncDisposable
{
    private const string StatisticsStream = "$stats-127.0.0.1:2113";

    private readonly Lock gate = new();
    private readonly EventLog log;
    private readonly LogFile? file;
    private readonly TimeProvider clock;
    private readonly int statisticsEvery;
    private readonly Channel<Write> writes = Channel.CreateUnbounded<Write>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task writing;
    private TaskCompletionSource bell = NewBell();
    private StoreCounters counters = new(0, 0, 0, 0, 0);
    private int sinceStatistics;
    private ulong lastOwnId;

    private StreamStore(StreamStoreOptions options)
    {
        clock = options.Clock;
        statisticsEvery = options.StatisticsEvery;
        log = new EventLog(options.RecentIds);
        file = options.Folder is null ? null : LogFile.Open(options.Folder, log);
        lastOwnId = (ulong)log.Records.Added;
        log.Records.Publish();
        writing = Task.Run(WriteAllAsync);
    }

    public RecordList Records => log.Records;

    public TimeProvider Clock => clock;

    public StoreCounters Counters => Volatile.Read(ref counters);

    /// <summary>Bytes of a torn write that were cut off when the store was opened.</summary>
    public long CutOff => file?.CutOff ?? 0;

    /// <summary>Opens the store; a new one begins with records of the server's own, as a real one does.</summary>
    public static async Task<StreamStore> OpenAsync(StreamStoreOptions options)
    {
        var store = new StreamStore(options);
        if (store.Records.Count == 0)
        {
            // What a real node writes before anybody comes.
            var epoch = new Proposed(store.NewId(), Recorded.HiddenStream, true, """{"EpochNumber":0}"""u8.ToArray(), default);
            await store.AppendAsync(Recorded.HiddenStream, ExpectedRevision.Any, [epoch]);
            var metadata = new Proposed(
                store.NewId(), StreamMetadata.EventType, true,
                """{"$maxAge":2592000,"$acl":{"$r":"$ops","$w":[],"$d":[],"$mr":[],"$mw":[]}}"""u8.ToArray(), default);
            await store.AppendAsync("$$$scavenges", ExpectedRevision.Any, [metadata]);
        }

        return store;
    }

    public Task<Written> AppendAsync(string stream, ExpectedRevision expected, Proposed[] events) =>
        WriteAsync(created => log.Append(stream, expected, events, created, NewId), events.Length);

    /// <summary>As <see cref="AppendAsync"/>; what came of it is handed over in the order of the writes, by the thread that writes.</summary>
    public void Append(string stream, ExpectedRevision expected, Proposed[] events, Action<Written, Exception?> done) =>
        Enqueue(new Write(created => log.Append(stream, expected, events, created, NewId), events.Length, done));

    public Task<Written> DeleteAsync(string stream, ExpectedRevision expected) => WriteAsync(created => log.Delete(stream, expected, created, NewId), 0);

    public Task<Written> TombstoneAsync(string stream, ExpectedRevision expected) => WriteAsync(created => log.Tombstone(stream, expected, created, NewId), 0);

    public StreamPage ReadForward(string stream, long from, int most)
    {
        lock (gate)
        {
            return StreamReads.Forward(log, stream, from, most, clock.GetUtcNow());
        }
    }

    public StreamPage ReadBackward(string stream, long from, int most)
    {
        lock (gate)
        {
            return StreamReads.Backward(log, stream, from, most, clock.GetUtcNow());
        }
    }

    /// <summary>The last revision and whether the stream is tombstoned, whatever its metadata says; -1 without events.</summary>
    public (long LastRevision, bool IsTombstoned) LastOf(string stream)
    {
        lock (gate)
        {
            return (log.Find(stream)?.LastRevision ?? -1, log.IsTombstoned(stream));
        }
    }

    /// <summary>The record that ended the stream for ever; null while it goes on, and for a stream of metadata.</summary>
    public Recorded? TombstoneOf(string stream)
    {
        lock (gate)
        {
            return log.Find(stream) is { IsTombstoned: true } state ? Records[state.Tombstone] : null;
        }
    }

    /// <summary>Ends once there are more records than so many.</summary>
    public Task MoreThanAsync(int count)
    {
        var waiting = Volatile.Read(ref bell).Task;
        return Records.Count > count ? Task.CompletedTask : waiting;
    }

    public async ValueTask DisposeAsync()
    {
        writes.Writer.TryComplete();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        file?.Dispose();
    }

    private Task<Written> WriteAsync(Func<long, Written> decide, int events)
    {
        var done = new TaskCompletionSource<Written>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(new Write(decide, events, (written, broken) => _ = broken is null ? done.TrySetResult(written) : done.TrySetException(broken)));
        return done.Task;
    }

    private void Enqueue(Write write)
    {
        ObjectDisposedException.ThrowIf(!writes.Writer.TryWrite(write), this);
    }

    private async Task WriteAllAsync()
    {
        var batch = new List<Write>();
        Exception? broken = null;
        while (await writes.Reader.WaitToReadAsync())
        {
            while (batch.Count < 256 && writes.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }

            try
            {
                broken ??= WriteBatch(batch);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // What is in memory is not on the disk: nothing can be promised any more.
                broken = exception;
            }

            foreach (var write in batch)
            {
                write.Done(write.Outcome, broken);
            }

            batch.Clear();
        }
    }

    private Exception? WriteBatch(List<Write> batch)
    {
        lock (gate)
        {
            var before = log.Records.Added;
            foreach (var write in batch)
            {
                var first = log.Records.Added;
                write.Outcome = write.Decide((clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks);
                AddStatistics(log.Records.Added > first ? write.Events : 0);
                if (log.Records.Added > first)
                {
                    file?.Add(log.Records, first, log.Records.Added - first);
                }
            }

            file?.Flush();
            log.Records.Publish();
            Count(batch, log.Records.Added - before);
        }

        Interlocked.Exchange(ref bell, NewBell()).TrySetResult();
        return null;
    }

    /// <summary>A real node writes its statistics now and then among everybody's events.</summary>
    private void AddStatistics(int written)
    {
        sinceStatistics += written;
        if (statisticsEvery > 0 && sinceStatistics >= statisticsEvery)
        {
            sinceStatistics = 0;
            var proposed = new Proposed(NewId(), "$statsCollected", true, "{\"proc-cpu\":0}"u8.ToArray(), default);
            log.Append(StatisticsStream, ExpectedRevision.Any, [proposed], (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks, NewId);
        }
    }

    private void Count(List<Write> batch, int events)
    {
        var repeats = batch.Count(w => w.Outcome.Repeated);
        var refusals = batch.Count(w => w.Outcome.Result != WriteResult.Success);
        var now = Counters;
        Volatile.Write(ref counters, new StoreCounters(
            now.Writes + batch.Count, now.Repeats + repeats, now.Refusals + refusals, now.Events + events, now.Flushes + 1));
    }

    private Guid NewId() => OwnIds.Of("own"u8, ++lastOwnId);

    private static TaskCompletionSource NewBell() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Write(Func<long, Written> decide, int events, Action<Written, Exception?> done)
    {
        public Func<long, Written> Decide { get; } = decide;

        public int Events { get; } = events;

        public Written Outcome { get; set; }

        public Action<Written, Exception?> Done { get; } = done;
    }
}
