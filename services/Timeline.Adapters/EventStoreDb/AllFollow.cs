using EventStore.Client;
using Grpc.Core;
using EventPosition = EventStore.Client.Position;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>
/// A subscription to $all that outlives its connections: one that drops is opened again after the last event handed on. Events that wait already come as one
/// page, so that a follower that is behind works in large pages and one that keeps up gets each event at once.
/// </summary>
internal sealed class AllFollow(EventStoreClient client, StoredStreams streams, Resilience resilience, AllEvents all, EventPosition? after, int pageSize) : IAsyncDisposable
{
    // The server says how far it has come after so many windows without an event of ours: where others write much, a dropped subscription need not look at all that again.
    private const uint WindowsPerCheckpoint = 1;

    private EventPosition? handed = after;
    private EventPosition? resumeAt = after;
    private EventPosition? head;
    private CancellationTokenSource? stop;
    private IAsyncEnumerator<StreamMessage>? messages;
    private Task<bool>? moving;
    private List<EventRecord> page = [];
    private bool live;
    private bool told;

    /// <summary>The next page; an empty one says only that the end is reached. Throws where the store stays away, and may be called again then.</summary>
    public async Task<RecordPage> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            if (messages is null)
            {
                await resilience.ScanAsync(OpenAsync, ct).ConfigureAwait(false);
            }

            using var cancelled = ct.Register(stop!.Cancel);
            try
            {
                if (await GatherAsync().ConfigureAwait(false))
                {
                    return Take();
                }

                throw new RpcException(new Status(StatusCode.Unavailable, "The server has ended the subscription."));
            }
            catch (Exception e) when (!ct.IsCancellationRequested && Faults.MayPass(e))
            {
                await CloseAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                await CloseAsync().ConfigureAwait(false);
                ct.ThrowIfCancellationRequested();
                throw resilience.Told(e);
            }
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    // False when the server ends the subscription.
    private async Task<bool> GatherAsync()
    {
        while (page.Count < pageSize)
        {
            bool more;
            if (moving is not null)
            {
                more = await moving.ConfigureAwait(false);
                moving = null;
            }
            else
            {
                var next = messages!.MoveNextAsync();
                if (!next.IsCompleted && (page.Count > 0 || (live && !told)))
                {
                    moving = next.AsTask();
                    return true;
                }

                more = await next.ConfigureAwait(false);
            }

            if (!more)
            {
                return page.Count > 0;
            }

            Note(messages!.Current);
        }

        return true;
    }

    private void Note(StreamMessage message)
    {
        switch (message)
        {
            case StreamMessage.Event { ResolvedEvent.OriginalEvent: var e } when handed is not { } last || e.Position > last:
                page.Add(e);
                handed = resumeAt = e.Position;
                live |= handed >= head;
                break;
            case StreamMessage.AllStreamCheckpointReached { Position: var position } when resumeAt is not { } at || position > at:
                resumeAt = position;
                break;
            case StreamMessage.CaughtUp:
                live = true;
                break;
            case StreamMessage.FellBehind:
                live = false;
                break;
        }
    }

    private RecordPage Take()
    {
        var taken = new RecordPage(page, live && page.Count < pageSize);
        told = taken.AtEnd;
        page = [];
        return taken;
    }

    // Servers before 23.10 don't say that a subscription has caught up: having come to what was the last event is as good.
    private async Task<bool> OpenAsync(CancellationToken ct)
    {
        await CloseAsync().ConfigureAwait(false);
        head = (await all.AskLastAsync(ct).ConfigureAwait(false))?.Position;
        stop = new CancellationTokenSource();
        using var cancelled = ct.Register(stop.Cancel);
        var from = resumeAt is { } position ? FromAll.After(position) : FromAll.Start;
        messages = client.SubscribeToAll(from, filterOptions: new SubscriptionFilterOptions(streams.Filter, WindowsPerCheckpoint), cancellationToken: stop.Token)
            .Messages.GetAsyncEnumerator(CancellationToken.None);
        try
        {
            if (!await messages.MoveNextAsync().ConfigureAwait(false) || messages.Current is not StreamMessage.SubscriptionConfirmation)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "The server has not confirmed the subscription."));
            }
        }
        catch
        {
            await CloseAsync().ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            throw;
        }

        (live, told) = (head is null || handed >= head, false);
        return true;
    }

    private async Task CloseAsync()
    {
        if (messages is not null)
        {
            await stop!.CancelAsync().ConfigureAwait(false);
            if (moving is not null)
            {
                await ((Task)moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                moving = null;
            }

            await messages.DisposeAsync().ConfigureAwait(false);
            messages = null;
            stop.Dispose();
        }
    }
}
