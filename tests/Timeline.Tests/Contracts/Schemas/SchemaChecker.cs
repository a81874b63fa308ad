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
        switch (keyword)
        {
            case "pattern" or "maxLength" when IsOfType("string", value):
                ApplyToText(keyword, rule, value!.GetValue<string>(), path);
                break;
            case "minimum" when IsOfType("number", value):
                Require(value!.GetValue<decimal>() >= rule.GetValue<decimal>(), path, $"{value} is too small");
                break;
            case "maximum" when IsOfType("number", value):
                Require(value!.GetValue<decimal>() <= rule.GetValue<decimal>(), path, $"{value} is too large");
                break;
            case "items" or "minItems" or "uniqueItems" when value is JsonArray list:
                ApplyToList(keyword, rule, list, path);
                break;
            case "required" or "dependentRequired" or "properties" or "additionalProperties" when value is JsonObject members:
                ApplyToMembers(keyword, rule, schema, members, path);
                break;
            case "pattern" or "maxLength" or "minimum" or "maximum" or "items" or "minItems" or "uniqueItems" or "required" or "dependentRequired"
                or "properties" or "additionalProperties":
                // Says nothing about a value of another kind.
                break;
            default:
                throw new NotSupportedException($"The schema uses '{keyword}', which nothing checks.");
        }
    }

    private void ApplyToText(string keyword, JsonNode rule, string text, string path)
    {
        if (keyword == "pattern")
        {
            Require(Regex.IsMatch(text, rule.GetValue<string>().Replace("$", @"\z", StringComparison.Ordinal)), path, $"{text} has another form");
        }
        else
        {
            Require(text.EnumerateRunes().Count() <= rule.GetValue<int>(), path, "is too long");
        }
    }

    private void ApplyToList(string keyword, JsonNode rule, JsonArray list, string path)
    {
        if (keyword == "minItems")
        {
            Require(list.Count >= rule.GetValue<int>(), path, "has too few entries");
        }
        else if (keyword == "uniqueItems")
        {
            Require(list.Select(i => i?.ToJsonString()).Distinct(StringComparer.Ordinal).Count() == list.Count, path, "has an entry twice");
        }
        else
        {
            for (var i = 0; i < list.Count; i++)
            {
                Check(rule, list[i], $"{path}[{i}]");
            }
        }
    }

    private void ApplyToMembers(string keyword, JsonNode rule, JsonObject schema, JsonObject members, string path)
    {
        switch (keyword)
        {
            case "required":
                foreach (var name in rule.AsArray().Select(n => n!.GetValue<string>()))
                {
                    Require(members.ContainsKey(name), path, $"lacks {name}");
                }

                break;
            case "dependentRequired":
                foreach (var (name, others) in rule.AsObject().Where(d => members.ContainsKey(d.Key)))
                {
                    Require(others!.AsArray().All(n => members.ContainsKey(n!.GetValue<string>())), path, $"has {name} without {others}");
                }

                break;
            case "properties":
                foreach (var (name, inner) in rule.AsObject().Where(p => members.ContainsKey(p.Key)))
                {
                    Check(inner!, members[name], $"{path}.{name}");
                }

                break;
            default:
                var named = schema["properties"]?.AsObject();
                foreach (var (name, inner) in members.Where(m => named?.ContainsKey(m.Key) != true))
                {
                    Check(rule, inner, $"{path}.{name}");
                }

                break;
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
