using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Timeline.Domain.Ports;
using Timeline.Ingest.Feeds.Mapping;

namespace Timeline.Ingest.Feeds;

/// <summary>Places in an event's bytes: where <c>of</c> or <c>replaces</c> goes, the type's name, the row's id.</summary>
internal readonly record struct RowParts(RowKey Key, int ReferenceAt, int TypeAt, int TypeLength, int RowAt, int RowLength);

/// <summary>
/// Reads back from an event's canonical bytes what the index of a feed needs, so that a row has one key whether it comes from a
/// file or from the log. One instance serves one thread.
/// </summary>
internal sealed class StoredRow
{
    private byte[] scratch = new byte[1_024];
    private int referenceAt;
    private int referenceEnd;
    private int typeAt;
    private int typeEnd;
    private int rowAt;
    private int rowLength;
    private int day;
    private int keyLength;
    private byte[] key = new byte[256];

    public RowParts Parts { get; private set; }

    /// <summary>Feed's name; null where the event is no row.</summary>
    public string? Feed { get; private set; }

    public void Read(ReadOnlySpan<byte> canonical)
    {
        (referenceAt, referenceEnd, typeAt, typeEnd, rowAt, rowLength, day, keyLength) = (0, 0, 0, 0, 0, 0, 0, 0);
        Feed = null;
        var reader = new Utf8JsonReader(canonical);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(ref reader);
        }

        var row = canonical.Slice(rowAt, rowLength);
        var content = ContentHash(canonical);
        var group = Feed is null or Gdelt.Feed ? Hash(key.AsSpan(0, keyLength)) : MappedGroup.Of(canonical);
        var number = row is not [(byte)'0' or (byte)'+', _, ..] && Utf8Parser.TryParse(row, out long n, out var used) && used == row.Length && n >= 0 ? n : Hash(row) | long.MinValue;
        Parts = new RowParts(new RowKey(number, content, day, group), referenceAt, typeAt, typeEnd - typeAt, rowAt, rowLength);
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("actors"u8) || reader.ValueTextEquals("targets"u8))
        {
            reader.Read();
            ReadCodes(ref reader);
        }
        else if (reader.ValueTextEquals("coding"u8))
        {
            reader.Read();
            ReadCodes(ref reader);
        }
        else if (reader.ValueTextEquals("data"u8))
        {
            reader.Read();
            ReadData(ref reader);
        }
        else if (reader.ValueTextEquals("occurred"u8))
        {
            reader.Read();
            ReadDay(ref reader);
        }
        else if (reader.ValueTextEquals("type"u8))
        {
            reader.Read();
            typeAt = (int)reader.TokenStartIndex + 1;
            typeEnd = typeAt + reader.ValueSpan.Length;
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    // Every "code" or "cameo" inside, then a mark: an absent code is not the next one's.
    private void ReadCodes(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && (reader.ValueTextEquals("code"u8) || reader.ValueTextEquals("cameo"u8)))
            {
                reader.Read();
                AppendKey(reader.ValueSpan);
            }
        }

        AppendKey("\n"u8);
    }

    private void ReadData(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = (int)reader.TokenStartIndex;
            var isReference = reader.ValueTextEquals("of"u8) || reader.ValueTextEquals("replaces"u8);
            var isRow = reader.ValueTextEquals("row"u8);
            var isFeed = reader.ValueTextEquals("feed"u8);
            reader.Read();
            if (isReference)
            {
                // With the comma behind it: "row" always follows.
                (referenceAt, referenceEnd) = (at, (int)reader.BytesConsumed + 1);
            }
            else if (isRow)
            {
                referenceAt = referenceEnd == 0 ? at : referenceAt;
                (rowAt, rowLength) = ((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
            }
            else if (isFeed)
            {
                Feed = reader.ValueTextEquals(Gdelt.Feed) ? Gdelt.Feed : reader.GetString();
            }

            reader.Skip();
        }
    }

    private void ReadDay(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isDay = reader.ValueTextEquals("start"u8) || reader.ValueTextEquals("stated"u8);
            reader.Read();
            if (isDay && day == 0)
            {
                day = Digits(reader.ValueSpan);
            }

            reader.Skip();
        }
    }

    // 2012-04-01 and 20120401 alike; what is no such day has none.
    private static int Digits(ReadOnlySpan<byte> text)
    {
        var (value, digits) = (0, 0);
        foreach (var c in text)
        {
            if (c == '-')
            {
                continue;
            }

            if (c is < (byte)'0' or > (byte)'9' || ++digits > 8)
            {
                return 0;
            }

            value = (value * 10) + (c - '0');
        }

        return digits == 8 ? value : 0;
    }

    private void AppendKey(ReadOnlySpan<byte> part)
    {
        if (key.Length - keyLength < part.Length + 1)
        {
            Array.Resize(ref key, Math.Max(2 * key.Length, keyLength + part.Length + 1));
        }

        part.CopyTo(key.AsSpan(keyLength));
        keyLength += part.Length;
        key[keyLength++] = (byte)'\t';
    }

    // The same row hashes alike as an observation, a repeat or a correction: neither the type nor what it refers to is content.
    private long ContentHash(ReadOnlySpan<byte> canonical)
    {
        if (scratch.Length < canonical.Length)
        {
            scratch = new byte[canonical.Length];
        }

        var n = 0;
        var from = 0;
        if (referenceEnd > 0)
        {
            canonical[..referenceAt].CopyTo(scratch);
            n = referenceAt;
            from = referenceEnd;
        }

        canonical[from..typeAt].CopyTo(scratch.AsSpan(n));
        n += typeAt - from;
        canonical[typeEnd..].CopyTo(scratch.AsSpan(n));
        n += canonical.Length - typeEnd;
        return Hash(scratch.AsSpan(0, n));
    }

    private static long Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
