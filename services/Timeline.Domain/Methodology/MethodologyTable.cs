using System.Globalization;

namespace Timeline.Domain.Methodology;

/// <summary>
/// One tab-separated file of a methodology: <c>#</c> comment lines, a header with exactly the known columns, then rows. There is no
/// quoting; text is taken as it stands, and holds no control characters.
/// </summary>
internal sealed class MethodologyTable
{
    private MethodologyTable(string file, IReadOnlyList<MethodologyRow> rows)
    {
        File = file;
        Rows = rows;
    }

    public string File { get; }

    public IReadOnlyList<MethodologyRow> Rows { get; }

    /// <summary>Throws <see cref="MethodologyFormatException"/> for anything but a header of the file's columns and rows of as many fields.</summary>
    public static MethodologyTable Read(MethodologyFile known, string text)
    {
        var (file, columns) = (known.Name, known.Columns);
        string[]? header = null;
        var rows = new List<MethodologyRow>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            CheckText(file, number, line);

            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var fields = line.Split('\t');
            if (header is null)
            {
                header = fields;
                CheckHeader(file, number, header, columns);
                continue;
            }

            if (fields.Length != columns.Count)
            {
                throw Wrong(file, number, $"{fields.Length} fields where the header has {columns.Count}");
            }

            rows.Add(new MethodologyRow(file, number, columns, fields));
        }

        return header is null ? throw Wrong(file, number, "no header") : new MethodologyTable(file, rows);
    }

    /// <summary>Throws for a key that was met before.</summary>
    public void Once(bool added, MethodologyRow row, string key)
    {
        if (!added)
        {
            throw row.Wrong($"'{key}' is given a second time in {File}");
        }
    }

    /// <summary>What is wrong with the file as a whole.</summary>
    public MethodologyFormatException Wrong(string reason) => Wrong(File, Rows.Count == 0 ? 1 : Rows[^1].Line, reason);

    internal static MethodologyFormatException Wrong(string file, int line, string reason) => new(file, line, reason);

    private static void CheckText(string file, int line, string text)
    {
        if (line == 1 && text.StartsWith('\uFEFF'))
        {
            throw Wrong(file, line, "a byte order mark; the file is UTF-8 without one");
        }

        if (text.Contains('\r', StringComparison.Ordinal))
        {
            throw Wrong(file, line, "a carriage return; lines end with a line feed alone");
        }

        // The hash puts a zero byte between name and text: one inside would let two methodologies have one hash.
        if (text.Any(static c => char.IsControl(c) && c != '\t'))
        {
            throw Wrong(file, line, "a control character; only tabs and line feeds have a place here");
        }
    }

    private static void CheckHeader(string file, int line, string[] header, IReadOnlyList<string> columns)
    {
        if (header.FirstOrDefault(c => !columns.Contains(c, StringComparer.Ordinal)) is { } unknown)
        {
            throw Wrong(file, line, $"unknown column '{unknown}'; the columns are {string.Join(", ", columns)}");
        }

        if (!header.SequenceEqual(columns, StringComparer.Ordinal))
        {
            throw Wrong(file, line, $"the columns are {string.Join(", ", columns)}, in this order");
        }
    }
}

/// <summary>One row, its fields by column name.</summary>
internal sealed class MethodologyRow(string file, int line, IReadOnlyList<string> columns, string[] fields)
{
    public int Line => line;

    /// <summary>Every field as it stands, in the order of the columns.</summary>
    public IReadOnlyList<string> Fields => fields;

    /// <summary>A field that must not be empty.</summary>
    public string Text(string column) =>
        TextOrEmpty(column) is { Length: > 0 } text ? text : throw Wrong($"{column} is empty");

    public string TextOrEmpty(string column)
    {
        var text = fields[columns.Index().First(c => c.Item == column).Index];
        return text.AsSpan().Trim().Length == text.Length ? text : throw Wrong($"{column} begins or ends with a space");
    }

    /// <summary>Codes separated by single spaces; none: empty.</summary>
    public string[] Codes(string column)
    {
        var text = TextOrEmpty(column);
        var codes = text.Length == 0 ? [] : text.Split(' ');
        return codes.Contains("", StringComparer.Ordinal) ? throw Wrong($"{column} has two spaces in a row") : codes;
    }

    /// <summary>A decimal integer without leading zeros or plus sign.</summary>
    public int Integer(string column, int least, int most)
    {
        var text = Text(column);
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            || !string.Equals(text, value.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
        {
            throw Wrong($"{column} '{text}' is no integer");
        }

        return value >= least && value <= most
            ? value
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"{column} {value} is not within {least} to {most}"));
    }

    public MethodologyFormatException Wrong(string reason) => MethodologyTable.Wrong(file, line, reason);
}
