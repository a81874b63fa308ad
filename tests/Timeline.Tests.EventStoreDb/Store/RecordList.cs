namespace Timeline.Tests.EventStoreDb.Store;

/// <summary>All records in the order of the log. One thread adds at a time; any number reads what has been published, without a lock.</summary>
public sealed class RecordList
{
    private const int SegmentBits = 12;
    private const int SegmentSize = 1 << SegmentBits;

    /// <summary>A real log begins with a record of its own that holds no event; with this length a new log's events lie where a real one's do.</summary>
    private const long Beginning = 405;

    private Recorded[][] segments = new Recorded[16][];
    private int added;
    private int published;

    /// <summary>How many records may be read.</summary>
    public int Count => Volatile.Read(ref published);

    /// <summary>Where the published records end.</summary>
    public long End => Count is > 0 and var count ? this[count - 1].Next : Beginning;

    public Recorded this[int index] => Volatile.Read(ref segments)[index >> SegmentBits][index & (SegmentSize - 1)];

    internal int Added => added;

    /// <summary>Where the next record goes.</summary>
    internal long Next { get; private set; } = Beginning;

    /// <summary>The first published record that begins at this position or after it; <see cref="Count"/> if none does.</summary>
    public int AtOrAfter(long position)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (this[middle].Position < position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <returns>The record's index.</returns>
    internal int Add(Recorded record)
    {
        var (segment, offset) = (added >> SegmentBits, added & (SegmentSize - 1));
        if (segment == segments.Length)
        {
            var larger = new Recorded[segments.Length * 2][];
            segments.CopyTo(larger, 0);
            Volatile.Write(ref segments, larger);
        }

        (segments[segment] ??= new Recorded[SegmentSize])[offset] = record;
        Next = record.Next;
        return added++;
    }

    /// <summary>Leaves room for a record that holds no event.</summary>
    /// <returns>Where it would lie.</returns>
    internal long Skip(int size)
    {
        var position = Next;
        Next += size;
        return position;
    }

    internal void Publish() => Volatile.Write(ref published, added);
}
