using System.Numerics;
using System.Threading.Channels;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>
/// Reads from the log what partitions miss: one pass at a time, from the lowest place that anybody asks for, each event decoded once for all.
/// Who asks for something that a pass has already gone by is served by the next one, together with everybody else who asks meanwhile.
/// </summary>
internal sealed class SharedLogReader(IEventLog log, int partitions, int pageEvents, int pagesAhead, CancellationToken stop)
{
    private readonly Lock gate = new();
    private readonly List<MissingEvents> asked = [];
    private bool reading;

    /// <summary>Passes over the log so far.</summary>
    public long Passes { get; private set; }

    public Task<LogPlace> HeadAsync(CancellationToken ct) => log.HeadAsync(ct);

    /// <summary>The events of a partition after one place, up to another that the log is known to have come to.</summary>
    public MissingEvents Read(int partition, LogPlace after, LogPlace upTo) => Read([(partition, after)], upTo)[0];

    /// <summary>The same for several partitions at once: one pass serves them all.</summary>
    public MissingEvents[] Read(IReadOnlyList<(int Partition, LogPlace After)> missing, LogPlace upTo)
    {
        var requests = missing.Select(m => new MissingEvents(m.Partition, m.After, upTo, pagesAhead)).ToArray();
        lock (gate)
        {
            asked.AddRange(requests);
            if (reading || requests.Length == 0)
            {
                return requests;
            }

            reading = true;
        }

        _ = ReadPassesAsync();
        return requests;
    }

    private async Task ReadPassesAsync()
    {
        await Task.Yield();
        while (true)
        {
            List<MissingEvents> readers = [];
            var from = LogPlace.Start;
            lock (gate)
            {
                asked.RemoveAll(static r => r.IsLetGo);
                if (asked.Count == 0)
                {
                    reading = false;
                    return;
                }

                readers.AddRange(asked);
                asked.Clear();
                from = readers.MinBy(static r => r.After.Ordinal)!.After;
                Passes++;
            }

            try
            {
                await ReadPassAsync(from, readers);
            }
#pragma warning disable CA1031 // It is the workers' failure: each tells it in its status, waits and asks again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                readers.ForEach(r => r.End(e));
            }
        }
    }

    private async Task ReadPassAsync(LogPlace from, List<MissingEvents> readers)
    {
        var head = from;
        await foreach (var page in log.ReadAllAsync(from, pageEvents, stop))
        {
            var batches = ByPartition(page);
            head = page.Through;
            foreach (var reader in readers)
            {
                if (head.Ordinal > reader.After.Ordinal)
                {
                    await reader.GiveAsync(new MissingPage(After(reader.After, batches[reader.Partition]), head), stop);
                }
            }

            readers.RemoveAll(r => r.IsLetGo || r.EndIfCompleteAt(head));
            Join(head, readers);
            if (readers.Count == 0)
            {
                return;
            }
        }

        readers.ForEach(r => r.End(new FeedRefusedException(
            $"The feed names ordinal {r.UpTo.Ordinal}, but the log ends at {head.Ordinal}: the feed is not of this log, or the log is an older copy.")));
    }

    // Decoded once, and one list of a partition for all projections.
    private List<FeedEvent>[] ByPartition(LogPage page)
    {
        var batches = new List<FeedEvent>[partitions];
        for (var p = 0; p < partitions; p++)
        {
            batches[p] = [];
        }

        foreach (var logged in page.Events)
        {
            var e = FeedEvent.Decode(logged);
            for (var to = Routing.PartitionsOf(e, partitions).Bits; to != 0; to &= to - 1)
            {
                batches[BitOperations.TrailingZeroCount(to)].Add(e);
            }
        }

        return batches;
    }

    private static List<FeedEvent> After(LogPlace after, List<FeedEvent> batch) =>
        batch.Count == 0 || batch[0].Ordinal > after.Ordinal ? batch : batch.FindAll(e => e.Ordinal > after.Ordinal);

    // Whoever has come to where the pass stands, or is beyond it, rides along.
    private void Join(LogPlace at, List<MissingEvents> readers)
    {
        lock (gate)
        {
            readers.AddRange(asked.Where(r => r.After.Ordinal >= at.Ordinal));
            asked.RemoveAll(r => r.After.Ordinal >= at.Ordinal);
        }
    }
}

/// <summary>A run of one partition's events: nothing else comes for it up to <see cref="Through"/>.</summary>
internal sealed record MissingPage(IReadOnlyList<FeedEvent> Events, LogPlace Through);

/// <summary>What one partition has asked for. Dispose it to let go: the pass does not wait for it any longer.</summary>
internal sealed class MissingEvents(int partition, LogPlace after, LogPlace upTo, int pagesAhead) : IDisposable
{
    private readonly Channel<MissingPage> pages = Channel.CreateBounded<MissingPage>(new BoundedChannelOptions(pagesAhead) { SingleReader = true, SingleWriter = true });
    private volatile bool letGo;

    public int Partition { get; } = partition;

    public LogPlace After { get; } = after;

    public LogPlace UpTo { get; } = upTo;

    public bool IsLetGo => letGo;

    /// <summary>False when everything has come. Throws what ended the pass early.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken ct) => pages.Reader.WaitToReadAsync(ct);

    public bool TryTake(out MissingPage? page) => pages.Reader.TryRead(out page);

    public async ValueTask GiveAsync(MissingPage page, CancellationToken ct)
    {
        while (!pages.Writer.TryWrite(page))
        {
            if (!await pages.Writer.WaitToWriteAsync(ct))
            {
                return;
            }
        }
    }

    public bool EndIfCompleteAt(LogPlace place)
    {
        var complete = place.Ordinal >= UpTo.Ordinal;
        if (complete)
        {
            End(null);
        }

        return complete;
    }

    public void End(Exception? error) => pages.Writer.TryComplete(error);

    public void Dispose()
    {
        letGo = true;
        pages.Writer.TryComplete();
    }
}
