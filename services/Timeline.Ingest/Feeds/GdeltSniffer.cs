using System.Text.Unicode;

namespace Timeline.Ingest.Feeds;

/// <summary>
/// Looks at a file's first rows before anything is appended, and tells a GDELT file from one that another program has damaged: such a
/// file is refused whole, for its rows would be wrong one by one.
/// </summary>
internal static class GdeltSniffer
{
    private const string Mend = "import the file as GDELT published it, without opening it in another program";

    /// <summary>The version of the format, and whether the first row is a header. Null for a file without rows. Throws <see cref="ImportRefusedException"/>.</summary>
    public static (GdeltLayout Layout, bool HasHeader)? Recognise(IReadOnlyList<Line> sample, string fileName)
    {
        if (sample.Count == 0)
        {
            return null;
        }

        var first = sample[0].Bytes.Span;
        if (first.StartsWith<byte>([0xFF, 0xFE]) || first.StartsWith<byte>([0xFE, 0xFF]) || first[..Math.Min(first.Length, 64)].Contains((byte)0))
        {
            throw Refused(fileName, "the text is not UTF-8 (UTF-16, or no text at all)");
        }

        var hasHeader = IsHeader(first);
        var rows = hasHeader ? sample.Skip(1).ToList() : sample;
        if (rows.Count == 0)
        {
            return null;
        }

        var tally = new Tally();
        foreach (var row in rows)
        {
            tally.Add(row);
        }

        return (tally.Judge(fileName), hasHeader);
    }

    private static bool IsHeader(ReadOnlySpan<byte> line)
    {
        var text = System.Text.Encoding.UTF8.GetString(line[..Math.Min(line.Length, 32)]).TrimStart('"');
        return text.StartsWith("GLOBALEVENTID", StringComparison.OrdinalIgnoreCase);
    }

    private static ImportRefusedException Refused(string fileName, string what) => new($"{fileName}: {what}; {Mend}.");

    private sealed class Tally
    {
        private readonly int[] ends = new int[GdeltFields.Most];
        private readonly SortedDictionary<int, int> columns = [];
        private int rows;
        private int notUtf8;
        private int commas;
        private int semicolons;
        private int quoted;
        private int scientific;
        private int shortRoots;
        private int zeroRoots;
        private int noIds;

        public void Add(Line line)
        {
            rows++;
            var bytes = line.Bytes.Span;
            if (line.TooLong || !Utf8.IsValid(bytes))
            {
                notUtf8 += line.TooLong ? 0 : 1;
                return;
            }

            var fields = GdeltFields.Cut(bytes, ends);
            if (fields.Count == 1)
            {
                commas += bytes.Count((byte)',') >= GdeltLayout.RootCode ? 1 : 0;
                semicolons += bytes.Count((byte)';') >= GdeltLayout.RootCode ? 1 : 0;
                return;
            }

            columns[fields.Count] = columns.GetValueOrDefault(fields.Count) + 1;
            quoted += fields[0] is [(byte)'"', .., (byte)'"'] ? 1 : 0;
            scientific += GdeltText.IsScientific(fields[0]) ? 1 : 0;
            noIds += fields[0].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0 || fields[0].IsEmpty ? 1 : 0;
            if (fields.Count > GdeltLayout.RootCode)
            {
                shortRoots += fields[GdeltLayout.RootCode] is [>= (byte)'1' and <= (byte)'9'] ? 1 : 0;
                zeroRoots += fields[GdeltLayout.RootCode] is [(byte)'0', _] ? 1 : 0;
            }
        }

        public GdeltLayout Judge(string fileName)
        {
            if (notUtf8 == rows)
            {
                throw Refused(fileName, $"none of the first {rows} rows is UTF-8");
            }

            if (2 * (commas + semicolons) > rows)
            {
                throw Refused(fileName, $"fields are separated by {(commas >= semicolons ? "commas" : "semicolons")}, where GDELT separates by tabs");
            }

            if (2 * quoted > rows)
            {
                throw Refused(fileName, "fields stand in quotation marks, which GDELT does not use");
            }

            if (columns.Count == 0)
            {
                throw Refused(fileName, $"no row among the first {rows} is separated by tabs: this is no GDELT event file");
            }

            // The count of most rows; of equals the higher. Single rows of another count are set aside later.
            var usual = columns.MaxBy(c => (c.Value, c.Key)).Key;
            if (GdeltLayout.Of(usual) is not { } layout)
            {
                throw Refused(fileName, $"most of the first {rows} rows have {usual} columns, where {GdeltLayout.WantedColumns}: columns were added or lost, or this is no GDELT event file");
            }

            if (2 * scientific > rows)
            {
                throw Refused(fileName, "row ids are in scientific notation (such as 7.19E+08), so their digits are lost");
            }

            if (shortRoots > 0 && zeroRoots == 0)
            {
                throw Refused(fileName, "event codes have lost their leading zeros (root code 4 for 04)");
            }

            return 2 * noIds > rows ? throw Refused(fileName, "the first column holds no row ids: columns are shifted, or this is no GDELT event file") : layout;
        }
    }
}
