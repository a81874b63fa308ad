using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Timeline.Tests.EventStoreDb.Store;

/// <summary>What a stream's metadata says of which of its events may still be read.</summary>
/// <param name="TruncateBefore">The first revision that may be read; the largest number there is means that the stream is deleted.</param>
public sealed record StreamMetadata(long? MaxCount = null, TimeSpan? MaxAge = null, long? TruncateBefore = null)
{
    public const string EventType = "$metadata";

    /// <summary>The revision of a tombstone, and the truncation of a soft delete.</summary>
    public const long Deleted = long.MaxValue;

    public static readonly StreamMetadata None = new();

    /// <summary>Of a stream of metadata only the newest event is read.</summary>
    public static readonly StreamMetadata OfMetadata = new(MaxCount: 1);

    public static ReadOnlySpan<byte> SoftDelete => "{\"$tb\":9223372036854775807}"u8;

    public bool IsSoftDeleted => TruncateBefore == Deleted;

    public static bool IsMetadata(string stream) => stream.StartsWith("$$", StringComparison.Ordinal);

    public static string StreamOf(string stream) => "$$" + stream;

    public static string OriginalOf(string metadataStream) => metadataStream[2..];

    /// <summary>Metadata that is no JSON, or out of its ranges, is as none: that is how a real server takes it.</summary>
    public static StreamMetadata Parse(ReadOnlyMemory<byte> json, bool isJson)
    {
        if (!isJson || json.IsEmpty)
        {
            return None;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            long? Number(string name) => root.TryGetProperty(name, out var value) ? value.GetInt64() : null;
            var (maxCount, maxAge, truncateBefore) = (Number("$maxCount"), Number("$maxAge"), Number("$tb"));
            return maxCount <= 0 || maxAge <= 0 || truncateBefore < 0
                ? None
                : new StreamMetadata(maxCount, maxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null, truncateBefore);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or OverflowException or ArgumentOutOfRangeException)
        {
            return None;
        }
    }

    /// <summary>The same metadata with another truncation: how a deleted stream begins again. Null if it is no JSON object.</summary>
    public static byte[]? WithTruncateBefore(ReadOnlySpan<byte> json, long revision)
    {
        try
        {
            if (JsonNode.Parse(json) is not JsonObject members)
            {
                return null;
            }

            members["$tb"] = revision;
            return Encoding.UTF8.GetBytes(members.ToJsonString());
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
