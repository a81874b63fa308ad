namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>One object of a mapping while it is read: every member is asked for by name, and what nobody asked for is an error.</summary>
internal sealed class MappingSection
{
    private readonly MappingErrors errors;
    private readonly Dictionary<string, MappingNode> members = new(StringComparer.Ordinal);
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    public MappingSection(MappingNode node, MappingErrors errors)
    {
        Node = node;
        this.errors = errors;
        if (node.Value is List<(string Name, MappingNode Node)> given)
        {
            foreach (var (name, value) in given)
            {
                members[name] = value;
            }
        }
        else
        {
            errors.Add(node.Line, node.Path, $"must be an object, is {node.Kind}");
        }
    }

    public MappingNode Node { get; }

    /// <summary>Members in the order in which they stand.</summary>
    public IEnumerable<KeyValuePair<string, MappingNode>> All => members;

    public void Wrong(string message) => errors.Add(Node.Line, Node.Path, message);

    public void Wrong(MappingNode node, string message) => errors.Add(node.Line, node.Path, message);

    public MappingNode? Get(string name)
    {
        asked.Add(name);
        return members.GetValueOrDefault(name);
    }

    public MappingNode? Required(string name)
    {
        var node = Get(name);
        if (node is null)
        {
            errors.Add(Node.Line, Node.Path.Length == 0 ? name : $"{Node.Path}.{name}", "is missing");
        }

        return node;
    }

    public MappingSection? Section(string name) => Get(name) is { } node ? new MappingSection(node, errors) : null;

    public MappingSection? RequiredSection(string name) => Required(name) is { } node ? new MappingSection(node, errors) : null;

    public string? Text(string name) => Get(name) is { } node ? TextOf(node) : null;

    public string? RequiredText(string name) => Required(name) is { } node ? TextOf(node) : null;

    public bool Flag(string name, bool otherwise)
    {
        if (Get(name) is not { } node)
        {
            return otherwise;
        }

        if (node.Value is bool flag)
        {
            return flag;
        }

        Wrong(node, $"must be true or false, is {node.Kind}");
        return otherwise;
    }

    /// <summary>One of these words; the first where the member is absent and not required.</summary>
    public string Word(string name, bool required, params string[] words)
    {
        var node = required ? Required(name) : Get(name);
        if (node is null)
        {
            return words[0];
        }

        if (node.Value is string word && words.Contains(word, StringComparer.Ordinal))
        {
            return word;
        }

        Wrong(node, $"must be one of {string.Join(", ", words)}");
        return words[0];
    }

    /// <summary>A text, or a list of texts.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (Get(name) is not { } node)
        {
            return [];
        }

        return node.Value is IReadOnlyList<MappingNode> items ? [.. items.Select(TextOf).OfType<string>()] : TextOf(node) is { } one ? [one] : [];
    }

    /// <summary>The items of a list; none where the member is absent.</summary>
    public IReadOnlyList<MappingNode> Items(string name)
    {
        if (Get(name) is not { } node)
        {
            return [];
        }

        if (node.Value is IReadOnlyList<MappingNode> items)
        {
            return items;
        }

        Wrong(node, $"must be a list, is {node.Kind}");
        return [];
    }

    public string? TextOf(MappingNode node)
    {
        if (node.Value is string { Length: > 0 and <= IngestLimits.TextChars } text)
        {
            return text;
        }

        Wrong(node, node.Value is string ? $"must be text of 1 to {IngestLimits.TextChars} characters" : $"must be text, is {node.Kind}");
        return null;
    }

    /// <summary>Tells of every member that nobody asked for. Comes last.</summary>
    public void End()
    {
        foreach (var (name, node) in members)
        {
            if (!asked.Contains(name))
            {
                Wrong(node, $"there is nothing of this name here; there is {string.Join(", ", asked)}");
            }
        }
    }
}
