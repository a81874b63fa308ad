using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Timeline.Contracts.Changes;

namespace Timeline.Hosting.Http;

/// <summary><c>/asyncapi.json</c>: what the services tell without being asked, over MassTransit on RabbitMQ and as server-sent events.</summary>
internal static class AsyncApi
{
    private static readonly IReadOnlyList<(JsonTypeInfo Info, string Summary)> Messages =
    [
        (ChangesJson.Default.EscalationChanged, "Today's level, bound, coverage or nuclear signal of a subject is another, or the subject is new."),
        (ChangesJson.Default.EscalationRevised, "Readings of past days of a subject may be others now: one for each event, one for the rows of a feed's file that came together."),
        (ChangesJson.Default.StanceChanged, "Where a subject stands today on an issue, or toward another subject, is another."),
    ];

    /// <summary>The schema of each change, by its name.</summary>
    public static IReadOnlyDictionary<string, JsonNode> Schemas() => Messages.ToDictionary(m => m.Info.Type.Name, m => SchemaOf(m.Info), StringComparer.Ordinal);

    /// <summary>The description, AsyncAPI 3.0.</summary>
    public static JsonObject Document() => new()
    {
        ["asyncapi"] = "3.0.0",
        ["info"] = new JsonObject
        {
            ["title"] = "Timeline: changes",
            ["version"] = "v1",
            ["description"] = "Changes of levels and stances, at least once and in order per subject. Drop those whose id is known and those of a lower epoch; a change whose previous is not the one "
                + "that came before it of its type and subject shows a gap: take /v1/snapshot and go on from there.",
            ["license"] = new JsonObject { ["name"] = "MIT" },
        },
        ["defaultContentType"] = "application/json",
        ["servers"] = new JsonObject
        {
            ["broker"] = new JsonObject { ["host"] = "127.0.0.1:5672", ["protocol"] = "amqp", ["description"] = "The RabbitMQ that the services are given; MassTransit 8.4 conventions." },
            ["http"] = new JsonObject { ["host"] = "127.0.0.1:7410", ["protocol"] = "http", ["description"] = "The same changes without a broker." },
        },
        ["channels"] = Channels(),
        ["operations"] = Operations(),
        ["components"] = new JsonObject
        {
            ["messages"] = new JsonObject([.. Messages.Select(m => KeyValuePair.Create(m.Info.Type.Name, (JsonNode?)MessageOf(m.Info.Type, m.Summary)))]),
            ["schemas"] = new JsonObject([.. Schemas().Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value))]),
        },
    };

    // MassTransit's: a fanout exchange for each message type, which a consumer binds its queue to.
    private static string ExchangeOf(Type type) => $"{type.Namespace}:{type.Name}";

    private static JsonObject Channels()
    {
        var channels = new JsonObject();
        foreach (var (info, summary) in Messages)
        {
            channels[info.Type.Name] = new JsonObject
            {
                ["address"] = ExchangeOf(info.Type),
                ["description"] = summary,
                ["servers"] = new JsonArray(Ref("#/servers/broker")),
                ["messages"] = new JsonObject { [info.Type.Name] = Ref($"#/components/messages/{info.Type.Name}") },
                ["bindings"] = new JsonObject
                {
                    ["amqp"] = new JsonObject
                    {
                        ["is"] = "routingKey",
                        ["exchange"] = new JsonObject { ["name"] = ExchangeOf(info.Type), ["type"] = "fanout", ["durable"] = true, ["autoDelete"] = false },
                    },
                },
            };
        }

        channels["changes"] = new JsonObject
        {
            ["address"] = "/v1/changes?from={cursor}",
            ["description"] = "Server-sent events: id is the cursor after it, event the type, data the change. caught-up and heartbeat carry a cursor alone. 410: take /v1/snapshot.",
            ["servers"] = new JsonArray(Ref("#/servers/http")),
            ["parameters"] = new JsonObject { ["cursor"] = new JsonObject { ["description"] = "Of a snapshot, a change, a heartbeat or any other answer." } },
            ["messages"] = new JsonObject([.. Messages.Select(m => KeyValuePair.Create(m.Info.Type.Name, (JsonNode?)Ref($"#/components/messages/{m.Info.Type.Name}")))]),
        };
        return channels;
    }

    private static JsonObject Operations() => new([.. Messages.Select(m => m.Info.Type.Name).Append("changes")
        .Select(name => KeyValuePair.Create("tell" + char.ToUpperInvariant(name[0]) + name[1..], (JsonNode?)new JsonObject { ["action"] = "send", ["channel"] = Ref("#/channels/" + name) }))]);

    private static JsonObject MessageOf(Type type, string summary) => new()
    {
        ["name"] = type.Name,
        ["title"] = summary,
        ["contentType"] = "application/json",
        ["description"] = $"Over MassTransit the member `message` of its envelope (application/vnd.masstransit+json, urn:message:{ExchangeOf(type)}), whose messageId is the change's id.",
        ["payload"] = Ref($"#/components/schemas/{type.Name}"),
    };

    private static JsonNode SchemaOf(JsonTypeInfo info)
    {
        var schema = info.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        schema["title"] = info.Type.Name;
        return schema;
    }

    private static JsonObject Ref(string to) => new() { ["$ref"] = to };
}
