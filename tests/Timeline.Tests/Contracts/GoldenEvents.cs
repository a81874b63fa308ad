using System.Text.Json.Nodes;
using Timeline.Contracts;

namespace Timeline.Tests.Contracts;

/// <summary>One event of each type and version that was ever written, as exact bytes. The files are never regenerated.</summary>
internal static class GoldenEvents
{
    /// <summary>Every type in every version that it ever had.</summary>
    public static IEnumerable<(string Type, int Version)> Ever =>
        EventTypes.Claims.Concat(EventTypes.Rows).Concat(EventTypes.References).Concat(EventTypes.Own).Order(StringComparer.Ordinal)
            .SelectMany(t => Enumerable.Range(1, EventTypes.CurrentVersion(t)).Select(v => (t, v)));

    public static TheoryData<string, int> AsTheory()
    {
        var data = new TheoryData<string, int>();
        foreach (var (type, version) in Ever)
        {
            data.Add(type, version);
        }

        return data;
    }

    public static byte[] Bytes(string type, int version) => File.ReadAllBytes(Path.Combine(RepositoryFiles.GoldenEvents, $"{type}.v{version}.json"));

    public static JsonObject Node(string type, int version) => JsonNode.Parse(Bytes(type, version))!.AsObject();
}
