using System.Runtime.InteropServices;
using SQLitePCL;
using Timeline.Domain.Ledger;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>Packs a commit's entries into one segment for each subject and month that they touch.</summary>
internal sealed class SegmentBatch(sqlite3 database, StoredNames names) : IDisposable
{
    private readonly SqliteStatement insert = new(database, "INSERT INTO segments VALUES(?1, ?2, ?3, ?4)");
    private readonly Dictionary<(int Subject, int Month), SegmentEncoder> open = [];
    private readonly Stack<SegmentEncoder> free = new();

    /// <summary>Packs entries.</summary>
    public void Add(IReadOnlyList<LedgerEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var c = entries[i].Contribution;
            ref var segment = ref CollectionsMarshal.GetValueRefOrAddDefault(open, (names.IdOf(c.Subject), SegmentCodec.MonthOf(c.Day)), out _);
            segment ??= free.TryPop(out var used) ? used : new SegmentEncoder(names.IdOf);
            segment.Add(entries[i]);
        }
    }

    /// <summary>Writes the segments; <paramref name="seq"/> orders them behind all earlier ones.</summary>
    public void Write(long seq)
    {
        foreach (var ((subject, month), segment) in open)
        {
            insert.Bind(1, subject).Bind(2, month).Bind(3, seq).Bind(4, segment.Written.Span).Step();
        }

        Clear();
    }

    /// <summary>Forgets what was not written: nothing of a commit that failed may come with the next.</summary>
    public void Clear()
    {
        foreach (var segment in open.Values)
        {
            segment.Clear();
            free.Push(segment);
        }

        open.Clear();
    }

    public void Dispose() => insert.Dispose();
}
