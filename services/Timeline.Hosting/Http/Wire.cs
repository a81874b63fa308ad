using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Timeline.Contracts.Answers;

namespace Timeline.Hosting.Http;

/// <summary>The shapes that every service adds to the answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(Holder))]
[JsonSerializable(typeof(string))]
internal sealed partial class HostingJson : JsonSerializerContext;

/// <summary>The contexts as answers are written: text in any script stays readable, for every answer is application/json, never HTML.</summary>
internal static class Wire
{
    public static readonly HostingJson Own = new(Readable(HostingJson.Default));
    public static readonly AnswersJson Answers = new(Readable(AnswersJson.Default));

    public static JsonSerializerOptions Readable(JsonSerializerContext context) =>
        new(context.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>Answer of the health addresses.</summary>
public sealed record Health(string Status);

/// <summary>Whether answers can be trusted to be complete.</summary>
internal interface IReadiness
{
    /// <summary>Null when ready; else why not, in words.</summary>
    string? NotReadyBecause { get; }
}
