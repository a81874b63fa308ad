using System.Text;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.RabbitMq;

/// <summary>
/// A message as bytes: "TF", version 1, then numbers as varints (7 bits a byte, lowest first), texts and byte strings with their length before them. An event's
/// JSON stands in it as the log holds it. A stream or type that is the one before it is a length of 0; others have their length plus 1.
/// </summary>
internal static class FeedMessageCodec
{
    private const byte Version = 1;

    /// <summary>No message of a Relay is larger: one event beyond the limit travels alone.</summary>
    private const int MostEvents = 1 << 20;

    /// <summary>Ordinal, position, lengths, id, revision and time of one event at their longest.</summary>
    private const int EventOverhead = 10 * 8 + 16;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Bytes that a message takes at most.</summary>
    public static int MaxSize(FeedMessage message)
    {
        var size = 3 + 10 * 13 + 3 * (message.LogId.Length + message.Generation.Length);
        foreach (var e in message.Events)
        {
            size += EventOverhead + 3 * (e.Log.Stream.Value.Length + e.Log.Type.Length) + e.Log.Metadata.Length + e.Log.Data.Length;
        }

        return size;
    }

    /// <summary>Writes into at least <see cref="MaxSize"/> bytes and returns how many it took.</summary>
    public static int Write(FeedMessage message, Span<byte> into)
    {
        var to = new Writer(into);
        to.Bytes("TF"u8);
        to.Bytes([Version]);
        to.Text(message.LogId, 0);
        to.Number((ulong)message.Partitions);
        to.Text(message.Generation, 0);
        to.Number((ulong)message.Partition);
        to.Place(message.Previous);
        to.Place(message.Last);
        to.Place(message.Through);
        to.Number((ulong)message.Events.Count);
        var (stream, type) = ("", "");
        foreach (var e in message.Events)
        {
            var log = e.Log;
            to.Place(log.Place);
            to.TextOrSame(log.Stream.Value, ref stream);
            to.Number((ulong)log.Revision.Value);
            to.Id(log.Id);
            to.TextOrSame(log.Type, ref type);
            to.Number((ulong)log.Time.UtcTicks);
            to.Number((ulong)log.Metadata.Length);
            to.Bytes(log.Metadata.Span);
            to.Number((ulong)log.Data.Length);
            to.Bytes(log.Data.Span);
        }

        return to.Written;
    }

    /// <summary>
    /// Reads a message, whose events go on lying in <paramref name="body"/>. Throws <see cref="UnreadableMessageException"/> for anything that <see cref="Write"/> would not
    /// write.
    /// </summary>
    public static CarriedMessage Read(ReadOnlyMemory<byte> body)
    {
        var from = new Reader(body);
        if (!from.Bytes(2).Span.SequenceEqual("TF"u8))
        {
            throw new UnreadableMessageException("It does not begin like a message of the feed.");
        }

        if (from.Bytes(1).Span[0] is var version and not Version)
        {
            throw new UnreadableMessageException($"It is of version {version}; this Projector reads version {Version}.");
        }

        var logId = from.Text(from.Count(1));
        var partitions = from.Small(1, FeedIdentity.MaxPartitions, "partitions");
        var generation = from.Text(from.Count(1));
        var partition = from.Small(0, partitions - 1, "partition");
        var (previous, last, through) = (from.Place(), from.Place(), from.Place());
        var events = new CarriedEvent[from.Small(0, Math.Min(MostEvents, from.Left / 24), "events")];
        var (stream, type) = ("", "");
        for (var i = 0; i < events.Length; i++)
        {
            var place = from.Place();
            stream = from.TextOrSame(stream);
            var revision = new Revision(from.Long());
            var id = from.Id();
            type = from.TextOrSame(type);
            var time = from.Time();
            var metadata = from.Bytes(from.Count(0));
            var data = from.Bytes(from.Count(0));
            events[i] = new CarriedEvent(place, new StreamName(stream), revision, id, type, time, metadata, data);
        }

        return from.Left == 0
            ? new CarriedMessage(new FeedMessage(logId, partitions, generation, partition, previous, last, through, []), events)
            : throw new UnreadableMessageException($"{from.Left} bytes follow its end.");
    }

    private ref struct Writer(Span<byte> into)
    {
        private readonly Span<byte> into = into;

        public int Written { get; private set; }

        public void Number(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                into[Written++] = (byte)((value & 0x7f) | 0x80);
            }

            into[Written++] = (byte)value;
        }

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(into[Written..]);
            Written += bytes.Length;
        }

        public void Text(string text, int more)
        {
            Number((ulong)(Strict.GetByteCount(text) + more));
            Written += Strict.GetBytes(text, into[Written..]);
        }

        public void TextOrSame(string text, ref string before)
        {
            if (text == before)
            {
                Number(0);
                return;
            }

            Text(text, 1);
            before = text;
        }

        public void Place(LogPlace place)
        {
            Number((ulong)(place.Ordinal.Value + 1));
            Number(place.Position.Commit);
            Number(place.Position.Prepare);
        }

        public void Id(Guid id)
        {
            id.TryWriteBytes(into[Written..], bigEndian: true, out var bytes);
            Written += bytes;
        }
    }

    private ref struct Reader(ReadOnlyMemory<byte> body)
    {
        private readonly ReadOnlyMemory<byte> body = body;
        private readonly ReadOnlySpan<byte> span = body.Span;
        private int at;

        public readonly int Left => span.Length - at;

        public ulong Number()
        {
            ulong value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var b = at < span.Length ? span[at++] : throw CutShort();
                if (shift == 63 && b > 1)
                {
                    break;
                }

                value |= (ulong)(b & 0x7f) << shift;
                if (b < 0x80)
                {
                    return value;
                }
            }

            throw new UnreadableMessageException($"The number before byte {at} is too large.");
        }

        public long Long() => Number() is var value and <= long.MaxValue ? (long)value : throw new UnreadableMessageException($"The number before byte {at} is too large.");

        public int Small(int least, int most, string what) =>
            Number() is var value && value >= (ulong)least && value <= (ulong)Math.Max(0, most) ? (int)value : throw new UnreadableMessageException($"It says {value} {what}.");

        /// <summary>A length, within what is left.</summary>
        public int Count(int least) => Small(least, Left, "bytes in a place that has not as many");

        public ReadOnlyMemory<byte> Bytes(int count)
        {
            if (count > Left)
            {
                throw CutShort();
            }

            at += count;
            return body.Slice(at - count, count);
        }

        public string Text(int count)
        {
            try
            {
                return Strict.GetString(Bytes(count).Span);
            }
            catch (DecoderFallbackException e)
            {
                throw new UnreadableMessageException($"The text before byte {at} is no UTF-8.", e);
            }
        }

        public string TextOrSame(string before) => Count(0) is var length and > 0 ? Text(length - 1) : before;

        public LogPlace Place()
        {
            var ordinal = Long() - 1;
            return new LogPlace(new Ordinal(ordinal), new Position(Number(), Number()));
        }

        public Guid Id() => new(Bytes(16).Span, bigEndian: true);

        public DateTimeOffset Time() => Long() is var ticks && ticks <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw new UnreadableMessageException($"The time before byte {at} is too late.");

        private readonly UnreadableMessageException CutShort() => new($"It is cut short at byte {span.Length}.");
    }
}

/// <summary>A message whose events have not been decoded yet: that is its reader's work, not the connection's.</summary>
internal sealed record CarriedMessage(FeedMessage Head, CarriedEvent[] Events);

/// <summary>An event that lies in a message's bytes.</summary>
internal readonly record struct CarriedEvent(
    LogPlace Place, StreamName Stream, Revision Revision, Guid Id, string Type, DateTimeOffset Time, ReadOnlyMemory<byte> Metadata, ReadOnlyMemory<byte> Data)
{
    /// <summary>With bytes of its own: the message's are free afterwards.</summary>
    public LogEvent Own()
    {
        var own = new byte[Metadata.Length + Data.Length];
        Metadata.CopyTo(own);
        Data.CopyTo(own.AsMemory(Metadata.Length));
        return new LogEvent(Place, Stream, Revision, Id, Type, own.AsMemory(Metadata.Length), own.AsMemory(0, Metadata.Length), Time);
    }

    /// <summary>Whether this is that event of the same log, whose events never change.</summary>
    public bool Is(LogEvent log) => log.Place == Place && log.Id == Id && log.Revision == Revision && log.Stream == Stream && log.Data.Length == Data.Length;
}

/// <summary>Bytes that are no message of the feed. The message says why not.</summary>
internal sealed class UnreadableMessageException(string message, Exception? inner = null) : Exception(message, inner);
