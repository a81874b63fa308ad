using EventStore.Client;
using EventPosition = EventStore.Client.Position;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>One pass over $all, page by page. A page that fails is read again from where the one before it ended.</summary>
internal sealed class AllRead(EventStoreClient client, StoredStreams streams, EventPosition? after, int pageSize) : IAsyncDisposable
{
    private EventPosition? at = after;
    private CancellationTokenSource? stop;
    private IAsyncEnumerator<ResolvedEvent>? events;
    private EventRecord? ahead;

    /// <summary>The next page. May be called again after it has failed.</summary>
    public async Task<RecordPage> NextAsync(CancellationToken ct)
    {
        try
        {
            events ??= Open();
            using var cancelled = ct.Register(stop!.Cancel);
            var page = new List<EventRecord>(Math.Min(pageSize, 4096));
            var more = true;
            while (more && page.Count < pageSize)
            {
                if (ahead is not null)
                {
                    page.Add(ahead);
                    ahead = null;
                }

                more = await MoveAsync().ConfigureAwait(false);
            }

            at = page.Count > 0 ? page[^1].Position : at;
            return new RecordPage(page, !more);
        }
        catch
        {
            await CloseAsync().ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    // A read begins at its position; the event that stands there was handed on before.
    private async ValueTask<bool> MoveAsync()
    {
        while (await events!.MoveNextAsync().ConfigureAwait(false))
        {
            ahead = events.Current.OriginalEvent;
            if (at is not { } done || ahead.Position > done)
            {
                return true;
            }
        }

        ahead = null;
        return false;
    }

    private IAsyncEnumerator<ResolvedEvent> Open()
    {
        stop = new CancellationTokenSource();
        return client.ReadAllAsync(Direction.Forwards, at ?? EventPosition.Start, streams.Filter, cancellationToken: stop.Token).GetAsyncEnumerator(CancellationToken.None);
    }

    private async Task CloseAsync()
    {
        ahead = null;
        if (events is not null)
        {
            await stop!.CancelAsync().ConfigureAwait(false);
            await events.DisposeAsync().ConfigureAwait(false);
            events = null;
            stop.Dispose();
        }
    }
}
