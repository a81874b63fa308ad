using System.Globalization;
using Timeline.Contracts;
using Timeline.Domain.Methodology;

namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>
/// Reads the values of a mapping: <c>"a column"</c>, <c>{"column": .., "codes": .., "table": .., "missing": ..}</c>, <c>{"value": ..}</c> or
/// <c>{"first": [..]}</c>. <paramref name="layouts"/>: the columns that there are; null where a file's header says it.
/// </summary>
internal sealed class ValueParser(MappingErrors errors, CodeTables tables, MethodologyVersion methodology, IReadOnlyList<IReadOnlyList<string>>? layouts)
{
    private readonly List<string> columns = [];

    private static readonly MappedValue Nothing = new();

    /// <summary>The columns that were named so far.</summary>
    public IReadOnlyList<string> Columns => columns;

    /// <summary>A value that must be there. <paramref name="wrong"/> says what is wrong with a text that can be checked now. <paramref name="constant"/>: plain text is no column but the value.</summary>
    public MappedValue Required(MappingSection section, string name, Func<string, string?>? wrong = null, bool constant = false) =>
        section.Required(name) is { } node ? Read(section, node, wrong, coded: false, constant) : Nothing;

    /// <summary>A value that may be left out. <paramref name="coded"/>: it must come from tables.</summary>
    public MappedValue? Optional(MappingSection section, string name, Func<string, string?>? wrong = null, bool coded = false) =>
        section.Get(name) is { } node ? Read(section, node, wrong, coded, constant: false) : null;

    /// <summary>A value or a list of them.</summary>
    public IReadOnlyList<MappedValue> OneOrMore(MappingSection section, string name)
    {
        if (section.Required(name) is not { } node)
        {
            return [];
        }

        var items = node.Value as IReadOnlyList<MappingNode> ?? [node];
        if (items.Count == 0)
        {
            section.Wrong(node, "is an empty list");
        }

        return [.. items.Select(i => Read(section, i, null, coded: false, constant: false))];
    }

    public MappedCondition? Condition(MappingSection section)
    {
        if (section.Section("when") is not { } when)
        {
            return null;
        }

        var column = when.Required("column");
        var texts = when.Required("is") is null ? [] : when.Texts("is");
        when.End();
        return new MappedCondition(column is null ? -1 : ColumnOf(when, column), texts);
    }

    public string? WrongCode(string code) => methodology.Cameo(code) is null ? $"'{code}' is no CAMEO code of methodology {methodology.Name}; codes are text with their leading zeros" : null;

    public string? WrongRole(string role) => methodology.Role(role) is null ? $"methodology {methodology.Name} has no role '{role}'" : null;

    public string? WrongCountry(string id) => methodology.IsCountry(id) ? null : $"'{id}' is no country (ISO 3166-1 alpha-3)";

    public string? WrongSubject(string id) => methodology.IsCountry(id) || methodology.IsOrganisation(id) ? null : $"'{id}' is neither a country (ISO 3166-1 alpha-3) nor a registered organisation";

    public static string? WrongPrecision(string word) => MappedDays.Precisions.Contains(word, StringComparer.Ordinal) ? null : $"'{word}' is none of {string.Join(", ", MappedDays.Precisions)}";

    public static string? WrongWeight(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) && weight <= 1000 ? null : $"'{text}' is no weight: 0 to 1000 per mille";

    /// <summary>An object of texts and numbers.</summary>
    public static Dictionary<string, string> ReadTable(MappingSection section)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (code, node) in section.All)
        {
            section.Get(code);
            if (node.Value is long number)
            {
                table[code] = number.ToString(CultureInfo.InvariantCulture);
            }
            else if (section.TextOf(node) is { } text)
            {
                table[code] = text;
            }
        }

        return table;
    }

    private MappedValue Read(MappingSection section, MappingNode node, Func<string, string?>? wrong, bool coded, bool constant)
    {
        if (node.Value is long number)
        {
            return Constant(section, node, number.ToString(CultureInfo.InvariantCulture), wrong);
        }

        if (node.Value is string text)
        {
            return constant ? Constant(section, node, text, wrong) : OfColumn(section, node, null, wrong, coded);
        }

        var value = new MappingSection(node, errors);
        if (value.Get("first") is not null)
        {
            var first = value.Items("first").Select(i => Read(value, i, wrong, coded, constant: false)).ToList();
            value.End();
            return new MappedValue { First = first };
        }

        if (value.Get("value") is { } fixedValue)
        {
            value.End();
            return fixedValue.Value is long n ? Constant(section, fixedValue, n.ToString(CultureInfo.InvariantCulture), wrong)
                : section.TextOf(fixedValue) is { } given ? Constant(section, fixedValue, given, wrong) : Nothing;
        }

        var column = value.Required("column");
        var read = column is null ? Nothing : OfColumn(section, column, value, wrong, coded);
        value.End();
        return read;
    }

    private static MappedValue Constant(MappingSection section, MappingNode node, string text, Func<string, string?>? wrong)
    {
        if (wrong?.Invoke(text) is { } why)
        {
            section.Wrong(node, why);
        }

        return new MappedValue { Constant = text };
    }

    private MappedValue OfColumn(MappingSection section, MappingNode column, MappingSection? value, Func<string, string?>? wrong, bool coded)
    {
        var through = new List<Func<string, string?>>();
        foreach (var name in value?.Texts("codes") ?? [])
        {
            if (tables.Find(name) is { } table)
            {
                through.Add(table);
                Check(value!, value!.Get("codes")!, tables.OwnValues(name), wrong);
            }
            else
            {
                value!.Wrong(value.Get("codes")!, $"there is no table '{name}'; there is {tables.Known}");
            }
        }

        if (value?.Section("table") is { } inline)
        {
            var table = ReadTable(inline);
            through.Add(code => table.GetValueOrDefault(code));
            Check(value!, inline.Node, table.Values, wrong);
        }

        if (coded && through.Count == 0)
        {
            section.Wrong(column, $"ids come through tables: {{\"column\": .., \"codes\": ..}} with one of {tables.Known}");
        }

        return new MappedValue { Column = ColumnOf(section, column), Tables = through, Missing = value?.Texts("missing") ?? [] };
    }

    private static void Check(MappingSection section, MappingNode node, IEnumerable<string> values, Func<string, string?>? wrong)
    {
        foreach (var value in wrong is null ? [] : values)
        {
            if (wrong!(value) is { } why)
            {
                section.Wrong(node, why);
            }
        }
    }

    private int ColumnOf(MappingSection section, MappingNode node)
    {
        if (section.TextOf(node) is not { } name)
        {
            return -1;
        }

        if (layouts is not null && !layouts.Any(l => l.Contains(name, StringComparer.Ordinal)))
        {
            section.Wrong(node, $"there is no column '{name}'");
            return -1;
        }

        var known = columns.IndexOf(name);
        if (known < 0)
        {
            columns.Add(name);
            known = columns.Count - 1;
        }

        return known;
    }
}
