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
        var answer = new ReadAnswer(call, node.Faults, options.UuidOption, ofStream);
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
    /// bytes there, and fails where no record begins.
    /// </summary>
    public static int IndexOf(RecordList records, ulong commit, ulong prepare, string result)
    {
        var at = commit > long.MaxValue ? long.MaxValue : (long)commit;
        var index = records.AtOrAfter(at);
        var begins = index < records.Count ? records[index].Position == at : at >= records.End;
        if (!begins && commit != 0)
        {
            throw GrpcError.ReadFailed(result);
        }

        return index < records.Count && commit != 0 && (ulong)records[index].Position < prepare ? index + 1 : index;
    }

    private async Task ReadStreamAsync(Options options, bool backward, ReadAnswer answer)
    {
        var stream = StreamOf(options.Stream);
        if (options.Count == 0 || stream.Length == 0)
        {
            throw GrpcError.ReadFailed("ReadStreamResult");
        }

        var size = (int)Math.Min(PageSize, options.Count);
        var next = StartOf(options.Stream);
        var compatible = options.ControlOption?.Compatibility >= 1;
        for (var left = options.Count; ;)
        {
            var page = backward ? node.Store.ReadBackward(stream, next, size) : node.Store.ReadForward(stream, next < 0 ? long.MaxValue : next, size);
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
        if (options.Count == 0)
        {
            throw GrpcError.ReadFailed("ReadAllResult");
        }

        var records = node.Store.Records;
        var end = records.Count;
        var left = options.Count;
        if (backward)
        {
            for (var index = BackwardStart(options.All, records, end); index >= 0 && left > 0; index--)
            {
                if (filter is null || filter.IsAllowed(records[index]))
                {
                    await answer.EventAsync(records[index]);
                    left--;
                }
            }

            return;
        }

        for (var index = ForwardStart(options.All, records, end); index < end && left > 0; index++)
        {
            var record = records[index];
            if (filter is null || filter.IsAllowed(record))
            {
                await answer.EventAsync(record);
                left--;
            }
        }
    }

    private static int ForwardStart(AllOptions options, RecordList records, int end) => options.AllOptionCase switch
    {
        AllOptions.AllOptionOneofCase.Start => 0,
        AllOptions.AllOptionOneofCase.End => end,
        AllOptions.AllOptionOneofCase.Position => IsEnd(options) ? end : IndexOf(records, options.Position.CommitPosition, options.Position.PreparePosition, "ReadAllResult"),
        _ => throw GrpcError.Thrown(),
    };

    /// <summary>Backward a position is exclusive: the records that end at it or before it are read.</summary>
    private static int BackwardStart(AllOptions options, RecordList records, int end) => options.AllOptionCase switch
    {
        AllOptions.AllOptionOneofCase.Start => -1,
        AllOptions.AllOptionOneofCase.End => end - 1,
        AllOptions.AllOptionOneofCase.Position => IsEnd(options) ? end - 1 : Math.Min(end, IndexOf(records, options.Position.CommitPosition, 0, "ReadAllResult")) - 1,
        _ => throw GrpcError.Thrown(),
    };

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
