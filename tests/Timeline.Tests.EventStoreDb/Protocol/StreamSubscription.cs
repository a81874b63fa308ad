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

        // Exclusive, as the revision of an event that the client has.
        var next = options.RevisionOptionCase switch
        {
            StreamOptions.RevisionOptionOneofCase.Start => 0L,
            StreamOptions.RevisionOptionOneofCase.Revision when options.Revision < long.MaxValue => (long)options.Revision + 1,
            StreamOptions.RevisionOptionOneofCase.None => throw GrpcError.Thrown(),
            _ => -1L,
        };
        var caughtUp = false;
        if (next < 0)
        {
            var last = node.Store.LastOf(stream);
            next = last.IsTombstoned ? throw GrpcError.StreamDeleted(stream) : last.LastRevision + 1;
            answer.Confirmation(node.NextSubscription());
            answer.CaughtUp();
            caughtUp = true;
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
                throw GrpcError.StreamDeleted(stream);
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
}
