using System.Buffers.Text;
using System.Text;

namespace EventStore.Client;

/// <summary>
/// Reads ReadResp by hand, because a log is read by the million events: no message objects, one string for each stream and type,
/// and one array an event that holds its data and its metadata.
/// </summary>
internal sealed class ReadAnswerParser(TextCache texts)
{
    /// <exception cref="InvalidDataException">It is no ReadResp, or an event lacks what every event has.</exception>
    public void Parse(ReadOnlySpan<byte> message, out ReadAnswer answer)
    {
        answer = default;
        var reader = new WireReader(message);
        for (var tag = reader.Tag(); tag != 0; tag = reader.Tag())
        {
            switch (tag)
            {
                case (1 << 3) | WireReader.Delimited:
                    answer.Event = Event(reader.Bytes());
                    break;
                case (2 << 3) | WireReader.Delimited:
                    answer.Text = Confirmation(reader.Bytes());
                    break;
                case (3 << 3) | WireReader.Delimited:
                case (7 << 3) | WireReader.Delimited:
                    (answer.First, answer.Second) = Numbers(reader.Bytes());
                    break;
                case (5 << 3) | WireReader.Varint:
                case (6 << 3) | WireReader.Varint:
                    answer.First = reader.Number();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }

            var field = tag >> 3;
            answer.Content = field is >= 1 and <= 9 ? (ReadContent)field : ReadContent.Unknown;
        }
    }

    private static string Confirmation(ReadOnlySpan<byte> message)
    {
        var id = "";
        var reader = new WireReader(message);
        for (var tag = reader.Tag(); tag != 0; tag = reader.Tag())
        {
            if (tag == ((1 << 3) | WireReader.Delimited))
            {
                id = Encoding.UTF8.GetString(reader.Bytes());
            }
            else
            {
                reader.Skip(tag);
            }
        }

        return id;
    }

    // Fields 1 and 2: the halves of a position or of an id.
    private static (ulong First, ulong Second) Numbers(ReadOnlySpan<byte> message)
    {
        var (first, second) = (0UL, 0UL);
        var reader = new WireReader(message);
        for (var tag = reader.Tag(); tag != 0; tag = reader.Tag())
        {
            switch (tag)
            {
                case (1 << 3) | WireReader.Varint:
                    first = reader.Number();
                    break;
                case (2 << 3) | WireReader.Varint:
                    second = reader.Number();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return (first, second);
    }

    private static Uuid Id(ReadOnlySpan<byte> message)
    {
        var id = Uuid.Empty;
        var reader = new WireReader(message);
        for (var tag = reader.Tag(); tag != 0; tag = reader.Tag())
        {
            switch (tag)
            {
                case (1 << 3) | WireReader.Delimited:
                    var (most, least) = Numbers(reader.Bytes());
                    id = Uuid.FromInt64(unchecked((long)most), unchecked((long)least));
                    break;
                case (2 << 3) | WireReader.Delimited:
                    id = Utf8Parser.TryParse(reader.Bytes(), out Guid value, out _)
                        ? Uuid.FromGuid(value)
                        : throw new InvalidDataException("An event's id is no UUID.");
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return id;
    }

    private ResolvedEvent Event(ReadOnlySpan<byte> message)
    {
        EventRecord? recorded = null;
        EventRecord? link = null;
        ulong? commit = null;
        var reader = new WireReader(message);
        for (var tag = reader.Tag(); tag != 0; tag = reader.Tag())
        {
            switch (tag)
            {
                case (1 << 3) | WireReader.Delimited:
                    recorded = Recorded(reader.Bytes());
                    break;
                case (2 << 3) | WireReader.Delimited:
                    link = Recorded(reader.Bytes());
                    break;
                case (3 << 3) | WireReader.Varint:
                    commit = reader.Number();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        // A link whose event is gone comes alone.
        return recorded is null && link is null
            ? throw new InvalidDataException("The server sent an event without its record.")
            : new ResolvedEvent(recorded!, link, commit);
    }

    private EventRecord Recorded(ReadOnlySpan<byte> message)
    {
        var (id, stream) = (Uuid.Empty, "");
        var (revision, prepare, commit) = (0UL, 0UL, 0UL);
        ReadOnlySpan<byte> metadata = default;
        ReadOnlySpan<byte> data = default;
        var about = new About();
        var reader = new WireReader(message);
        for (var tag = reader.Tag(); tag != 0; tag = reader.Tag())
        {
            switch (tag)
            {
                case (1 << 3) | WireReader.Delimited:
                    id = Id(reader.Bytes());
                    break;
                case (2 << 3) | WireReader.Delimited:
                    stream = Stream(reader.Bytes());
                    break;
                case (3 << 3) | WireReader.Varint:
                    revision = reader.Number();
                    break;
                case (4 << 3) | WireReader.Varint:
                    prepare = reader.Number();
                    break;
                case (5 << 3) | WireReader.Varint:
                    commit = reader.Number();
                    break;
                case (6 << 3) | WireReader.Delimited:
                    Entry(reader.Bytes(), ref about);
                    break;
                case (7 << 3) | WireReader.Delimited:
                    metadata = reader.Bytes();
                    break;
                case (8 << 3) | WireReader.Delimited:
                    data = reader.Bytes();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        if (about.Type is null || about.ContentType is null || about.Created is not { } created)
        {
            throw new InvalidDataException($"Event {revision} of {stream} lacks its type, its content type or the time of its creation.");
        }

        var (dataCopy, metadataCopy) = Copy(data, metadata);
        return new EventRecord(
            stream, id, new StreamPosition(revision), new Position(commit, prepare), about.Type, about.ContentType, created, dataCopy, metadataCopy);
    }

    private static (ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Metadata) Copy(ReadOnlySpan<byte> data, ReadOnlySpan<byte> metadata)
    {
        if (data.Length + metadata.Length == 0)
        {
            return default;
        }

        var both = GC.AllocateUninitializedArray<byte>(data.Length + metadata.Length);
        data.CopyTo(both);
        metadata.CopyTo(both.AsSpan(data.Length));
        return (both.AsMemory(0, data.Length), both.AsMemory(data.Length));
    }

    private string Stream(ReadOnlySpan<byte> message)
    {
        var name = "";
        var reader = new WireReader(message);
        for (var tag = reader.Tag(); tag != 0; tag = reader.Tag())
        {
            if (tag == ((3 << 3) | WireReader.Delimited))
            {
                name = texts.Get(reader.Bytes());
            }
            else
            {
                reader.Skip(tag);
            }
        }

        return name;
    }

    // One entry of the map that says type, content type and time of creation.
    private void Entry(ReadOnlySpan<byte> message, ref About about)
    {
        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> value = default;
        var reader = new WireReader(message);
        for (var tag = reader.Tag(); tag != 0; tag = reader.Tag())
        {
            switch (tag)
            {
                case (1 << 3) | WireReader.Delimited:
                    key = reader.Bytes();
                    break;
                case (2 << 3) | WireReader.Delimited:
                    value = reader.Bytes();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        if (key.SequenceEqual("type"u8))
        {
            about.Type = texts.Get(value);
        }
        else if (key.SequenceEqual("created"u8))
        {
            about.Created = Utf8Parser.TryParse(value, out long ticks, out var used) && used == value.Length && Ticks.Contains(ticks)
                ? new DateTime(DateTime.UnixEpoch.Ticks + ticks, DateTimeKind.Utc)
                : throw new InvalidDataException("An event's time of creation is no number of ticks.");
        }
        else if (key.SequenceEqual("content-type"u8))
        {
            about.ContentType = value.SequenceEqual("application/json"u8) ? EventData.Json : texts.Get(value);
        }
    }

    private struct About
    {
        public string? Type;
        public string? ContentType;
        public DateTime? Created;
    }

    private static class Ticks
    {
        public static bool Contains(long sinceEpoch) =>
            sinceEpoch >= DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks && sinceEpoch <= DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks;
    }
}
