using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Timeline.Tests.Contracts.Schemas;

/// <summary>
/// Checks an instance against the part of JSON Schema 2020-12 that the committed schemas use. A keyword it does not know is an error, so
/// that no schema is thought to say what nothing checks.
/// </summary>
internal sealed class SchemaChecker(JsonObject root)
{
    private readonly List<string> errors = [];

    public static IReadOnlyList<string> Check(JsonObject schema, JsonNode? instance)
    {
        var checker = new SchemaChecker(schema);
        checker.Check(schema, instance, "$");
        return checker.errors;
    }

    private void Check(JsonNode schema, JsonNode? value, string path)
    {
        if (schema is JsonValue always)
        {
            Require(always.GetValue<bool>(), path, "is not allowed here");
            return;
        }

        foreach (var (keyword, rule) in schema.AsObject())
        {
            Apply(keyword, rule!, schema.AsObject(), value, path);
        }
    }

    private void Apply(string keyword, JsonNode rule, JsonObject schema, JsonNode? value, string path)
    {
        switch (keyword)
        {
            case "$schema" or "$id" or "$defs" or "title" or "description":
                break;
            case "$ref":
                Check(Resolve(rule.GetValue<string>()), value, path);
                break;
            case "type":
                Require(IsOfType(rule.GetValue<string>(), value), path, $"is no {rule}");
                break;
            case "const":
                Require(JsonNode.DeepEquals(rule, value), path, $"is not {rule}");
                break;
            case "enum":
                Require(rule.AsArray().Any(w => JsonNode.DeepEquals(w, value)), path, $"{value} is none of the words");
                break;
            case "anyOf":
                Require(rule.AsArray().Any(s => Fits(s!, value, path)), path, "fits none of the forms");
                break;
            default:
                ApplyByKind(keyword, rule, schema, value, path);
                break;
        }
    }

    private void ApplyByKind(string keyword, JsonNode rule, JsonObject schema, JsonNode? value, string path)
    {
        switch (keyword, value)
        {
            case ("pattern", JsonValue v) when IsOfType("string", v):
                Require(Regex.IsMatch(v.GetValue<string>(), rule.GetValue<string>().Replace("$", @"\z", StringComparison.Ordinal)), path, $"{v} has another form");
                break;
            case ("maxLength", JsonValue v) when IsOfType("string", v):
                Require(v.GetValue<string>().EnumerateRunes().Count() <= rule.GetValue<int>(), path, "is too long");
                break;
            case ("minimum", JsonValue v) when IsOfType("number", v):
                Require(v.GetValue<decimal>() >= rule.GetValue<decimal>(), path, $"{v} is too small");
                break;
            case ("maximum", JsonValue v) when IsOfType("number", v):
                Require(v.GetValue<decimal>() <= rule.GetValue<decimal>(), path, $"{v} is too large");
                break;
            case ("items", JsonArray a):
                for (var i = 0; i < a.Count; i++)
                {
                    Check(rule, a[i], $"{path}[{i}]");
                }

                break;
            case ("minItems", JsonArray a):
                Require(a.Count >= rule.GetValue<int>(), path, "has too few entries");
                break;
            case ("uniqueItems", JsonArray a):
                Require(a.Select(i => i?.ToJsonString()).Distinct(StringComparer.Ordinal).Count() == a.Count, path, "has an entry twice");
                break;
            case ("required", JsonObject o):
                foreach (var name in rule.AsArray().Select(n => n!.GetValue<string>()))
                {
                    Require(o.ContainsKey(name), path, $"lacks {name}");
                }

                break;
            case ("dependentRequired", JsonObject o):
                foreach (var (name, others) in rule.AsObject().Where(d => o.ContainsKey(d.Key)))
                {
                    Require(others!.AsArray().All(n => o.ContainsKey(n!.GetValue<string>())), path, $"has {name} without {others}");
                }

                break;
            case ("properties", JsonObject o):
                foreach (var (name, inner) in rule.AsObject().Where(p => o.ContainsKey(p.Key)))
                {
                    Check(inner!, o[name], $"{path}.{name}");
                }

                break;
            case ("additionalProperties", JsonObject o):
                var named = schema["properties"]?.AsObject();
                foreach (var (name, inner) in o.Where(m => named?.ContainsKey(m.Key) != true))
                {
                    Check(rule, inner, $"{path}.{name}");
                }

                break;
            case ("pattern" or "maxLength" or "minimum" or "maximum" or "items" or "minItems" or "uniqueItems" or "required" or "dependentRequired"
                or "properties" or "additionalProperties", _):
                // Says nothing about a value of another kind.
                break;
            default:
                throw new NotSupportedException($"The schema uses '{keyword}', which nothing checks.");
        }
    }

    private bool Fits(JsonNode schema, JsonNode? value, string path)
    {
        var before = errors.Count;
        Check(schema, value, path);
        var fits = errors.Count == before;
        errors.RemoveRange(before, errors.Count - before);
        return fits;
    }

    private JsonNode Resolve(string reference)
    {
        const string prefix = "#/$defs/";
        return reference.StartsWith(prefix, StringComparison.Ordinal) && root["$defs"]?[reference[prefix.Length..]] is { } found
            ? found
            : throw new NotSupportedException($"{reference} leads nowhere.");
    }

    private void Require(bool holds, string path, string otherwise)
    {
        if (!holds)
        {
            errors.Add($"{path} {otherwise}");
        }
    }

    private static bool IsOfType(string type, JsonNode? value) => (type, value?.GetValueKind()) switch
    {
        ("object", System.Text.Json.JsonValueKind.Object) => true,
        ("array", System.Text.Json.JsonValueKind.Array) => true,
        ("string", System.Text.Json.JsonValueKind.String) => true,
        ("number", System.Text.Json.JsonValueKind.Number) => true,
        ("boolean", System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False) => true,
        ("integer", System.Text.Json.JsonValueKind.Number) => decimal.IsInteger(value!.GetValue<decimal>()),
        ("object" or "array" or "string" or "number" or "boolean" or "integer", _) => false,
        _ => throw new NotSupportedException($"The schema uses type '{type}', which nothing checks."),
    };
}
