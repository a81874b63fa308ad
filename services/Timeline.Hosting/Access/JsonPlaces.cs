using System.Globalization;
using System.Text.Json;

namespace Timeline.Hosting.Access;

/// <summary>The line of every value in a JSON text, by its path, such as <c>tokens[0].roles[1]</c>: people look for a line, not for a path.</summary>
internal sealed class JsonPlaces
{
    private readonly Dictionary<string, int> lines = new(StringComparer.Ordinal);
    private readonly byte[] text;
    private int counted, line = 1;

    /// <summary>Throws <see cref="JsonException"/> where the text is no JSON.</summary>
    public JsonPlaces(byte[] utf8)
    {
        text = utf8;
        var json = new Utf8JsonReader(utf8);
        json.Read();
        Walk(ref json, "");
        json.Read();
    }

    /// <summary>From 1.</summary>
    public int LineOf(string path) => lines.GetValueOrDefault(path, 1);

    private void Walk(ref Utf8JsonReader json, string path)
    {
        line += text.AsSpan(counted, (int)json.TokenStartIndex - counted).Count((byte)'\n');
        counted = (int)json.TokenStartIndex;
        lines[path] = line;
        if (json.TokenType == JsonTokenType.StartArray)
        {
            for (var i = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; i++)
            {
                Walk(ref json, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
            }
        }
        else if (json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType != JsonTokenType.EndObject)
            {
                var name = json.GetString();
                json.Read();
                Walk(ref json, path.Length == 0 ? name! : $"{path}.{name}");
            }
        }
    }
}
