using System.Text;
using System.Text.Json;

namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>What is wrong with a mapping: 1-based line, the member as a path such as <c>actors[0].role</c> (empty for the whole file), and the reason.</summary>
public sealed record MappingError(int Line, string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? FormattableString.Invariant($"line {Line}: {Message}") : FormattableString.Invariant($"line {Line}: {Path}: {Message}");
}

/// <summary>A mapping can't be used. All that is wrong with it is told at once, as far as it can be read.</summary>
public sealed class MappingRefusedException(IReadOnlyList<MappingError> errors) : Exception(string.Join("; ", errors))
{
    public IReadOnlyList<MappingError> Errors { get; } = errors;
}

/// <summary>Collects what is wrong, <see cref="IngestLimits.ErrorsTold"/> at most.</summary>
internal sealed class MappingErrors
{
    private readonly List<MappingError> errors = [];

    public IReadOnlyList<MappingError> All => errors;

    public void Add(int line, string path, string message)
    {
        if (errors.Count < IngestLimits.ErrorsTold)
        {
            errors.Add(new MappingError(line, path, message));
        }
    }

    public void ThrowIfAny()
    {
        if (errors.Count > 0)
        {
            throw new MappingRefusedException([.. errors.OrderBy(e => e.Line)]);
        }
    }
}

/// <summary>A JSON value with the line on which it stands. <see cref="Value"/>: text, long, bool, a list of nodes, or a list of members.</summary>
internal sealed record MappingNode(int Line, string Path, object Value)
{
    private const int MaxDepth = 16;

    public string Kind => Value switch
    {
        string => "text",
        long => "a number",
        bool => "true or false",
        IReadOnlyList<MappingNode> => "a list",
        _ => "an object",
    };

    /// <summary>Reads JSON with <c>//</c> comments and trailing commas. Throws <see cref="MappingRefusedException"/>.</summary>
    public static MappingNode Parse(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (utf8.Length > IngestLimits.MappingBytes)
        {
            throw Refused(1, $"the mapping has {utf8.Length} bytes; at most {IngestLimits.MappingBytes} are taken");
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaxDepth });
        try
        {
            var lines = new LineCount(utf8);
            reader.Read();
            var root = Read(ref reader, lines, "");
            while (reader.Read())
            {
            }

            return root;
        }
        catch (JsonException e)
        {
            // The reader's own words end with places that count from 0.
            var reason = e.Message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.');
            throw Refused((int)(e.LineNumber ?? 0) + 1, $"no JSON: {reason}");
        }
        catch (InvalidOperationException)
        {
            throw Refused(1, "no JSON: a text is no valid Unicode");
        }
    }

    private static MappingRefusedException Refused(int line, string message) => new([new MappingError(line, "", message)]);

    private static MappingNode Read(ref Utf8JsonReader reader, LineCount lines, string path)
    {
        var line = lines.At((int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return new MappingNode(line, path, reader.GetString()!);
            case JsonTokenType.True or JsonTokenType.False:
                return new MappingNode(line, path, reader.GetBoolean());
            case JsonTokenType.Number when reader.TryGetInt64(out var number):
                return new MappingNode(line, path, number);
            case JsonTokenType.StartArray:
                var items = new List<MappingNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader, lines, FormattableString.Invariant($"{path}[{items.Count}]")));
                }

                return new MappingNode(line, path, items);
            case JsonTokenType.StartObject:
                return new MappingNode(line, path, ReadMembers(ref reader, lines, path));
            default:
                throw Refused(line, $"{(path.Length == 0 ? "the file" : path)} is {(reader.TokenType == JsonTokenType.Number ? "no whole number" : "null: leave it out")}");
        }
    }

    private static List<(string Name, MappingNode Node)> ReadMembers(ref Utf8JsonReader reader, LineCount lines, string path)
    {
        var members = new List<(string Name, MappingNode Node)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!names.Add(name))
            {
                throw Refused(lines.At((int)reader.TokenStartIndex), $"'{name}' stands there twice");
            }

            reader.Read();
            members.Add((name, Read(ref reader, lines, path.Length == 0 ? name : $"{path}.{name}")));
        }

        return members;
    }

    /// <summary>Lines of growing offsets.</summary>
    private sealed class LineCount(byte[] utf8)
    {
        private int counted;
        private int line = 1;

        public int At(int offset)
        {
            line += utf8.AsSpan(counted, offset - counted).Count((byte)'\n');
            counted = offset;
            return line;
        }
    }
}
