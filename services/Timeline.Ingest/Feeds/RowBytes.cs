using System.Globalization;
using System.Text;
using Timeline.Contracts;
using Timeline.Domain.Ports;

namespace Timeline.Ingest.Feeds;

/// <summary>Turns an observation's bytes into those of its fate, which differ by the type's name and what is referred to.</summary>
internal static class RowBytes
{
    /// <summary>The event of a row. <paramref name="other"/>: id of the row that it repeats, replaces or equals; null for an observed one.</summary>
    public static (string Type, ReadOnlyMemory<byte> Data) Of(in FeedRecord record, RowFate fate, string feed, string? other) => fate switch
    {
        RowFate.Observed => (EventTypes.CodedEventObserved, record.Observed),
        RowFate.Repeated => (EventTypes.RowRepeated, Refer(record, "of", other!, EventTypes.RowRepeated)),
        RowFate.Corrected => (EventTypes.RowCorrected, Refer(record, "replaces", other!, EventTypes.RowCorrected)),
        RowFate.AlreadyKnown => (EventTypes.RowAlreadyKnown, AlreadyKnown(record, feed, other!)),
        _ => (EventTypes.RowSetAside, record.SetAside),
    };

    // Ids of feed rows are ASCII without anything to escape, and "of" and "replaces" sort right before "row".
    private static byte[] Refer(in FeedRecord record, string member, string other, string type)
    {
        var observed = record.Observed.Span;
        var parts = record.Parts;
        var bytes = new byte[observed.Length + member.Length + other.Length + 6 + type.Length - parts.TypeLength];
        var to = bytes.AsSpan();
        observed[..parts.ReferenceAt].CopyTo(to);
        to = to[parts.ReferenceAt..];
        to[0] = (byte)'"';
        var n = 1 + Encoding.ASCII.GetBytes(member, to[1..]);
        "\":\""u8.CopyTo(to[n..]);
        n += 3;
        n += Encoding.ASCII.GetBytes(other, to[n..]);
        "\","u8.CopyTo(to[n..]);
        to = to[(n + 2)..];
        observed[parts.ReferenceAt..parts.TypeAt].CopyTo(to);
        to = to[(parts.TypeAt - parts.ReferenceAt)..];
        to = to[Encoding.ASCII.GetBytes(type, to)..];
        observed[(parts.TypeAt + parts.TypeLength)..].CopyTo(to);
        return bytes;
    }

    private static byte[] AlreadyKnown(in FeedRecord record, string feed, string other)
    {
        var row = Encoding.UTF8.GetString(record.Observed.Span.Slice(record.Parts.RowAt, record.Parts.RowLength));
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"data":{"feed":"{{feed}}","of":"{{other}}","row":"{{row}}"},"type":"RowAlreadyKnown","version":{{EventTypes.CurrentVersion(EventTypes.RowAlreadyKnown)}}}"""));
    }
}
