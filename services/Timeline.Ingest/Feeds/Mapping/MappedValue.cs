namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>The fields of one record by the mapping's own numbers of columns.</summary>
internal interface IRowFields
{
    /// <summary>Text of a column; empty where the file's layout does not have it.</summary>
    string this[int column] { get; }
}

/// <summary>Where a value comes from: a constant, a column as it is or through tables, or the first of several that gives one.</summary>
internal sealed record MappedValue
{
    public int Column { get; init; } = -1;

    public string? Constant { get; init; }

    public IReadOnlyList<MappedValue> First { get; init; } = [];

    /// <summary>Tried in turn; none: the column's text itself.</summary>
    public IReadOnlyList<Func<string, string?>> Tables { get; init; } = [];

    /// <summary>Texts that mean that there is none.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The value in a row; null where it gives none, or one that no table knows.</summary>
    public string? Of(IRowFields row)
    {
        foreach (var one in First)
        {
            if (one.Of(row) is { } found)
            {
                return found;
            }
        }

        if (Column < 0)
        {
            return Constant;
        }

        var text = row[Column];
        if (text.Length == 0 || Missing.Contains(text, StringComparer.Ordinal))
        {
            return null;
        }

        if (Tables.Count == 0)
        {
            return text;
        }

        foreach (var table in Tables)
        {
            if (table(text) is { } id)
            {
                return id;
            }
        }

        return null;
    }

    /// <summary>What the columns hold, for the cause of a row that is set aside.</summary>
    public string Show(IRowFields row) => string.Join(", ", Columns().Distinct().Select(c => $"'{(row[c].Length > 40 ? row[c][..40] + "…" : row[c])}'"));

    private IEnumerable<int> Columns() => First.SelectMany(f => f.Columns()).Concat(Column < 0 ? [] : [Column]);
}

/// <summary>Whether a part of a mapping applies to a row.</summary>
internal sealed record MappedCondition(int Column, IReadOnlyList<string> Is)
{
    public bool Holds(IRowFields row) => Is.Contains(row[Column], StringComparer.Ordinal);
}
