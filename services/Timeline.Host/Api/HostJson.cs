using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Timeline.Contracts.Answers;
using Timeline.Host.Commands;
using Timeline.Host.Embedding;

namespace Timeline.Host.Api;

/// <summary>The shapes that the service and the command add to the answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(TheatreFileShape))]
[JsonSerializable(typeof(SettlementShape))]
[JsonSerializable(typeof(ExportReport))]
[JsonSerializable(typeof(Holder))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(Timeline.Ingest.LogCopyReport))]
[JsonSerializable(typeof(VersionReport))]
[JsonSerializable(typeof(MappingReport))]
[JsonSerializable(typeof(string))]
internal sealed partial class HostJson : JsonSerializerContext;

/// <summary>The contexts as answers are written: text in any script stays readable, for every answer is application/json, never HTML.</summary>
internal static class Wire
{
    public static readonly HostJson Own = new(Readable(HostJson.Default));
    public static readonly AnswersJson Answers = new(Readable(AnswersJson.Default));

    private static JsonSerializerOptions Readable(JsonSerializerContext context) =>
        new(context.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>Answer of the health addresses.</summary>
public sealed record Health(string Status);
