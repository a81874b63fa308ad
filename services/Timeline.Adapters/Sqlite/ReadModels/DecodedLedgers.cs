using System.Runtime.CompilerServices;
using Timeline.Domain.Ledger;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>A month bucket of a subject in a partition, or <see cref="DecodedLedgers.AllUnpacked"/>.</summary>
internal readonly record struct DecodedKey(PartitionNames Partition, int Subject, int Month);

/// <summary>A run of packed entries in two pieces, so that what is added does not copy what was there.</summary>
internal readonly record struct PackedRun(PackedEntry[] Long, PackedEntry[] Short)
{
    public int Length => Long.Length + Short.Length;

    public PackedRun With(List<PackedEntry> added)
    {
        if (added.Count == 0)
        {
            return this;
        }

        PackedEntry[] tail = [.. Short, .. added];
        return tail.Length > Long.Length / 8 ? new PackedRun([.. Long, .. tail], []) : this with { Short = tail };
    }

    public void AddTo(List<PackedMonth> months, int month)
    {
        foreach (var piece in (PackedEntry[][])[Long, Short])
        {
            if (piece.Length > 0)
            {
                months.Add(new PackedMonth(month, piece));
            }
        }
    }
}

/// <summary>What was decoded of one bucket: never changed, only followed by a longer one.</summary>
/// <param name="LastSeq">The last segment in it.</param>
/// <param name="Through">The commit, as the number of entries it left in the partition, that it was read at: no segment up to there is missing.</param>
internal sealed record DecodedPart(PackedRun Packed, LedgerEntry[] Unpacked, long LastSeq, long Through)
{
    public static readonly DecodedPart Empty = new(new PackedRun([], []), [], -1, 0);

    // An unpacked entry is an object with its lists; names are kept once for all.
    public long Bytes => 200 + ((long)Packed.Length * Unsafe.SizeOf<PackedEntry>()) + (Unpacked.Length * 320L);

    /// <summary>Whether it is exactly what a commit holds: segments are numbered by the entries before them.</summary>
    public bool Holds(long commit) => LastSeq < commit && commit <= Through;

    public DecodedPart With(List<PackedEntry>? packed, List<LedgerEntry> unpacked, long lastSeq, long through) => new(
        packed is null ? Packed : Packed.With(packed), unpacked.Count == 0 ? Unpacked : [.. Unpacked, .. unpacked], lastSeq, through);
}

/// <summary>
/// Decoded ledgers of all partitions of a generation, so many bytes at most; the one not asked for the longest goes. Ledgers only grow: what is kept
/// is never wrong, only short.
/// </summary>
internal sealed class DecodedLedgers(long mostBytes)
{
    /// <summary>In place of a month: the entries of all months that cannot be packed.</summary>
    public const int AllUnpacked = -1;

    private readonly Lock gate = new();
    private readonly Dictionary<DecodedKey, LinkedListNode<(DecodedKey Key, DecodedPart Part)>> parts = [];
    private readonly LinkedList<(DecodedKey Key, DecodedPart Part)> latestFirst = new();

    public long Bytes { get; private set; }

    public DecodedPart? Find(DecodedKey key)
    {
        lock (gate)
        {
            if (!parts.TryGetValue(key, out var node))
            {
                return null;
            }

            latestFirst.Remove(node);
            latestFirst.AddFirst(node);
            return node.Value.Part;
        }
    }

    /// <summary>Keeps a part, unless one of a later commit is kept already or it alone is more than all may be.</summary>
    public void Keep(DecodedKey key, DecodedPart part)
    {
        lock (gate)
        {
            if (parts.TryGetValue(key, out var known))
            {
                if (known.Value.Part.Through >= part.Through)
                {
                    return;
                }

                Remove(known);
            }

            if (part.Bytes > mostBytes)
            {
                return;
            }

            parts[key] = latestFirst.AddFirst((key, part));
            Bytes += part.Bytes;
            while (Bytes > mostBytes)
            {
                Remove(latestFirst.Last!);
            }
        }
    }

    private void Remove(LinkedListNode<(DecodedKey Key, DecodedPart Part)> node)
    {
        latestFirst.Remove(node);
        parts.Remove(node.Value.Key);
        Bytes -= node.Value.Part.Bytes;
    }
}
