using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>
/// What repeats of a mapped feed share, to the letter: the parties, the code, the time and the deaths, that is all that a score reads but weight and day of
/// publication. So it can't matter which of them comes first, and all of a group go to the same partitions.
/// </summary>
internal static class MappedGroup
{
    private static readonly string[] Members = ["actors", "coding", "occurred", "targets"];

    /// <summary>Hash of those members of a row's canonical bytes.</summary>
    public static long Of(ReadOnlySpan<byte> canonical)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = new Utf8JsonReader(canonical);
        reader.Read();
        var dated = false;
        Range row = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name == "data")
            {
                row = AddDeaths(hash, canonical, ref reader);
                continue;
            }

            var from = (int)reader.TokenStartIndex;
            reader.Skip();
            var value = canonical[from..(int)reader.BytesConsumed];
            dated |= name == "occurred" && (value.IndexOf("\"start\":"u8) >= 0 || value.IndexOf("\"stated\":"u8) >= 0);
            if (Array.IndexOf(Members, name) >= 0)
            {
                Add(hash, name, value);
            }
        }

        if (!dated)
        {
            // Without a day there is no same day.
            Add(hash, "row", canonical[row]);
        }

        return BinaryPrimitives.ReadInt64BigEndian(hash.GetHashAndReset());
    }

    private static Range AddDeaths(IncrementalHash hash, ReadOnlySpan<byte> canonical, ref Utf8JsonReader reader)
    {
        Range row = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isDeaths = reader.ValueTextEquals("deaths"u8);
            var isRow = reader.ValueTextEquals("row"u8);
            reader.Read();
            var from = (int)reader.TokenStartIndex;
            reader.Skip();
            row = isRow ? from..(int)reader.BytesConsumed : row;
            if (isDeaths)
            {
                Add(hash, "deaths", canonical[from..(int)reader.BytesConsumed]);
            }
        }

        return row;
    }

    private static void Add(IncrementalHash hash, string name, ReadOnlySpan<byte> value)
    {
        hash.AppendData(System.Text.Encoding.ASCII.GetBytes(name));
        hash.AppendData(value);
        hash.AppendData("\n"u8);
    }
}
