using EventStore.Client.Protocol.Streams;
using Timeline.Tests.EventStoreDb.Store;
using StreamOptions = EventStore.Client.Protocol.Streams.ReadReq.Types.Options.Types.StreamOptions;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>A subscription to a stream: what is there, then what comes. It waits for a stream that is not there, and fails when one is tombstoned.</summary>
internal sealed class StreamSubscription(Node node, GrpcCall call, ReadAnswer answer, StreamOptions options)
{
    private const int PageSize = 32;

    private readonly string stream = ReadService.StreamOf(options);

    public async Task RunAsync()
    {
        if (stream.Length == 0)
        {
            throw GrpcError.Thrown();
        }

        var next = Next();
        var caughtUp = next < 0;
        if (next < 0)
        {
            next = await FromEndAsync();
        }
        else if (!node.Store.LastOf(stream).IsTombstoned)
        {
            answer.Confirmation(node.NextSubscription());
        }

        while (true)
        {
            var seen = node.Store.Records.Count;
            var page = node.Store.ReadForward(stream, next, PageSize);
            if (page.Result == StreamReadResult.StreamDeleted)
            {
                await EndAsync(caughtUp);
            }

            if (page.Result == StreamReadResult.Success)
            {
                foreach (var record in page.Events)
                {
                    await answer.EventAsync(record);
                }

                next = Math.Max(next, page.Next);
                if (!page.IsEnd)
                {
                    continue;
                }

                if (!caughtUp)
                {
                    caughtUp = true;
                    answer.CaughtUp();
                }
            }

            await answer.FlushAsync();
            await node.Store.MoreThanAsync(seen).WaitAsync(call.Cancelled);
        }
    }

    /// <summary>Exclusive, as the revision of an event that the client has; -1 for the end.</summary>
    private long Next() => options.RevisionOptionCase switch
    {
        StreamOptions.RevisionOptionOneofCase.Start => 0L,
        StreamOptions.RevisionOptionOneofCase.Revision when options.Revision < long.MaxValue => (long)options.Revision + 1,
        StreamOptions.RevisionOptionOneofCase.None => throw GrpcError.Thrown(),
        _ => -1L,
    };

    /// <summary>The stream is tombstoned; who has caught up sees the tombstone itself first.</summary>
    private async Task EndAsync(bool caughtUp)
    {
        if (caughtUp && node.Store.TombstoneOf(stream) is { } tombstone)
        {
            await answer.EventAsync(tombstone);
            await answer.FlushAsync();
        }

        throw GrpcError.StreamDeleted(stream);
    }

    /// <summary>Waits for the first event after those that are there.</summary>
    private async Task<long> FromEndAsync()
    {
        var seen = node.Store.Records.Count;
        var (last, isTombstoned) = node.Store.LastOf(stream);
        answer.Confirmation(node.NextSubscription());
        answer.CaughtUp();
        await answer.FlushAsync();

        // That a stream is tombstoned is told to who reads it, and here nobody reads what was before.
        await (isTombstoned ? Task.Delay(Timeout.InfiniteTimeSpan, node.Store.Clock, call.Cancelled) : node.Store.MoreThanAsync(seen).WaitAsync(call.Cancelled));
        return last + 1;
    }
}
