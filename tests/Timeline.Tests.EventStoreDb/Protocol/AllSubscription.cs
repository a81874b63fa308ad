using EventStore.Client.Protocol.Streams;
using Timeline.Tests.EventStoreDb.Hosting;
using Timeline.Tests.EventStoreDb.Store;
using AllOptions = EventStore.Client.Protocol.Streams.ReadReq.Types.Options.Types.AllOptions;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>
/// A subscription to $all: what is there in pages, then what comes. A filtered one is told by checkpoints how far it was read for it, as in
/// EventStoreDB 23.10.6 (Enumerators.AllSubscriptionFiltered): after a page, the position of the page's last event that passed, or else where the
/// page began; live, that of the record that filled the interval.
/// </summary>
internal sealed class AllSubscription(Node node, GrpcCall call, ReadAnswer answer, ReadReq.Types.Options options)
{
    private const int PageSize = 32;

    private readonly RecordList records = node.Store.Records;
    private readonly EventFilter? filter =
        options.FilterOptionCase == ReadReq.Types.Options.FilterOptionOneofCase.Filter ? EventFilter.Parse(options.Filter) : null;

    private readonly long interval = options.FilterOptionCase == ReadReq.Types.Options.FilterOptionOneofCase.Filter
        ? Interval(options.Filter)
        : long.MaxValue;

    private int next;
    private long considered;

    public async Task RunAsync()
    {
        next = Start(options.All);
        answer.Confirmation(node.NextSubscription());
        if (options.All.AllOptionCase == AllOptions.AllOptionOneofCase.End)
        {
            answer.CaughtUp();
            await answer.FlushAsync();
        }
        else
        {
            await CatchUpAsync();
        }

        while (true)
        {
            await node.Store.MoreThanAsync(next).WaitAsync(call.Cancelled);
            if (records.Count - next <= node.Options.LiveBuffer)
            {
                await GoOnAsync(records.Count);
            }
            else if (node.Options.WhenTooSlow == SlowSubscriber.IsDropped)
            {
                throw GrpcError.TooSlow();
            }
            else
            {
                await CatchUpAsync();
            }
        }
    }

    private async Task CatchUpAsync()
    {
        while (true)
        {
            // Where the page begins: commit after the record before, and no prepare.
            var (commit, prepare) = (next == 0 ? 0 : records[next - 1].Next, 0L);
            var window = filter?.Window ?? PageSize;
            var passed = 0;
            var looked = 0;
            var end = records.Count;
            for (; passed < PageSize && looked < window && next < end; looked++, next++)
            {
                var record = records[next];
                if (EventFilter.IsAllowed(filter, record))
                {
                    passed++;
                    (commit, prepare) = (record.Position, record.Position);
                    await answer.EventAsync(record);
                }
            }

            considered += looked;
            if (passed < PageSize && looked < window)
            {
                break;
            }

            if (filter is not null && considered >= interval)
            {
                considered %= interval;
                answer.Checkpoint(commit, prepare);
            }
        }

        if (filter is not null && next > 0 && node.Options.CheckpointBeforeCaughtUp)
        {
            answer.Checkpoint(records[next - 1].Position, records[next - 1].Position);
        }

        answer.CaughtUp();
        await answer.FlushAsync();
    }

    private async Task GoOnAsync(int end)
    {
        for (; next < end; next++)
        {
            var record = records[next];
            if (EventFilter.IsAllowed(filter, record))
            {
                await answer.EventAsync(record);
            }

            if (filter is not null && ++considered >= interval)
            {
                considered = 0;
                answer.Checkpoint(record.Position, record.Position);
            }
        }

        await answer.FlushAsync();
    }

    /// <summary>A subscription's position is exclusive: it goes on after the record there.</summary>
    private int Start(AllOptions all)
    {
        switch (all.AllOptionCase)
        {
            case AllOptions.AllOptionOneofCase.Start:
                return 0;
            case AllOptions.AllOptionOneofCase.End:
                return records.Count;
            case AllOptions.AllOptionOneofCase.Position:
                var (commit, prepare) = (all.Position.CommitPosition, all.Position.PreparePosition);
                if (commit == 0 && prepare == 0)
                {
                    return 0;
                }

                var index = ReadService.IndexOf(records, commit, prepare, GrpcError.Thrown());
                return Math.Min(index + 1, records.Count);
            default:
                throw GrpcError.Thrown();
        }
    }

    private static long Interval(ReadReq.Types.Options.Types.FilterOptions filter)
    {
        var window = filter.WindowCase == ReadReq.Types.Options.Types.FilterOptions.WindowOneofCase.Max ? filter.Max : PageSize;
        return filter.CheckpointIntervalMultiplier == 0 || window == 0 ? throw GrpcError.Thrown() : (long)window * filter.CheckpointIntervalMultiplier;
    }
}
