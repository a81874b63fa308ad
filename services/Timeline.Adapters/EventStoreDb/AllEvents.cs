using System.Runtime.CompilerServices;
using EventStore.Client;
using Grpc.Core;
using EventPosition = EventStore.Client.Position;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>A run of the store's events in log order. <see cref="AtEnd"/>: when it was read nothing came after it.</summary>
internal sealed record RecordPage(List<EventRecord> Events, bool AtEnd);

/// <summary>
/// Reads and follows Timeline's events in $all. What breaks off goes on after the last event that was handed on, never from where it began, and nothing is
/// handed on twice.
/// </summary>
internal sealed class AllEvents(EventStoreClient client, StoredStreams streams, Resilience resilience)
{
    /// <summary>The last event, or null where there is none.</summary>
    public Task<EventRecord?> LastAsync(CancellationToken ct) => resilience.ScanAsync(AskLastAsync, ct);

    /// <summary>The same in one attempt, with the client's own errors.</summary>
    public Task<EventRecord?> AskLastAsync(CancellationToken ct) =>
        FirstOf(client.ReadAllAsync(Direction.Backwards, EventPosition.End, streams.Filter, 1, cancellationToken: ct));

    /// <summary>The event at a position, or the first after it.</summary>
    public Task<EventRecord?> AtAsync(EventPosition position, CancellationToken ct) => resilience.ScanAsync(attempt => AskAtAsync(position, attempt), ct);

    /// <summary>The same; null too where no event of the store begins at the position, which the store calls an unknown error.</summary>
    public Task<EventRecord?> FindAsync(EventPosition position, CancellationToken ct) => resilience.ScanAsync(
        async attempt =>
        {
            try
            {
                return await AskAtAsync(position, attempt).ConfigureAwait(false);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unknown)
            {
                return null;
            }
        },
        ct);

    /// <summary>Everything after a position, or everything, to the end as it is when the last page is read. There is a last page, an empty one if need be.</summary>
    public async IAsyncEnumerable<RecordPage> ReadAsync(EventPosition? after, int pageSize, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var read = new AllRead(client, streams, after, pageSize);
        RecordPage page;
        do
        {
            page = await resilience.ScanAsync(read.NextAsync, ct).ConfigureAwait(false);
            yield return page;
            ct.ThrowIfCancellationRequested();
        }
        while (!page.AtEnd);
    }

    /// <summary>As <see cref="ReadAsync"/>, then for ever: a page for what has come since the last one. Throws where the store stays away.</summary>
    public async IAsyncEnumerable<RecordPage> FollowAsync(EventPosition? after, int pageSize, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var follow = new AllFollow(client, streams, resilience, this, after, pageSize);
        while (true)
        {
            yield return await follow.NextAsync(ct).ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
        }
    }

    private Task<EventRecord?> AskAtAsync(EventPosition position, CancellationToken ct) =>
        FirstOf(client.ReadAllAsync(Direction.Forwards, position, streams.Filter, 1, cancellationToken: ct));

    private static async Task<EventRecord?> FirstOf(EventStoreClient.ReadAllStreamResult read)
    {
        await foreach (var e in read.ConfigureAwait(false))
        {
            return e.OriginalEvent;
        }

        return null;
    }
}
