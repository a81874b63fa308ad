using System.Globalization;
using System.Text.Json;
using Timeline.Hosting;

namespace Timeline.Host.Commands;

/// <summary>Where in a JSON file a path such as <c>theatres[1].members[2]</c> stands, for people who look at the file in an editor.</summary>
internal static class JsonLines
{
    /// <summary>The line, from 1, of the value at the path, or of the innermost value around it that is there. Null where the text is no JSON.</summary>
    public static int? LineOf(ReadOnlySpan<byte> utf8, string path)
    {
        var reader = new Utf8JsonReader(utf8);
        var at = new Stack<Step>();
        var found = 0L;
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        at.Push(at.Pop() with { Name = reader.GetString()! });
                        continue;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        at.Pop();
                        continue;
                }

                if (at.TryPop(out var around))
                {
                    at.Push(around.IsArray ? around with { Index = around.Index + 1 } : around);
                }

                found = IsOnTheWay(PathOf(at), path) ? reader.TokenStartIndex : found;
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    at.Push(new Step(reader.TokenType == JsonTokenType.StartArray, -1, ""));
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }

        return 1 + utf8[..(int)found].Count((byte)'\n');
    }

    private static bool IsOnTheWay(string at, string path) =>
        path.StartsWith(at, StringComparison.Ordinal) && (at.Length == 0 || at.Length == path.Length || path[at.Length] is '.' or '[');

    private static string PathOf(Stack<Step> steps)
    {
        var path = string.Concat(steps.Reverse().Select(s => s.IsArray ? string.Create(CultureInfo.InvariantCulture, $"[{s.Index}]") : "." + s.Name));
        return path.StartsWith('.') ? path[1..] : path;
    }

    private sealed record Step(bool IsArray, int Index, string Name);
}
