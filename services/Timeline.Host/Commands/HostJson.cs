using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Timeline.Contracts.Answers;
using Timeline.Host.Embedding;
using Timeline.Hosting;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;

namespace Timeline.Host.Commands;

/// <summary>The shapes that the command adds to the answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SettlementShape))]
[JsonSerializable(typeof(MethodologyShape))]
[JsonSerializable(typeof(ExportReport))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(Timeline.Ingest.LogCopyReport))]
[JsonSerializable(typeof(VersionReport))]
[JsonSerializable(typeof(MappingReport))]
[JsonSerializable(typeof(TokenList))]
[JsonSerializable(typeof(string))]
internal sealed partial class HostJson : JsonSerializerContext;

/// <summary>They as they are written.</summary>
internal static class HostWire
{
    public static readonly HostJson Own = new(Wire.Readable(HostJson.Default));
}
