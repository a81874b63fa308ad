using EventStore.Client.Protocol.Streams;
using Timeline.Tests.EventStoreDb.Store;
using AllOptions = EventStore.Client.Protocol.Streams.ReadReq.Types.Options.Types.AllOptions;
using Options = EventStore.Client.Protocol.Streams.ReadReq.Types.Options;
using StreamOptions = EventStore.Client.Protocol.Streams.ReadReq.Types.Options.Types.StreamOptions;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>Streams.Read: reads and subscriptions, of a stream or of $all.</summary>
internal sealed class ReadService(Node node)
{
    private const int PageSize = 32;

    public async Task ReadAsync(GrpcCall call)
    {
        var options = (await call.ReadOneAsync(ReadReq.Parser)).Options ?? throw GrpcError.Thrown();
        var ofStream = options.StreamOptionCase == Options.StreamOptionOneofCase.Stream;
        if (!ofStream && options.StreamOptionCase != Options.StreamOptionOneofCase.All)
        {
            throw GrpcError.InvalidArgument("A read is of a stream or of $all.");
        }

        node.Admit(call, ofStream ? StreamOf(options.Stream) : "$all");
        node.Lead(call);
        var backward = options.ReadDirection == Options.Types.ReadDirection.Backwards;
        var filtered = options.FilterOptionCase switch
        {
            Options.FilterOptionOneofCase.Filter => true,
            Options.FilterOptionOneofCase.NoFilter => false,
            _ => throw Combination(),
        };
        var answer = new ReadAnswer(call, node.Faults, options.UuidOption);
        switch (ofStream, options.CountOptionCase, backward, filtered)
        {
            case (true, Options.CountOptionOneofCase.Count, _, false):
                await ReadStreamAsync(options, backward, answer);
                break;
            case (false, Options.CountOptionOneofCase.Count, _, _):
                await ReadAllAsync(options, backward, filtered ? EventFilter.Parse(options.Filter) : null, answer);
                break;
            case (true, Options.CountOptionOneofCase.Subscription, false, false):
                await new StreamSubscription(node, call, answer, options.Stream).RunAsync();
                break;
            case (false, Options.CountOptionOneofCase.Subscription, false, _):
                await new AllSubscription(node, call, answer, options).RunAsync();
                break;
            default:
                throw Combination();
        }

        await answer.FlushAsync();
    }

    public static string StreamOf(StreamOptions options) => options.StreamIdentifier?.StreamName.ToStringUtf8() ?? "";

    /// <summary>
    /// The index of the first record at a position: (commit, prepare), where a record's commit and prepare are the same number. A real server reads
    /// bytes there, and fails where no record begins; after the last record it finds the end.
    /// </summary>
    public static int IndexOf(RecordList records, ulong commit, ulong prepare, GrpcException refusal)
    {
        if (prepare > commit || commit > long.MaxValue)
        {
            throw GrpcError.Thrown();
        }

        var at = (long)commit;
        var index = records.AtOrAfter(at);
        if (index < records.Count && !Begins(records, at, index))
        {
            throw refusal;
        }

        return index < records.Count && records[index].Position == at && at < (long)prepare ? index + 1 : index;
    }

    /// <summary>Whether a record begins there, or the end: what lies between two records is the room of one that holds no event.</summary>
    private static bool Begins(RecordList records, long at, int index) =>
        at == 0 || (index > 0 ? at >= records[index - 1].Next : records.Count == 0 || at == records[0].Position);

    private async Task ReadStreamAsync(Options options, bool backward, ReadAnswer answer)
    {
        var stream = StreamOf(options.Stream);
        if (options.Count == 0 || stream.Length == 0)
        {
            throw GrpcError.ReadFailed("ReadStreamResult");
        }

        var size = (int)Math.Min(PageSize, options.Count);
        var next = StartOf(options.Stream);
        if (next < 0 && !backward)
        {
            // Nothing lies after the end, and a real server does not take it for an empty read.
            throw GrpcError.ReadFailed("ReadStreamResult");
        }

        var compatible = options.ControlOption?.Compatibility >= 1;
        for (var left = options.Count; ;)
        {
            var page = backward ? node.Store.ReadBackward(stream, next, size) : node.Store.ReadForward(stream, next, size);
            if (page.Result == StreamReadResult.StreamDeleted)
            {
                throw GrpcError.StreamDeleted(stream);
            }

            if (page.Result == StreamReadResult.NoStream)
            {
                answer.StreamNotFound(options.Stream.StreamIdentifier);
                return;
            }

            // A reader is told where the events that are left begin, if it began among those that are not.
            if (!backward && compatible && left == options.Count && page.Events.Length == 0 && page.Next != next)
            {
                answer.Other(new ReadResp { FirstStreamPosition = (ulong)page.Next });
            }

            for (var n = 0; n < page.Events.Length && left > 0; n++, left--)
            {
                await answer.EventAsync(page.Events[n]);
            }

            if (page.IsEnd || left == 0)
            {
                if (compatible)
                {
                    answer.Other(new ReadResp { LastStreamPosition = (ulong)page.LastRevision });
                }

                return;
            }

            next = page.Next;
        }
    }

    private async Task ReadAllAsync(Options options, bool backward, EventFilter? filter, ReadAnswer answer)
    {
        var refusal = GrpcError.ReadFailed(filter is null ? "ReadAllResult" : "FilteredReadAllResult");
        if (options.Count == 0)
        {
            throw refusal;
        }

        var records = node.Store.Records;
        var end = records.Count;
        var left = options.Count;
        if (backward)
        {
            for (var index = BackwardStart(options.All, records, end, refusal); index >= 0 && left > 0; index--)
            {
                if (EventFilter.IsAllowed(filter, records[index]))
                {
                    await answer.EventAsync(records[index]);
                    left--;
                }
            }

            return;
        }

        for (var index = ForwardStart(options.All, records, end, refusal); index < end && left > 0; index++)
        {
            var record = records[index];
            if (EventFilter.IsAllowed(filter, record))
            {
                await answer.EventAsync(record);
                left--;
            }
        }
    }

    private static int ForwardStart(AllOptions options, RecordList records, int end, GrpcException refusal) => options.AllOptionCase switch
    {
        AllOptions.AllOptionOneofCase.Start => 0,
        AllOptions.AllOptionOneofCase.End => end,
        AllOptions.AllOptionOneofCase.Position => IsEnd(options) ? end : IndexOf(records, options.Position.CommitPosition, options.Position.PreparePosition, refusal),
        _ => throw GrpcError.Thrown(),
    };

    /// <summary>Backward a position is exclusive: the records that end there or before are read; with a smaller prepare only those before.</summary>
    private static int BackwardStart(AllOptions options, RecordList records, int end, GrpcException refusal)
    {
        switch (options.AllOptionCase)
        {
            case AllOptions.AllOptionOneofCase.Start:
                return -1;
            case AllOptions.AllOptionOneofCase.End:
                return end - 1;
            case AllOptions.AllOptionOneofCase.Position when IsEnd(options):
                return end - 1;
            case AllOptions.AllOptionOneofCase.Position:
                var (commit, prepare) = (options.Position.CommitPosition, options.Position.PreparePosition);
                var index = IndexOf(records, commit, prepare, refusal);
                if (commit > (ulong)records.End || !Begins(records, (long)commit, index))
                {
                    throw refusal;
                }

                var last = Math.Min(index, end) - 1;
                return last >= 0 && records[last].Next == (long)commit && prepare < commit ? last - 1 : last;
            default:
                throw GrpcError.Thrown();
        }
    }

    private static bool IsEnd(AllOptions options) => options.Position.CommitPosition == ulong.MaxValue;

    /// <returns>-1 for the end.</returns>
    private static long StartOf(StreamOptions options) => options.RevisionOptionCase switch
    {
        StreamOptions.RevisionOptionOneofCase.Start => 0,
        StreamOptions.RevisionOptionOneofCase.End => -1,
        StreamOptions.RevisionOptionOneofCase.Revision => unchecked((long)options.Revision),
        _ => throw GrpcError.Thrown(),
    };

    private static GrpcException Combination() => GrpcError.InvalidArgument("This combination of stream, count, direction and filter cannot be read.");
}
