using System.Text.Json;
using System.Text.Json.Serialization;

namespace Timeline.Ingest.Api;

/// <summary>Every address that writes. All of them write the log, and nothing else.</summary>
internal static class IngestApi
{
    public static void Map(RouteGroupBuilder v1)
    {
        AppendEndpoint.Map(v1);
        MappingEndpoint.Map(v1);
        ImportEndpoint.Map(v1);
        TheatreEndpoint.Map(v1);
        MethodologyEndpoint.Map(v1);
        SettlementEndpoint.Map(v1);
        ParkedEndpoint.Map(v1);
    }
}

/// <summary>Bodies that are described here and read as they are given.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TheatreFileShape))]
[JsonSerializable(typeof(MethodologyShape))]
[JsonSerializable(typeof(SettlementShape))]
[JsonSerializable(typeof(RedriveShape))]
[JsonSerializable(typeof(DropShape))]
[JsonSerializable(typeof(ConfirmShape))]
internal sealed partial class IngestJson : JsonSerializerContext;
