using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>
/// Two SHA-256 digests of a subject's ledger, each a hash over the hashes of its days. <c>State</c> leaves out ordinals, reported days and ids, so
/// that a correction equals having been right at first; <c>History</c> has every entry with its ordinal and reported day.
/// </summary>
public static class LedgerDigest
{
    /// <summary>Lower-case hex.</summary>
    public static string State(IEnumerable<LedgerEntry> entries) =>
        Over(LedgerView.Standing(entries, new Ordinal(long.MaxValue), null), c => c.Day, c => Encode(c, withEvents: false));

    /// <summary>Lower-case hex. Entries that cancel under the same ordinal and reported day leave no trace: they were never served.</summary>
    public static string History(IEnumerable<LedgerEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var net = new Dictionary<(Ordinal Ordinal, int Reported, Contribution Contribution), int>();
        foreach (var e in entries)
        {
            var key = (e.Ordinal, e.Reported, e.Contribution);
            net[key] = net.GetValueOrDefault(key) + e.Sign;
        }

        return Over(
            net.Where(n => n.Value != 0),
            n => n.Key.Contribution.Day,
            n => [.. Numbers(n.Key.Ordinal.Value, n.Key.Reported, n.Value), .. Encode(n.Key.Contribution, withEvents: true)]);
    }

    private static string Over<T>(IEnumerable<T> items, Func<T, int?> dayOf, Func<T, byte[]> encode)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var day in items.GroupBy(i => dayOf(i) ?? -1).OrderBy(g => g.Key))
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var item in day.Select(encode).Order(Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b))))
            {
                hash.AppendData(Numbers(item.Length));
                hash.AppendData(item);
            }

            all.AppendData(Numbers(day.Key));
            all.AppendData(hash.GetHashAndReset());
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private static byte[] Encode(Contribution c, bool withEvents)
    {
        var text = string.Join('\u001f', [c.Subject, c.Issue ?? "", .. c.With]);
        var numbers = Numbers(
            c.Day ?? -1, c.From, c.To, (int)c.Side, c.G, c.Hostility, c.Severity, c.Weight, c.Machine ? 1 : 0, c.Nuclear ? 1 : 0, c.Lead ? 1 : 0,
            c.DeathsLow, c.DeathsBest, c.DeathsHigh, c.Position, c.Office, c.ContestedBy.Count);
        return withEvents
            ? [.. numbers, .. Numbers([c.Event.Value, .. c.ContestedBy.Select(o => o.Value)]), .. Encoding.UTF8.GetBytes(text)]
            : [.. numbers, .. Encoding.UTF8.GetBytes(text)];
    }

    private static byte[] Numbers(params ReadOnlySpan<long> values)
    {
        var bytes = new byte[values.Length * 8];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * 8), values[i]);
        }

        return bytes;
    }
}
