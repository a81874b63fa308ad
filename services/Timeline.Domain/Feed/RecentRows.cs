using System.Diagnostics.CodeAnalysis;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Feed;

/// <summary>
/// The bytes of the last rows, in one array that goes round. Thousands of decoded rows that live a little while each would keep the garbage
/// collector at copying them; decoding one in five again costs less. For several threads.
/// </summary>
internal sealed class RecentRows(int bytes)
{
    private readonly Lock gate = new();
    private readonly byte[] ring = GC.AllocateUninitializedArray<byte>(bytes);
    private readonly Dictionary<(StreamName, Revision), Kept> kept = new(new ByRevision());
    private readonly Queue<Kept> order = new();
    private int next;

    /// <summary>Keeps a row, at the cost of the oldest ones. One that takes more than a quarter of the room is not kept.</summary>
    public void Add(LogEvent row)
    {
        var data = row.Data.Span;
        lock (gate)
        {
            if (data.Length > ring.Length / 4 || kept.ContainsKey((row.Stream, row.Revision)))
            {
                return;
            }

            if (data.Length > ring.Length - next)
            {
                Forget(next, ring.Length);
                next = 0;
            }

            Forget(next, next + data.Length);
            data.CopyTo(ring.AsSpan(next));
            var entry = new Kept(row.Place, row.Stream, row.Revision, row.Id, row.Type, row.Time, next, data.Length);
            kept.Add((row.Stream, row.Revision), entry);
            order.Enqueue(entry);
            next += data.Length;
        }
    }

    public bool TryGet(StreamName stream, Revision revision, [NotNullWhen(true)] out LogEvent? row)
    {
        row = null;
        lock (gate)
        {
            if (!kept.TryGetValue((stream, revision), out var k))
            {
                return false;
            }

            row = new LogEvent(k.Place, k.Stream, k.Revision, k.Id, k.Type, ring.AsMemory(k.At, k.Length).ToArray(), default, k.Time);
            return true;
        }
    }

    // The oldest row stands right behind the youngest.
    private void Forget(int from, int to)
    {
        while (order.TryPeek(out var oldest) && oldest.At < to && oldest.At + oldest.Length > from)
        {
            kept.Remove((oldest.Stream, oldest.Revision));
            order.Dequeue();
        }
    }

    // Files are few and their names long: revisions alone tell nearly all rows apart.
    private sealed class ByRevision : IEqualityComparer<(StreamName Stream, Revision Revision)>
    {
        public bool Equals((StreamName Stream, Revision Revision) x, (StreamName Stream, Revision Revision) y) => x.Revision == y.Revision && x.Stream == y.Stream;

        public int GetHashCode((StreamName Stream, Revision Revision) row) => row.Revision.GetHashCode();
    }

    private readonly record struct Kept(LogPlace Place, StreamName Stream, Revision Revision, Guid Id, string Type, DateTimeOffset Time, int At, int Length);
}
