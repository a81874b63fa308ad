using Timeline.Domain.Ports;

namespace Timeline.Domain.Feed;

/// <summary>
/// Splits the log into messages, one chain per partition: each message names the last place of its partition before it, so that whoever
/// misses one sees that it did. It keeps no time and sends nothing; when to flush is the caller's business.
/// </summary>
public sealed class FeedBatcher
{
    private readonly FeedIdentity identity;
    private readonly bool carries;
    private readonly OpenBatch[] open;
    private int openBatches;

    /// <summary>
    /// Continues from a checkpoint, or from the log's start where there is none. Throws <see cref="FeedRefusedException"/> for a checkpoint
    /// of another log or another number of partitions. <paramref name="carries"/>: messages go on as bytes, so their events are not kept decoded.
    /// </summary>
    public FeedBatcher(FeedIdentity identity, RelayCheckpoint? from, bool carries = false)
    {
        ArgumentNullException.ThrowIfNull(identity);
        if (from is not null && from.LogId != identity.LogId)
        {
            throw new FeedRefusedException($"The Relay's checkpoint is of log {from.LogId}, but this is log {identity.LogId}. Give the log its own checkpoint, or delete this one: the log is then published from its start.");
        }

        if (from is not null && from.LastPerPartition.Count != identity.Partitions)
        {
            throw new FeedRefusedException($"The Relay's checkpoint has {from.LastPerPartition.Count} partitions, but the feed has {identity.Partitions}. Delete the checkpoint: the log is then published from its start.");
        }

        this.identity = identity;
        this.carries = carries;
        Through = from?.Place ?? LogPlace.Start;
        open = new OpenBatch[identity.Partitions];
        for (var p = 0; p < open.Length; p++)
        {
            var last = from?.LastPerPartition[p] ?? LogPlace.Start;
            open[p] = new OpenBatch { Previous = last, Last = last, Through = Through };
        }
    }

    /// <summary>Everything up to here has been added.</summary>
    public LogPlace Through { get; private set; }

    /// <summary>True while some event has been added that no message carries yet.</summary>
    public bool HasOpen => openBatches > 0;

    /// <summary>Adds the next event of the log to the batches of its partitions; messages that its coming completes are appended to <paramref name="into"/>.</summary>
    public void Add(FeedEvent e, ICollection<FeedMessage> into)
    {
        ArgumentNullException.ThrowIfNull(e);
        ArgumentNullException.ThrowIfNull(into);
        var place = e.Log.Place;
        if (place.Ordinal <= Through.Ordinal)
        {
            throw new ArgumentException($"Ordinal {place.Ordinal} comes after {Through.Ordinal}: the log is published in its order.", nameof(e));
        }

        var before = Through;
        var bytes = SizeOf(e);
        var partitions = Routing.PartitionsOf(e, identity.Partitions);
        e = carries ? e.AsCarried() : e;
        for (var p = 0; p < open.Length; p++)
        {
            if (!partitions.Contains(p))
            {
                continue;
            }

            var batch = open[p];
            if (batch.Events is not null && batch.Bytes + bytes > FeedLimits.Bytes)
            {
                into.Add(Close(p, before));
            }

            if (batch.Events is null)
            {
                batch.Events = new List<FeedEvent>(capacity: 4);
                openBatches++;
            }

            batch.Events.Add(e);
            batch.Bytes += bytes;
            batch.Last = place;
            if (batch.Events.Count >= FeedLimits.Events || batch.Bytes >= FeedLimits.Bytes)
            {
                into.Add(Close(p, place));
            }
        }

        Through = place;
    }

    /// <summary>
    /// Ends every open batch: messages with events come first. With <paramref name="announce"/> every other partition that has not been told
    /// so yet learns by a message without events that nothing comes for it up to <paramref name="through"/>.
    /// </summary>
    public void Flush(LogPlace through, bool announce, ICollection<FeedMessage> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (through.Ordinal < Through.Ordinal)
        {
            throw new ArgumentException($"Ordinal {through.Ordinal} lies before {Through.Ordinal}, which has been added.", nameof(through));
        }

        Through = through;
        for (var p = 0; p < open.Length && openBatches > 0; p++)
        {
            if (open[p].Events is not null)
            {
                into.Add(Close(p, through));
            }
        }

        for (var p = 0; announce && p < open.Length; p++)
        {
            if (open[p].Through.Ordinal < through.Ordinal)
            {
                into.Add(Heartbeat(p));
            }
        }
    }

    /// <summary>A message without events for every partition, said before or not: so that the loss of the last message shows.</summary>
    public void Heartbeats(ICollection<FeedMessage> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        Flush(Through, announce: false, into);
        for (var p = 0; p < open.Length; p++)
        {
            into.Add(Heartbeat(p));
        }
    }

    /// <summary>What to save once every message given so far has been confirmed. Throws <see cref="InvalidOperationException"/> while <see cref="HasOpen"/>.</summary>
    public RelayCheckpoint Checkpoint()
    {
        if (HasOpen)
        {
            throw new InvalidOperationException("Events wait in open batches: a checkpoint now would lose them. Flush first.");
        }

        return new RelayCheckpoint(identity.LogId, Through, Array.ConvertAll(open, static b => b.Last));
    }

    /// <summary>Bytes that an event takes in a message: what the log holds of it, with 64 for places, ids and lengths.</summary>
    public static int SizeOf(FeedEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e.Log.Data.Length + e.Log.Metadata.Length + e.Log.Stream.Value.Length + e.Log.Type.Length + 64;
    }

    private FeedMessage Close(int partition, LogPlace through)
    {
        var batch = open[partition];
        var message = Message(partition, batch.Previous, batch.Last, through, batch.Events!);
        batch.Events = null;
        batch.Bytes = 0;
        batch.Previous = batch.Last;
        batch.Through = through;
        openBatches--;
        return message;
    }

    private FeedMessage Heartbeat(int partition)
    {
        var batch = open[partition];
        batch.Through = Through;
        return Message(partition, batch.Last, batch.Last, Through, []);
    }

    private FeedMessage Message(int partition, LogPlace previous, LogPlace last, LogPlace through, IReadOnlyList<FeedEvent> events) =>
        new(identity.LogId, identity.Partitions, identity.Generation, partition, previous, last, through, events);

    private sealed class OpenBatch
    {
        /// <summary>Null while nothing waits.</summary>
        public List<FeedEvent>? Events;
        public int Bytes;

        /// <summary>The last place that a closed message carried.</summary>
        public LogPlace Previous;

        /// <summary>The last place added.</summary>
        public LogPlace Last;

        /// <summary>What the partition was last told.</summary>
        public LogPlace Through;
    }
}
