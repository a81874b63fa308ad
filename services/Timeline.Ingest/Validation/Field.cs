using System.Text.Json;
using Timeline.Contracts.Answers;

namespace Timeline.Ingest.Validation;

/// <summary>What is found wrong with one event, in reading order.</summary>
internal sealed class Findings
{
    private readonly List<FieldError> errors = [];

    public IReadOnlyList<FieldError> Errors => errors;

    public bool None => errors.Count == 0;

    public void Add(string? path, string message)
    {
        if (errors.Count < IngestLimits.ErrorsTold)
        {
            errors.Add(new FieldError(path, message));
        }
        else if (errors.Count == IngestLimits.ErrorsTold)
        {
            errors.Add(new FieldError(null, $"and more: only the first {IngestLimits.ErrorsTold} errors are told"));
        }
    }
}

/// <summary>A JSON value with its path; every reading that fails leaves a finding and gives null.</summary>
internal readonly struct Field(JsonElement value, string path, Findings findings)
{
    public JsonElement Value => value;

    public string Path => path;

    public Findings Findings => findings;

    public void Wrong(string message) => findings.Add(path.Length == 0 ? null : path, message);

    public void Wrong(string member, string message) => findings.Add(PathOf(member), message);

    /// <summary>Every member of another name is wrong: a word that nobody reads would else be taken for one that counts.</summary>
    public void KnowsOnly(params string[] members)
    {
        foreach (var other in value.EnumerateObject().Where(m => !members.Contains(m.Name)))
        {
            Wrong(Short(other.Name), $"there is no such member; known are {string.Join(", ", members)}");
        }
    }

    /// <summary>The member, or null where it is absent or JSON null.</summary>
    public Field? Get(string member) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(member, out var found) && found.ValueKind != JsonValueKind.Null
            ? new Field(found, PathOf(member), findings)
            : null;

    public Field? Object(string member)
    {
        if (Get(member) is not { } field)
        {
            return null;
        }

        if (field.Value.ValueKind == JsonValueKind.Object)
        {
            return field;
        }

        field.Wrong($"must be an object, is {Kind(field.Value)}");
        return null;
    }

    public string? Text(string member, int maxChars = IngestLimits.TextChars) => Get(member)?.AsText(maxChars);

    public string? RequiredText(string member, int maxChars = IngestLimits.TextChars)
    {
        if (Get(member) is { } field)
        {
            return field.AsText(maxChars);
        }

        Wrong(member, "is missing");
        return null;
    }

    public string? AsText(int maxChars = IngestLimits.TextChars)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Wrong($"must be text, is {Kind(value)}");
            return null;
        }

        var text = value.GetString()!;
        if (string.IsNullOrWhiteSpace(text))
        {
            Wrong("is empty: leave the field out where there is nothing to say");
            return null;
        }

        if (text.Length > maxChars)
        {
            Wrong($"has {text.Length} characters; the limit is {maxChars}");
            return null;
        }

        return text;
    }

    public string? OneOf(string member, IReadOnlyList<string> allowed, bool required = false)
    {
        var text = required ? RequiredText(member) : Text(member);
        if (text is null || allowed.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        Wrong(member, $"'{Short(text)}' is none of {string.Join(", ", allowed)}");
        return null;
    }

    public int? Integer(string member, int min, int max)
    {
        if (Get(member) is not { } field)
        {
            return null;
        }

        if (field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetInt32(out var n) && n >= min && n <= max)
        {
            return n;
        }

        field.Wrong(max == int.MaxValue ? $"must be a whole number of at least {min}" : $"must be a whole number from {min} to {max}");
        return null;
    }

    /// <summary>The members of a list; none where it is absent. A list over the limit is one finding and is not read.</summary>
    public IReadOnlyList<Field> Items(string member, int max)
    {
        // A list that is present must be one: null stands for nothing that the contract knows.
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(member, out var list))
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            Wrong(member, $"must be a list, is {Kind(list)}");
            return [];
        }

        if (list.GetArrayLength() > max)
        {
            Wrong(member, $"has {list.GetArrayLength()} entries; the limit is {max}");
            return [];
        }

        var items = new List<Field>();
        foreach (var item in list.EnumerateArray())
        {
            items.Add(new Field(item, $"{PathOf(member)}[{items.Count}]", findings));
        }

        return items;
    }

    /// <summary>As <see cref="Items"/>, of objects alone.</summary>
    public IEnumerable<Field> Objects(string member, int max)
    {
        foreach (var item in Items(member, max))
        {
            if (item.Value.ValueKind == JsonValueKind.Object)
            {
                yield return item;
            }
            else
            {
                item.Wrong($"must be an object, is {Kind(item.Value)}");
            }
        }
    }

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    /// <summary>A given word as an error may repeat it.</summary>
    public static string Short(string text) => text.Length <= 60 ? text : text[..(char.IsHighSurrogate(text[59]) ? 59 : 60)] + "…";

    private string PathOf(string member) => path.Length == 0 ? member : $"{path}.{member}";
}
