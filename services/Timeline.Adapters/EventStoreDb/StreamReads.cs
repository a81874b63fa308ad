using EventStore.Client;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>Reads of one stream, in one attempt and with the client's errors. A stream that is not there is empty.</summary>
internal static class StreamReads
{
    public static async Task<List<EventRecord>> FromAsync(EventStoreClient client, string stream, long from, int max, CancellationToken ct)
    {
        var read = client.ReadStreamAsync(Direction.Forwards, stream, StreamPosition.FromInt64(from), max, cancellationToken: ct);
        var events = new List<EventRecord>();
        if (await read.ReadState.ConfigureAwait(false) == ReadState.StreamNotFound)
        {
            return events;
        }

        await foreach (var e in read.ConfigureAwait(false))
        {
            events.Add(e.OriginalEvent);
        }

        return events;
    }

    /// <summary>The last revision, or null where there is no stream.</summary>
    public static async Task<long?> LastAsync(EventStoreClient client, string stream, CancellationToken ct)
    {
        var read = client.ReadStreamAsync(Direction.Backwards, stream, StreamPosition.End, 1, cancellationToken: ct);
        if (await read.ReadState.ConfigureAwait(false) == ReadState.StreamNotFound)
        {
            return null;
        }

        await foreach (var e in read.ConfigureAwait(false))
        {
            return e.OriginalEventNumber.ToInt64();
        }

        return null;
    }
}
