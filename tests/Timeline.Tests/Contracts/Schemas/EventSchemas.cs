using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Timeline.Contracts;
using Timeline.Contracts.Json;

namespace Timeline.Tests.Contracts.Schemas;

/// <summary>
/// The JSON Schema of every event type and version, from the records by <see cref="JsonSchemaExporter"/>, their doc comments and
/// <see cref="SchemaVocabulary"/>. Unknown fields are allowed everywhere; a field without a value is left out, never null.
/// </summary>
internal sealed class EventSchemas
{
    private static readonly Type[] Definitions =
        [typeof(Occurred), typeof(Citation), typeof(Party), typeof(Place), typeof(Source), typeof(Relation), typeof(Coding), typeof(Deaths)];
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string type;
    private readonly int version;
    private readonly HashSet<Type> used = [];

    private EventSchemas(string type, int version) => (this.type, this.version) = (type, version);

    /// <summary>File name to text.</summary>
    public static Dictionary<string, string> All() =>
        GoldenEvents.Ever.ToDictionary(e => $"{e.Type}.v{e.Version}.json", e => Of(e.Type, e.Version).ToJsonString(Indented) + "\n", StringComparer.Ordinal);

    public static JsonObject Of(string type, int version) => new EventSchemas(type, version).Build();

    private JsonObject Build()
    {
        var envelope = Export(ContractsJson.Default.TimelineEvent);
        var properties = envelope["properties"]!.AsObject();
        properties["type"]!["const"] = type;
        properties["version"] = new JsonObject { ["description"] = properties["version"]!["description"]!.DeepClone(), ["type"] = "integer", ["const"] = version };
        properties["data"] = Data();

        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"urn:timeline:schema:{type}.v{version}",
            ["title"] = $"{type}, version {version}",
            ["description"] = $"{XmlDocs.OfEventType(type)} A field without a value is left out; fields that are not named here are kept.",
            ["type"] = "object",
            ["required"] = SchemaVocabulary.Array(Required()),
            ["dependentRequired"] = new JsonObject { ["position"] = new JsonArray("issue") },
        };
        if (EventTypes.Claims.Contains(type))
        {
            schema["anyOf"] = new JsonArray(Somebody("actors"), Somebody("targets"));
        }

        envelope.Remove("properties");
        schema["properties"] = properties;
        AddDefinitions(schema);
        return schema;
    }

    private List<string> Required()
    {
        List<string> required = ["type"];
        if (version > 1)
        {
            required.Add("version");
        }

        if (!EventTypes.Rows.Contains(type) && type is not (EventTypes.MethodologyAdded or EventTypes.TheatreDefined or EventTypes.RowsSettled or EventTypes.ParkedRedriven or EventTypes.ParkedDropped
            or EventTypes.ActAsked))
        {
            required.Add("id");
        }

        if (EventTypes.Claims.Contains(type) || EventTypes.References.Contains(type))
        {
            required.Add("source");
        }

        required.Add(EventTypes.Claims.Contains(type) ? "modality" : "data");
        return required;
    }

    private JsonObject Data()
    {
        var info = EventCodec.DataType(type)!;
        var schema = Export(info);
        if (version == 1 && info.Type == typeof(WeaponData))
        {
            schema["properties"]!["deaths"] = new JsonObject { ["description"] = "Deaths that the act caused, persons.", ["type"] = "integer", ["minimum"] = 0 };
        }

        if (version == 1 && info.Type == typeof(SetAsideData))
        {
            foreach (var later in (ReadOnlySpan<string>)["bytes", "cut", "length", "header"])
            {
                schema["properties"]!.AsObject().Remove(later);
            }

            schema["properties"]!["raw"] = new JsonObject { ["description"] = "The line itself, its first 4,096 characters.", ["type"] = "string", ["maxLength"] = 4096 };
        }

        return schema;
    }

    private void AddDefinitions(JsonObject schema)
    {
        var definitions = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        while (used.FirstOrDefault(t => !definitions.ContainsKey(t.Name)) is { } next)
        {
            definitions[next.Name] = next == typeof(TimelineEvent) ? Corrected() : Export(Info(next));
        }

        var kept = new JsonObject();
        foreach (var (name, definition) in definitions.Where(d => schema.ToJsonString().Contains($"#/$defs/{d.Key}\"", StringComparison.Ordinal)
                     || definitions.Values.Any(o => o.ToJsonString().Contains($"#/$defs/{d.Key}\"", StringComparison.Ordinal))))
        {
            kept[name] = definition;
        }

        schema["$defs"] = kept;
    }

    /// <summary>The event inside a correction: any that can be corrected, under the schema of its own type and version, without an id of its own.</summary>
    private JsonObject Corrected()
    {
        var schema = Export(ContractsJson.Default.TimelineEvent);
        var properties = schema["properties"]!.AsObject();
        properties["type"]!["enum"] = SchemaVocabulary.Array(EventTypes.Claims.Append(EventTypes.CodedEventObserved).Order(StringComparer.Ordinal));
        properties["data"] = new JsonObject { ["description"] = "As in the schema of its type and version.", ["type"] = "object" };
        schema["required"] = SchemaVocabulary.Array(["type", "source", "modality"]);
        return schema;
    }

    private JsonObject Export(JsonTypeInfo info)
    {
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (c, n) => Transform(c, n) };
        return info.GetJsonSchemaAsNode(options).AsObject();
    }

    private JsonObject Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var schema = new JsonObject();
        var property = context.PropertyInfo;
        if (property?.DeclaringType == typeof(RawJson))
        {
            // How raw JSON is held is nobody's business; what it must be is put in its place.
            return schema;
        }

        var target = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (property is not null)
        {
            schema["description"] = XmlDocs.OfProperty(property.DeclaringType, char.ToUpperInvariant(property.Name[0]) + property.Name[1..]);
        }
        else if (context.Path.IsEmpty || Definitions.Contains(target))
        {
            schema["description"] = XmlDocs.OfType(target);
        }

        if (!context.Path.IsEmpty && (Definitions.Contains(target) || target == typeof(TimelineEvent)))
        {
            used.Add(target);
            var reference = new JsonObject { ["$ref"] = $"#/$defs/{target.Name}" };
            if (property is not null)
            {
                reference["description"] = schema["description"]!.DeepClone();
            }

            return reference;
        }

        foreach (var (key, value) in node is JsonObject o ? o : [])
        {
            schema[key] = key == "type" ? WithoutNull(value!) : value?.DeepClone();
        }

        if (property is not null)
        {
            SchemaVocabulary.OfField(property.DeclaringType, property.Name, schema);
        }

        SchemaVocabulary.OfObject(target, schema);
        return schema;
    }

    private static JsonTypeInfo Info(Type type) => ContractsJson.Default.GetTypeInfo(type)!;

    private static JsonNode WithoutNull(JsonNode types) =>
        types is JsonArray several ? several.Single(t => t!.GetValue<string>() != "null")!.DeepClone() : types.DeepClone();

    private static JsonObject Somebody(string side) => new()
    {
        ["properties"] = new JsonObject { [side] = new JsonObject { ["minItems"] = 1 } },
        ["required"] = new JsonArray(side),
    };
}
