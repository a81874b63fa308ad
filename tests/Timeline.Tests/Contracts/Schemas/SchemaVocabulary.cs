using System.Text.Json.Nodes;
using Timeline.Contracts;
using Timeline.Domain.Methodology;

namespace Timeline.Tests.Contracts.Schemas;

/// <summary>What the records' types can't say: word lists, forms of text, ranges, and which fields need each other.</summary>
internal static class SchemaVocabulary
{
    public const string Id = "^[a-z0-9][a-z0-9._-]{0,127}$";
    private const string Reference = "^[a-z0-9][a-z0-9._-]{0,127}(/[0-9]{1,18})?$";
    private const string Slug = "^[a-z0-9]+(-[a-z0-9]+)*$";
    private const string Country = "^[A-Z]{3}$";
    private const string Subject = "^[A-Z][A-Z0-9-]{1,31}$";
    private const string FeedFile = "^[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{64}$";
    private const string Year = "^[0-9]{4}$";
    private const string Month = "^[0-9]{4}-(0[1-9]|1[0-2])$";
    private const string Day = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
    private const string Time = "T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2})";
    private const string Instant = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])" + Time + "$";
    private const string DayOrInstant = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(" + Time + ")?$";

    private static readonly Dictionary<string, Action<JsonObject>> Fields = new(StringComparer.Ordinal)
    {
        ["TimelineEvent.id"] = Form(Id),
        ["TimelineEvent.version"] = Range(1, null),
        ["TimelineEvent.issue"] = Form(Slug),
        ["TimelineEvent.position"] = Range(-2, 2),
        ["TimelineEvent.topics"] = Items(Form(Slug)),
        ["TimelineEvent.modality"] = Words(Modalities.All),
        ["Occurred.precision"] = Words(Precisions.All),
        ["Citation.url"] = Form("^https?://"),
        ["Party.id"] = Form(Subject),
        ["Party.kind"] = Words(PartyKinds.All),
        ["Party.role"] = Words(MethodologyVersion.BuiltIn().Roles.Order(StringComparer.Ordinal)),
        ["Party.country"] = Form(Country),
        ["Party.office"] = Words(Offices.All),
        ["Place.country"] = Form(Country),
        ["Place.latitude"] = Range(-90, 90),
        ["Place.longitude"] = Range(-180, 180),
        ["Source.url"] = Form("^https?://"),
        ["Source.published"] = Form(Day),
        ["Source.reliability"] = Words(["A", "B", "C", "D", "E", "F"]),
        ["Source.credibility"] = Range(1, 6),
        ["Relation.type"] = Words(RelationTypes.All),
        ["Relation.event"] = Form(Reference),
        ["Coding.by"] = Words(Coders.All),
        ["Coding.cameo"] = Form("^[0-9]{2,4}$"),
        ["Deaths.low"] = Range(0, null),
        ["Deaths.best"] = Range(0, null),
        ["Deaths.high"] = Range(0, null),
        ["WeaponData.count"] = Range(0, null),
        ["DeploymentData.count"] = Range(0, null),
        ["ArmsData.quantity"] = Range(0, null),
        ["TrainingData.trainees"] = Range(0, null),
        ["RowData.feed"] = Form(Slug),
        ["RowData.sources"] = Range(0, null),
        ["RowData.articles"] = Range(0, null),
        ["RowData.mentions"] = Range(0, null),
        ["RowData.weight"] = Range(0, 1000),
        ["RepeatedData.of"] = Form(Reference),
        ["RowCorrectedData.replaces"] = Form(Reference),
        ["AlreadyKnownData.feed"] = Form(Slug),
        ["AlreadyKnownData.of"] = Form(Reference),
        ["SetAsideData.feed"] = Form(Slug),
        ["SetAsideData.line"] = Range(1, null),
        ["SetAsideData.raw"] = s => s["maxLength"] = 65536,
        ["SetAsideData.length"] = Range(1, null),
        ["RowsSettledData.file"] = Form(FeedFile),
        ["RowsSettledData.by"] = Form(FeedFile),
        ["RowsSettledData.records"] = Range(1, null),
        ["RowsSettledData.rows"] = s =>
        {
            Items(Range(0, null))(s);
            s["minItems"] = 1;
            s["uniqueItems"] = true;
        },
        ["ParkedDecision.event"] = Form(Reference),
        ["ParkedDecision.projection"] = s => s["enum"] = new JsonArray("escalation", "stance"),
        ["ActAskedData.act"] = s => s["enum"] = new JsonArray("drop", "promote", "rotate"),
        ["ActAskedData.parked"] = s => s["minItems"] = 1,
        ["AskedDrop.event"] = Form(Reference),
        ["AskedDrop.projection"] = s => s["enum"] = new JsonArray("escalation", "stance"),
        ["ParkedRedrivenData.after"] = Range(1, null),
        ["CoverageData.feed"] = Form(Slug),
        ["CoverageData.countries"] = s =>
        {
            Items(Form("^(world|[A-Z][A-Z0-9-]{1,31})$"))(s);
            s["minItems"] = 1;
        },
        ["CoverageData.from"] = Form(DayOrInstant),
        ["CoverageData.to"] = Form(DayOrInstant),
        ["CorrectedData.replaces"] = Form(Reference),
        ["RetractedData.retracts"] = Form(Reference),
        ["LinkedData.events"] = s =>
        {
            Items(Form(Reference))(s);
            s["minItems"] = 2;
            s["uniqueItems"] = true;
        },
        ["UnlinkedData.link"] = Form(Reference),
        ["MethodologyData.name"] = Form("^[a-z0-9][a-z0-9._-]{0,63}$"),
        ["MethodologyData.hash"] = Form("^[0-9a-f]{64}$"),
        ["FeedMappingData.feed"] = Form(Slug),
        ["FeedMappingData.hash"] = Form("^[0-9a-f]{64}$"),
        ["DayData.day"] = Form(Day),
        ["TheatreData.theatre"] = Form(Slug),
        ["TheatreData.members"] = s =>
        {
            Items(Form(Subject))(s);
            s["uniqueItems"] = true;
        },
    };

    private static readonly Dictionary<Type, Action<JsonObject>> Objects = new()
    {
        [typeof(Party)] = s => s["anyOf"] = new JsonArray(Needs("id"), Needs("name")),
        [typeof(Place)] = s => s["dependentRequired"] = new JsonObject { ["latitude"] = new JsonArray("longitude"), ["longitude"] = new JsonArray("latitude") },
        [typeof(Occurred)] = s => s["anyOf"] = new JsonArray(
            When(Precisions.Instant, Instant, Instant, "start"),
            When(Precisions.Day, Day, null, "start"),
            When(Precisions.Month, Month, null, "start"),
            When(Precisions.Year, Year, null, "start"),
            When(Precisions.Interval, Day, Day, "start", "end"),
            When(Precisions.Unknown, null, null)),
    };

    /// <summary>Every field that has a rule here; a test holds that each exists.</summary>
    public static IReadOnlyCollection<string> KnownFields => Fields.Keys;

    public static void OfField(Type declaring, string name, JsonObject schema) => Fields.GetValueOrDefault($"{declaring.Name}.{name}")?.Invoke(schema);

    public static void OfObject(Type type, JsonObject schema) => Objects.GetValueOrDefault(type)?.Invoke(schema);

    public static JsonArray Array(IEnumerable<string> words) => new([.. words.Select(w => (JsonNode)w)]);

    public static JsonObject Needs(string name) => new() { ["required"] = new JsonArray(name) };

    private static JsonObject When(string precision, string? start, string? end, params string[] required)
    {
        static JsonNode Of(string? form) => form is null ? false : new JsonObject { ["pattern"] = form };
        var schema = new JsonObject
        {
            ["properties"] = new JsonObject { ["precision"] = new JsonObject { ["const"] = precision }, ["start"] = Of(start), ["end"] = Of(end) },
        };
        if (required.Length > 0)
        {
            schema["required"] = Array(required);
        }

        return schema;
    }

    private static Action<JsonObject> Form(string pattern) => s => s["pattern"] = pattern;

    private static Action<JsonObject> Words(IEnumerable<string> words) => s => s["enum"] = Array(words);

    private static Action<JsonObject> Items(Action<JsonObject> rule) => s => rule(s["items"]!.AsObject());

    private static Action<JsonObject> Range(int? least, int? most) => s =>
    {
        if (least is not null)
        {
            s["minimum"] = least;
        }

        if (most is not null)
        {
            s["maximum"] = most;
        }
    };
}
