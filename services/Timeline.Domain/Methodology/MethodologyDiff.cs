namespace Timeline.Domain.Methodology;

/// <summary>What became of a row from one methodology to another.</summary>
public enum RowChange
{
    Added,
    Removed,
    Changed,
}

/// <summary>One field; <see cref="From"/> is null in an added row, <see cref="To"/> in a removed one. <see cref="Scores"/>: the column is not for people alone.</summary>
public sealed record ColumnDiff(string Column, string? From, string? To, bool Scores);

/// <summary>One row by its key. Of a changed one the columns that differ, of the others all that are not key.</summary>
public sealed record RowDiff(string Key, RowChange Change, IReadOnlyList<ColumnDiff> Columns)
{
    /// <summary>Whether a score or the reading of a feed may follow from it.</summary>
    public bool Scores => Change != RowChange.Changed || Columns.Any(c => c.Scores);
}

/// <summary>
/// One file that differs: rows removed and changed in the order of the first, then those added in the order of the second. <see cref="Layout"/>: comments, blank lines or the
/// order of rows differ, from which nothing follows.
/// </summary>
public sealed record FileDiff(string File, IReadOnlyList<RowDiff> Rows, bool Layout);

/// <summary>What differs between two methodologies, row by row and column by column. Equal files give nothing, and only they do.</summary>
public sealed record MethodologyDiff(IReadOnlyList<FileDiff> Files)
{
    /// <summary>Whether scores or the reading of feeds may differ, and not only words.</summary>
    public bool Scores => Files.Any(f => f.Rows.Any(r => r.Scores));

    public static MethodologyDiff Of(MethodologyVersion from, MethodologyVersion to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return new MethodologyDiff([.. MethodologyFile.All.Select(f => Of(f, from.Files[f.Name], to.Files[f.Name])).OfType<FileDiff>()]);
    }

    private static FileDiff? Of(MethodologyFile file, string from, string to)
    {
        if (string.Equals(from, to, StringComparison.Ordinal))
        {
            return null;
        }

        var (before, after) = (RowsOf(file, from), RowsOf(file, to));
        var rows = new List<RowDiff>();
        foreach (var (key, row) in before)
        {
            if (!after.TryGetValue(key, out var other))
            {
                rows.Add(new RowDiff(key, RowChange.Removed, Columns(file, row, null)));
            }
            else if (Columns(file, row, other) is { Count: > 0 } columns)
            {
                rows.Add(new RowDiff(key, RowChange.Changed, columns));
            }
        }

        rows.AddRange(after.Where(r => !before.ContainsKey(r.Key)).Select(r => new RowDiff(r.Key, RowChange.Added, Columns(file, null, r.Value))));
        return new FileDiff(file.Name, rows, !Layout(file, from, before, after).SequenceEqual(Layout(file, to, after, before), StringComparer.Ordinal));
    }

    // The reader refuses a key that is given twice, so a key is a row. Rows are read and kept in the file's order.
    private static OrderedDictionary<string, MethodologyRow> RowsOf(MethodologyFile file, string text)
    {
        var rows = new OrderedDictionary<string, MethodologyRow>(StringComparer.Ordinal);
        foreach (var row in MethodologyTable.Read(file, text).Rows)
        {
            rows.Add(file.KeyOf(row), row);
        }

        return rows;
    }

    private static List<ColumnDiff> Columns(MethodologyFile file, MethodologyRow? from, MethodologyRow? to)
    {
        var columns = new List<ColumnDiff>();
        for (var i = file.Keys; i < file.Columns.Count; i++)
        {
            var (before, after) = (from?.Fields[i], to?.Fields[i]);
            if (!string.Equals(before, after, StringComparison.Ordinal))
            {
                columns.Add(new ColumnDiff(file.Columns[i], before, after, !file.Prose.Contains(file.Columns[i], StringComparer.Ordinal)));
            }
        }

        return columns;
    }

    // A file's lines without what rows say: those that the other file has too stand by their key, those that it has not are left out.
    private static IEnumerable<string> Layout(MethodologyFile file, string text, OrderedDictionary<string, MethodologyRow> rows, OrderedDictionary<string, MethodologyRow> other)
    {
        var byLine = rows.Values.ToDictionary(r => r.Line);
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (!byLine.TryGetValue(index + 1, out var row))
            {
                yield return line;
            }
            else if (other.ContainsKey(file.KeyOf(row)))
            {
                yield return "\t" + file.KeyOf(row);
            }
        }
    }
}
