using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Timeline.Contracts.Answers;

namespace Timeline.Tests.Contracts;

/// <summary>The names, order, types and nullability of every answer's fields: what programs outside build on.</summary>
public sealed class AnswerShapeTests
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Answers_have_the_shapes_that_stand_in_the_golden_files()
    {
        var answers = typeof(AnswersJson).GetCustomAttributesData()
            .Where(a => a.AttributeType == typeof(JsonSerializableAttribute))
            .Select(a => (Type)a.ConstructorArguments[0].Value!)
            .Where(t => !t.IsGenericType)
            .ToList();
        Assert.Contains(typeof(CountryReading), answers);
        RepositoryFiles.AssertHolds(
            RepositoryFiles.GoldenAnswers,
            answers.ToDictionary(t => t.Name + ".json", t => Shape(t)!.ToJsonString(Indented) + "\n", StringComparer.Ordinal));
    }

    private static JsonNode? Shape(Type type)
    {
        var info = AnswersJson.Default.GetTypeInfo(type) ?? throw new InvalidOperationException($"{type} is no part of the answers.");
        return info.Kind switch
        {
            JsonTypeInfoKind.Object => Members(info),
            JsonTypeInfoKind.Enumerable => new JsonArray(Shape(info.ElementType!)),
            JsonTypeInfoKind.Dictionary => new JsonObject { ["*"] = Shape(info.ElementType!) },
            _ => Leaf(type),
        };
    }

    private static JsonObject Members(JsonTypeInfo info)
    {
        var members = new JsonObject();
        foreach (var property in info.Properties)
        {
            var shape = Shape(property.PropertyType);
            var optional = property.IsGetNullable || Nullable.GetUnderlyingType(property.PropertyType) is not null;
            members[property.Name + (optional ? "?" : "")] = shape;
        }

        return members;
    }

    private static JsonValue Leaf(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return JsonValue.Create(
            plain == typeof(string) ? "text"
            : plain == typeof(int) || plain == typeof(long) ? "integer"
            : plain == typeof(bool) ? "boolean"
            : plain == typeof(JsonElement) ? "any"
            : throw new InvalidOperationException($"{plain} has no place in an answer: no floating point, no dates but as text."));
    }
}
