using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>
/// Finds the ordinal of what stands in the store: in the index, or by reading the log on from where the index ends. Whoever asks while a pass is under way
/// shares the next one.
/// </summary>
internal sealed class Ordinals(AllEvents all, LogPages pages, SqliteOrdinalIndex index, EventStoreDbOptions options, TimeProvider time) : IAsyncDisposable
{
    private const int PageEvents = 1000;

    private readonly Lock gate = new();
    private readonly CancellationTokenSource stop = new();
    private Task current = Task.CompletedTask;
    private Task? next;

    /// <summary>
    /// The ordinal of an event of which the store has said that it is there. Throws the log's exceptions; <see cref="LogUnavailableException"/> too where the nodes
    /// that are read don't have the event for as long as a call may take.
    /// </summary>
    public async Task<Ordinal> OfAsync(StreamName stream, long revision, CancellationToken ct)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            if (index.Find(stream.Value, revision) is { } ordinal)
            {
                return ordinal;
            }

            if (time.GetElapsedTime(since) > options.Patience)
            {
                throw new LogUnavailableException(
                    $"Event {revision} of '{stream}' is stored, but what is read of the log does not show it: the node that is read lags behind. Giving it again is safe.");
            }

            await CatchUpAsync().WaitAsync(ct).ConfigureAwait(false);
            if (index.Find(stream.Value, revision) is null)
            {
                await Task.Delay(options.FirstRetry, time, ct).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        Task last;
        lock (gate)
        {
            last = next ?? current;
        }

        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    // A pass that began before the question may have gone by what it asks for.
    private Task CatchUpAsync()
    {
        lock (gate)
        {
            return next ?? (current.IsCompleted ? current = PassAsync() : next = AfterAsync(current));
        }
    }

    private async Task AfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (gate)
        {
            current = next!;
            next = null;
        }

        await PassAsync().ConfigureAwait(false);
    }

    private async Task PassAsync()
    {
        await Task.Yield();
        var from = index.Head;
        var records = all.ReadAsync(LogPages.PositionOf(from), PageEvents, stop.Token);
        await foreach (var _ in pages.AfterAsync(from, index.At(from.Ordinal)?.Time ?? 0, records, stop.Token).ConfigureAwait(false))
        {
        }
    }
}
