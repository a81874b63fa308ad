using System.Text.Json;
using System.Text.Unicode;
using Timeline.Contracts.Json;

namespace Timeline.Ingest.Validation;

/// <summary>From given bytes to canonical ones: everything that is wrong with them as JSON, before anything is asked of their meaning.</summary>
internal static class JsonShape
{
    private const long MaxSafeInteger = 9_007_199_254_740_991;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = IngestLimits.Depth };

    /// <summary>The canonical bytes of one JSON object, or null with findings.</summary>
    public static byte[]? Canonical(ReadOnlyMemory<byte> utf8, Findings findings)
    {
        if (utf8.Length > IngestLimits.GivenBytes)
        {
            findings.Add(null, $"the event has {utf8.Length} bytes; the limit is {IngestLimits.GivenBytes}");
            return null;
        }

        using var document = Document(utf8, "an event", findings);
        return document is not null ? Canonicalize(utf8, findings) : null;
    }

    /// <summary>
    /// One JSON object whose texts and numbers are sound, or null with findings. <paramref name="what"/> it should be, with its article; <paramref name="textChars"/>:
    /// the limit of any one text.
    /// </summary>
    public static JsonDocument? Document(ReadOnlyMemory<byte> utf8, string what, Findings findings, int textChars = IngestLimits.TextChars)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            findings.Add(null, $"not UTF-8 at byte {ValidBytes(utf8.Span) + 1}");
            return null;
        }

        if (Parse(utf8, findings) is not { } document)
        {
            return null;
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            findings.Add(null, $"{what} is an object; this is {Field.Kind(document.RootElement)}");
        }
        else
        {
            Walk(new Field(document.RootElement, "", findings), textChars);
        }

        if (findings.None)
        {
            return document;
        }

        document.Dispose();
        return null;
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> utf8, Findings findings)
    {
        try
        {
            return JsonDocument.Parse(utf8, Strict);
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $" at line {line + 1}, byte {(e.BytePositionInLine ?? 0) + 1}" : "";
            findings.Add(null, $"not JSON{place}: {Reason(e.Message)}");
        }
        catch (InvalidOperationException)
        {
            findings.Add(null, "not JSON: the name of a member holds half a surrogate pair");
        }

        return null;
    }

    private static byte[]? Canonicalize(ReadOnlyMemory<byte> utf8, Findings findings)
    {
        try
        {
            var canonical = CanonicalJson.Canonicalize(utf8);
            if (canonical.Length <= IngestLimits.GivenBytes)
            {
                return canonical;
            }

            findings.Add(null, $"the event has {canonical.Length} bytes as it would be stored; the limit is {IngestLimits.GivenBytes}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            findings.Add(null, $"no canonical JSON: {Reason(e.Message)}");
        }

        return null;
    }

    private static void Walk(Field field, int textChars)
    {
        switch (field.Value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in field.Value.EnumerateObject())
                {
                    WalkMember(field, member, textChars);
                }

                break;
            case JsonValueKind.Array:
                var i = 0;
                foreach (var item in field.Value.EnumerateArray())
                {
                    Walk(new Field(item, $"{field.Path}[{i++}]", field.Findings), textChars);
                }

                break;
            case JsonValueKind.String:
                CheckText(field, textChars);
                break;
            case JsonValueKind.Number:
                CheckNumber(field);
                break;
        }
    }

    private static void WalkMember(Field parent, JsonProperty member, int textChars)
    {
        string name;
        try
        {
            name = member.Name;
        }
        catch (InvalidOperationException)
        {
            parent.Wrong("the name of a member holds half a surrogate pair");
            return;
        }

        if (name.Length > IngestLimits.MemberNameChars)
        {
            parent.Wrong(Field.Short(name), $"the member's name has {name.Length} characters; the limit is {IngestLimits.MemberNameChars}");
            return;
        }

        Walk(new Field(member.Value, parent.Path.Length == 0 ? name : $"{parent.Path}.{name}", parent.Findings), textChars);
    }

    private static void CheckText(Field field, int textChars)
    {
        try
        {
            var length = field.Value.GetString()!.Length;
            if (length > textChars)
            {
                field.Wrong($"has {length} characters; the limit is {textChars}");
            }
        }
        catch (InvalidOperationException)
        {
            field.Wrong("holds half a surrogate pair");
        }
    }

    private static void CheckNumber(Field field)
    {
        if (field.Value.TryGetInt64(out var integer))
        {
            if (integer is > MaxSafeInteger or < -MaxSafeInteger)
            {
                field.Wrong("the integer lies beyond 2^53 and would lose digits: give it as text");
            }

            return;
        }

        if (!field.Value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            field.Wrong("the number is out of range");
        }
        else if (Math.Abs(number) > MaxSafeInteger)
        {
            field.Wrong("the number lies beyond 2^53 and would lose digits: give it as text");
        }
    }

    // The reader's messages carry their place in a form of their own; ours stands in front.
    internal static string Reason(string message)
    {
        foreach (var tail in (ReadOnlySpan<string>)[" LineNumber:", " Path:"])
        {
            var at = message.IndexOf(tail, StringComparison.Ordinal);
            message = at < 0 ? message : message[..at];
        }

        return message.TrimEnd('.', ' ');
    }

    private static int ValidBytes(ReadOnlySpan<byte> utf8)
    {
        var valid = 0;
        while (valid < utf8.Length && System.Text.Rune.DecodeFromUtf8(utf8[valid..], out _, out var n) == System.Buffers.OperationStatus.Done)
        {
            valid += n;
        }

        return valid;
    }
}
