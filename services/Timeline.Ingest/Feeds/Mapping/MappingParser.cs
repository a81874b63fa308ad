using Timeline.Contracts;
using Timeline.Domain.Methodology;

namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>From a mapping file's text to the mapping, or to everything that is wrong with it.</summary>
internal sealed class MappingParser
{
    private const string Link = "day-parties-code", None = "none", Releases = "releases", Additions = "additions", Declared = "declared";

    private static readonly string[] CanDrop = ["place", "deaths", "counts", "summary", "title", "url", "via"];
    private static readonly Dictionary<string, byte> Separators =
        new(StringComparer.Ordinal) { ["tab"] = (byte)'\t', ["comma"] = (byte)',', ["semicolon"] = (byte)';', ["pipe"] = (byte)'|' };

    private readonly string text;
    private readonly MethodologyVersion methodology;
    private readonly bool own;
    private readonly MappingErrors errors = new();

    public MappingParser(string text, MethodologyVersion methodology, bool own)
    {
        (this.text, this.methodology, this.own) = (text, methodology, own);
    }

    /// <summary>The rules alone, of a text that was valid when it was recorded.</summary>
    public static FeedRules RulesOf(string text) => Rules(new MappingSection(MappingNode.Parse(text), new MappingErrors()), FeedMapping.HashOf(text));

    public FeedMapping Parse()
    {
        var root = new MappingSection(MappingNode.Parse(text), errors);
        var format = root.RequiredSection("format");
        var header = format?.Flag("header", false) ?? false;
        var layouts = format is null ? [] : ReadLayouts(format, header);
        var tables = new CodeTables(methodology);
        ReadTables(root, tables);
        var values = new ValueParser(errors, tables, methodology, header ? null : layouts);
        var mapping = new FeedMapping
        {
            Text = text,
            Hash = FeedMapping.HashOf(text),
            Feed = ReadFeed(root),
            Publisher = root.RequiredText("publisher") ?? "",
            Rules = Rules(root, FeedMapping.HashOf(text)),
            AllowsCoverage = root.Word("coverage", required: false, Declared, None) == Declared,
            Human = root.Word("coded", required: true, Coders.Machine, Coders.Human) == Coders.Human,
            Separator = Separators[format?.Word("separator", required: true, [.. Separators.Keys]) ?? "tab"],
            Quotes = format?.Flag("quotes", false) ?? false,
            Header = header,
            Layouts = layouts,
            Row = values.OneOrMore(root, "row"),
            Code = values.Required(root, "code", values.WrongCode),
            Weight = values.Optional(root, "weight", ValueParser.WrongWeight),
            Occurred = ReadOccurred(root.RequiredSection("occurred"), values),
            Published = ReadPublished(root.RequiredSection("published"), values),
            Actors = ReadParties(root, "actors", values),
            Targets = ReadParties(root, "targets", values),
            Texts = ReadMembers(root, values, "summary", "title", "url"),
            Via = root.Get("via") is null ? [] : values.OneOrMore(root, "via"),
            Place = root.Section("place") is { } place ? ReadPlace(place, values) : new Dictionary<string, MappedValue>(),
            Deaths = ReadAll(root.Section("deaths"), values, "low", "best", "high"),
            Counts = ReadAll(root.Section("counts"), values, "sources", "articles", "mentions"),
            Drop = ReadDrop(root),
            Columns = values.Columns,
        };
        format?.End();
        root.End();
        if (mapping.Actors.Count + mapping.Targets.Count == 0)
        {
            root.Wrong("a mapping names actors, targets or both");
        }

        if (mapping.Weight is null && !mapping.Counts.ContainsKey("sources"))
        {
            errors.Add(root.Node.Line, "weight", "is missing: 0 to 1000 per mille, a number or a column through a table; only rows with counts.sources are weighed without it");
        }

        errors.ThrowIfAny();
        return mapping;
    }

    private static FeedRules Rules(MappingSection root, string hash) => new(
        root.Word("repeats", required: false, None, Link) == Link,
        root.Word("files", required: false, Releases, Additions) == Releases,
        hash);

    private string ReadFeed(MappingSection root)
    {
        if (root.Required("feed") is not { } node || root.TextOf(node) is not { } feed)
        {
            return "";
        }

        if (feed.Length > IngestLimits.FeedNameChars || !feed.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            || feed.StartsWith('-') || feed.EndsWith('-') || feed.Contains("--", StringComparison.Ordinal))
        {
            root.Wrong(node, $"'{feed}' is no name for a feed: 1 to {IngestLimits.FeedNameChars} of a-z 0-9, with single - between them");
        }
        else if (!own && FeedMapping.Reserved.Contains(feed, StringComparer.Ordinal))
        {
            root.Wrong(node, $"'{feed}' is the name of a feed that Timeline brings along; give yours another, such as {feed}-own");
        }

        return feed;
    }

    private static List<IReadOnlyList<string>> ReadLayouts(MappingSection format, bool header)
    {
        var items = header ? format.Items("columns") : format.Required("columns") is null ? [] : format.Items("columns");
        var layouts = new List<IReadOnlyList<string>>();
        if (items.Any(i => i.Value is IReadOnlyList<MappingNode>))
        {
            foreach (var item in items)
            {
                layouts.Add(item.Value is IReadOnlyList<MappingNode> names ? [.. names.Select(n => format.TextOf(n) ?? "")] : [format.TextOf(item) ?? ""]);
            }
        }
        else if (items.Count > 0)
        {
            layouts.Add([.. items.Select(n => format.TextOf(n) ?? "")]);
        }

        if (header && layouts.Count > 0)
        {
            format.Wrong("columns are named by the file's header here: leave out columns, or say \"header\": false");
        }

        foreach (var layout in layouts.Where(l => l.Count > IngestLimits.MappedColumns || l.Distinct(StringComparer.Ordinal).Count() != l.Count))
        {
            format.Wrong(layout.Count > IngestLimits.MappedColumns
                ? $"{layout.Count} columns; at most {IngestLimits.MappedColumns} are read"
                : $"the column '{layout.GroupBy(n => n, StringComparer.Ordinal).First(g => g.Count() > 1).Key}' stands there twice");
        }

        if (layouts.Select(l => l.Count).Distinct().Count() != layouts.Count)
        {
            format.Wrong("two lists of columns are of one length: files can't be told apart");
        }

        return layouts;
    }

    private void ReadTables(MappingSection root, CodeTables tables)
    {
        if (root.Section("tables") is not { } section)
        {
            return;
        }

        foreach (var (name, node) in section.All)
        {
            section.Get(name);
            if (!tables.TryAdd(name, ValueParser.ReadTable(new MappingSection(node, errors))))
            {
                section.Wrong(node, $"there is a table of this name already ({CodeTables.BuiltIn})");
            }
        }
    }

    private static MappedOccurred ReadOccurred(MappingSection? section, ValueParser values)
    {
        if (section is null)
        {
            return new MappedOccurred(new MappedValue(), null, null, []);
        }

        var occurred = new MappedOccurred(
            values.Required(section, "start"),
            values.Optional(section, "end"),
            values.Optional(section, "precision", ValueParser.WrongPrecision),
            ReadFormats(section));
        section.End();
        return occurred;
    }

    private static MappedPublished ReadPublished(MappingSection? section, ValueParser values)
    {
        if (section is null)
        {
            return new MappedPublished(null, [], [], false);
        }

        var day = values.Optional(section, "day");
        var latest = section.Get("latest") is null ? [] : values.OneOrMore(section, "latest");
        var fallsBack = section.Get("else") is not null && section.Word("else", required: true, "occurred") == "occurred";
        if ((day is null) == (latest.Count == 0))
        {
            section.Wrong("takes one of day, a column that holds the day, and latest, columns with days in their text");
        }

        var published = new MappedPublished(day, latest, ReadFormats(section), fallsBack);
        section.End();
        return published;
    }

    private static List<DayFormat> ReadFormats(MappingSection section)
    {
        var formats = new List<DayFormat>();
        foreach (var text in section.Required("format") is null ? [] : section.Texts("format"))
        {
            if (DayFormat.Parse(text) is { } format)
            {
                formats.Add(format);
            }
            else
            {
                section.Wrong(section.Get("format")!, $"'{text}' is no form of a day: yyyy, MM or M, dd or d, each once, then HH mm ss f; what else stands there stands for itself");
            }
        }

        return formats;
    }

    private List<MappedParty> ReadParties(MappingSection root, string name, ValueParser values)
    {
        var parties = new List<MappedParty>();
        foreach (var item in root.Items(name))
        {
            var section = new MappingSection(item, errors);
            var role = section.Required("role");
            parties.Add(new MappedParty
            {
                When = values.Condition(section),
                Id = values.Optional(section, "id", values.WrongSubject, coded: true),
                Name = values.Optional(section, "name"),
                Code = values.Optional(section, "code"),
                Country = values.Optional(section, "country", values.WrongCountry, coded: true),
                Kind = section.Word("kind", required: false, PartyKinds.Other, PartyKinds.ArmedGroup),
                Role = role?.Value is "by-code" ? null : values.Required(section, "role", values.WrongRole, constant: true),
            });
            section.End();
        }

        return parties;
    }

    private static Dictionary<string, MappedValue> ReadPlace(MappingSection place, ValueParser values)
    {
        var found = ReadMembers(place, values, "latitude", "longitude", "name");
        if (values.Optional(place, "country", values.WrongCountry, coded: true) is { } country)
        {
            found["country"] = country;
        }

        if (found.ContainsKey("latitude") != found.ContainsKey("longitude"))
        {
            place.Wrong("latitude and longitude come together");
        }

        place.End();
        return found;
    }

    private static Dictionary<string, MappedValue> ReadAll(MappingSection? section, ValueParser values, params string[] names)
    {
        var found = section is null ? [] : ReadMembers(section, values, names);
        section?.End();
        return found;
    }

    private static Dictionary<string, MappedValue> ReadMembers(MappingSection section, ValueParser values, params string[] names)
    {
        var found = new Dictionary<string, MappedValue>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (values.Optional(section, name) is { } value)
            {
                found[name] = value;
            }
        }

        return found;
    }

    private static HashSet<string> ReadDrop(MappingSection root)
    {
        var drop = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in root.Texts("drop"))
        {
            if (!CanDrop.Contains(name, StringComparer.Ordinal))
            {
                root.Wrong(root.Get("drop")!, $"'{name}' can't be dropped; {string.Join(", ", CanDrop)} can");
            }

            drop.Add(name);
        }

        return drop;
    }
}
