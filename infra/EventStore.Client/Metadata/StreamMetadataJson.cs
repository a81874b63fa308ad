using System.Buffers;
using System.Text.Json;

namespace EventStore.Client;

/// <summary>Stream metadata as the JSON that the database reads: $maxCount, $maxAge, $tb, $cacheControl, $acl, and what users add.</summary>
internal static class StreamMetadataJson
{
    private const string MaxCount = "$maxCount";
    private const string MaxAge = "$maxAge";
    private const string TruncateBefore = "$tb";
    private const string CacheControl = "$cacheControl";
    private const string Acl = "$acl";

    private static readonly string[] Rights = ["$r", "$w", "$d", "$mr", "$mw"];

    public static byte[] Write(StreamMetadata metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteNumber(json, MaxCount, metadata.MaxCount);
            WriteNumber(json, MaxAge, (long?)metadata.MaxAge?.TotalSeconds);
            WriteNumber(json, TruncateBefore, metadata.TruncateBefore is { } position ? Truncation(position) : null);
            WriteNumber(json, CacheControl, (long?)metadata.CacheControl?.TotalSeconds);
            if (metadata.Acl is { } acl)
            {
                WriteAcl(json, acl);
            }

            foreach (var property in metadata.CustomMetadata?.RootElement.EnumerateObject() ?? default)
            {
                property.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">It is no JSON object.</exception>
    /// <exception cref="InvalidOperationException">A value is of another kind than it has to be.</exception>
    public static StreamMetadata Read(ReadOnlyMemory<byte> text)
    {
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        return new StreamMetadata(
            root.TryGetProperty(MaxCount, out var count) ? count.GetInt32() : null,
            Seconds(root, MaxAge),
            root.TryGetProperty(TruncateBefore, out var before) ? Position(before.GetInt64()) : null,
            Seconds(root, CacheControl),
            root.TryGetProperty(Acl, out var acl) ? ReadAcl(acl) : null,
            Custom(root));
    }

    // The end, behind which nothing is, is the largest number on both sides.
    private static long Truncation(StreamPosition position) => position == StreamPosition.End ? long.MaxValue : position.ToInt64();

    private static StreamPosition Position(long number) => number == long.MaxValue ? StreamPosition.End : StreamPosition.FromInt64(number);

    private static TimeSpan? Seconds(JsonElement root, string name) =>
        root.TryGetProperty(name, out var seconds) ? TimeSpan.FromSeconds(seconds.GetInt64()) : null;

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteAcl(Utf8JsonWriter json, StreamAcl acl)
    {
        json.WriteStartObject(Acl);
        string[]?[] roles = [acl.ReadRoles, acl.WriteRoles, acl.DeleteRoles, acl.MetaReadRoles, acl.MetaWriteRoles];
        foreach (var (right, granted) in Rights.Zip(roles))
        {
            if (granted is not null)
            {
                json.WriteStartArray(right);
                foreach (var role in granted)
                {
                    json.WriteStringValue(role);
                }

                json.WriteEndArray();
            }
        }

        json.WriteEndObject();
    }

    private static StreamAcl ReadAcl(JsonElement acl)
    {
        var roles = Array.ConvertAll(Rights, right => acl.TryGetProperty(right, out var granted) ? Roles(granted) : null);
        return new StreamAcl(roles[0], roles[1], roles[2], roles[3], roles[4]);
    }

    private static string[]? Roles(JsonElement granted) => granted.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => [granted.GetString()!],
        _ => [.. granted.EnumerateArray().Select(role => role.GetString()!)],
    };

    private static JsonDocument Custom(JsonElement root)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var property in root.EnumerateObject().Where(p => p.Name is not (MaxCount or MaxAge or TruncateBefore or CacheControl or Acl)))
            {
                property.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }
}
