using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Timeline.Domain.Methodology;

namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>
/// Files of a feed whose mapping is declared. A row id that stands in one file several times with different content is set aside every time: which is meant
/// can't be told, and it must not depend on the order of lines. To know them, a file is scanned once before it is read.
/// </summary>
internal sealed class MappedReader(FeedMapping mapping, MethodologyVersion methodology) : IFeedReader
{
    private readonly RecordCollector collector = new(mapping.Feed);
    private readonly ContradictingRows contradicting = new();
    private DateOnly? lastPublished;
    private string? firstCause;
    private long readable;

    public string Feed => mapping.Feed;

    public string Publisher => mapping.Publisher;

    public FeedRules Rules => mapping.Rules;

    public FeedMapping Mapping => mapping;

    public FileEnd End => new(lastPublished, null);

    /// <summary>Also tells whether anything can be read at all. Throws <see cref="ImportRefusedException"/> for a file in which nothing can be read.</summary>
    public async Task ScanAsync(Func<Stream> uncompressed, string fileName, CancellationToken ct)
    {
        await using var stream = uncompressed();
        var records = new RecordReader(stream, mapping.Separator, mapping.Quotes);
        var (rows, at) = (0L, 0L);
        await foreach (var (e, cause) in RowsAsync(records, fileName, ct).ConfigureAwait(false))
        {
            rows++;
            if (e is null)
            {
                (firstCause, at) = firstCause is null ? (cause, records.Number) : (firstCause, at);
                continue;
            }

            readable++;
            contradicting.Learn(e);
        }

        contradicting.End();
        if (rows > 0 && readable == 0)
        {
            throw new ImportRefusedException(FormattableString.Invariant($"{fileName}: none of its {rows} rows can be read by the mapping of {mapping.Feed}; the first, line {at}: {firstCause}. Give the file as its publisher wrote it, or mend the mapping."));
        }
    }

    public async IAsyncEnumerable<RecordBatch> ReadAsync(Stream uncompressed, string fileName, [EnumeratorCancellation] CancellationToken ct)
    {
        var records = new RecordReader(uncompressed, mapping.Separator, mapping.Quotes);
        await foreach (var (e, cause) in RowsAsync(records, fileName, ct).ConfigureAwait(false))
        {
            if ((cause ?? (contradicting.Contains(e) ? ContradictingRows.Cause : null)) is { } why)
            {
                collector.AddSetAside(records.Whole, why);
            }
            else
            {
                collector.Add(e);
            }

            if (collector.IsFull)
            {
                yield return collector.Take(records.BytesRead);
            }
        }

        if (!collector.IsEmpty)
        {
            yield return collector.Take(records.BytesRead);
        }
    }

    private async IAsyncEnumerable<(byte[]? Event, string? Cause)> RowsAsync(RecordReader records, string fileName, [EnumeratorCancellation] CancellationToken ct)
    {
        var row = new MappedRow(mapping, methodology);
        int[]? header = null;
        var width = 0;
        var layouts = mapping.Layouts.ToDictionary(l => l.Count, PlacesIn);
        while (await records.NextAsync(ct).ConfigureAwait(false))
        {
            if (mapping.Header && header is null)
            {
                (header, width) = ReadHeader(records, fileName);
                continue;
            }

            var wanted = mapping.Header ? width : layouts.ContainsKey(records.Columns) ? records.Columns : layouts.Keys.Max();
            if (records.Broken is null && records.Columns != wanted)
            {
                var count = $"{records.Columns} columns, where there are {(mapping.Header ? width.ToString(System.Globalization.CultureInfo.InvariantCulture) : string.Join(" or ", layouts.Keys.Order()))}";
                if (records.Lines > 1 && records.Columns > wanted)
                {
                    // A lost quotation mark has taken the next rows along.
                    records.KeepFirstLine(count + " with the lines that a quotation mark holds together");
                }
                else
                {
                    yield return (null, count);
                    continue;
                }
            }

            if (records.Broken is { } broken)
            {
                yield return (null, broken);
                continue;
            }

            var mapped = row.Map(records, header ?? layouts[wanted]);
            if (mapped.Event is not null)
            {
                lastPublished = lastPublished is { } last && last > row.Published ? last : row.Published;
            }

            yield return mapped;
        }
    }

    private int[] PlacesIn(IReadOnlyList<string> layout) => [.. mapping.Columns.Select(c => layout.Index().Where(l => l.Item == c).Select(l => l.Index).DefaultIfEmpty(-1).First())];

    private (int[] Places, int Width) ReadHeader(RecordReader records, string fileName)
    {
        if (records.Broken is { } broken || !Utf8.IsValid(records.Raw))
        {
            throw new ImportRefusedException($"{fileName}: its first line is no header: {records.Broken ?? "not UTF-8"}.");
        }

        collector.Header = Encoding.UTF8.GetString(records.Raw);
        var names = new List<string>(records.Columns);
        for (var i = 0; i < records.Columns; i++)
        {
            names.Add(Encoding.UTF8.GetString(records[i]));
        }

        var missing = mapping.Columns.Where(c => !names.Contains(c, StringComparer.Ordinal)).ToList();
        if (missing.Count > 0)
        {
            var has = string.Join(", ", names.Take(60).Select(n => n.Length > 40 ? n[..40] + "…" : n));
            throw new ImportRefusedException($"{fileName}: its header has no column {string.Join(", ", missing)}, which the mapping of {mapping.Feed} reads. It has {names.Count}: {has}.");
        }

        if (mapping.Columns.FirstOrDefault(c => names.Count(n => n == c) > 1) is { } twice)
        {
            throw new ImportRefusedException($"{fileName}: its header names the column {twice} several times; which one is meant can't be told.");
        }

        return (PlacesIn(names), names.Count);
    }
}
