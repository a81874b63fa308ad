using System.Text.Json;
using System.Text.Json.Nodes;

namespace Timeline.Contracts.Json;

/// <summary>One small step per type and version; what is stored stays as it was written.</summary>
internal static class Upcasters
{
    public static byte[] Upcast(string type, int version, ReadOnlySpan<byte> data)
    {
        var node = JsonNode.Parse(data) as JsonObject ?? throw new JsonException("data is not an object.");
        return (type, version) switch
        {
            (EventTypes.MissileLaunched or EventTypes.WeaponUsed, 1) => DeathsAsRange(node),
            (EventTypes.RowSetAside, 1) => CutWhereNotWhole(node),
            _ => throw new JsonException($"No upcaster for {type} version {version}."),
        };
    }

    // Version 1 kept the first 4,096 characters, without the line's carriage return, and U+FFFD for what is no UTF-8.
    private static byte[] CutWhereNotWhole(JsonObject data)
    {
        if (data["raw"] is not JsonValue v || !v.TryGetValue<string>(out var raw) || raw.Length >= 4_095 || raw.Contains('\uFFFD', StringComparison.Ordinal))
        {
            data["cut"] = true;
        }

        return System.Text.Encoding.UTF8.GetBytes(data.ToJsonString());
    }

    // Version 1 knew one figure; without bounds of its own it is its own low and high.
    private static byte[] DeathsAsRange(JsonObject data)
    {
        if (data["deaths"] is JsonValue v && v.TryGetValue<int>(out var n))
        {
            data["deaths"] = new JsonObject { ["low"] = n, ["best"] = n, ["high"] = n };
        }

        return System.Text.Encoding.UTF8.GetBytes(data.ToJsonString());
    }
}
