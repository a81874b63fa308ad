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
            _ => throw new JsonException($"No upcaster for {type} version {version}."),
        };
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
