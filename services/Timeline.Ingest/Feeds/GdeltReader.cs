using System.Runtime.CompilerServices;
using Timeline.Domain.Methodology;

namespace Timeline.Ingest.Feeds;

/// <summary>
/// GDELT event files: 1.0 with 57 or 58 columns, 2.0 with 61; separated by tabs, no quotes, with or without a header. One line, one record; empty
/// lines and the header are none.
/// </summary>
internal sealed class GdeltReader(MethodologyVersion methodology) : IFeedReader
{
    private readonly RecordCollector collector = new(Gdelt.Feed);
    private readonly ContradictingRows contradicting = new();
    private DateOnly? lastPublished;
    private DateTime? onlyAdded;
    private bool severalAdded;
    private string name = "";

    public string Feed => Gdelt.Feed;

    public string Publisher => Gdelt.Publisher;

    public FeedRules Rules => FeedRules.OfGdelt;

    public FileEnd End => new(lastPublished, severalAdded ? null : GdeltDays.OwnInterval(name, onlyAdded));

    /// <summary>The feed's files come with ascending row ids, of which none can stand twice: only another file is read through to find them.</summary>
    public async Task ScanAsync(Func<Stream> uncompressed, string fileName, CancellationToken ct)
    {
        if (await AscendsAsync(uncompressed, ct).ConfigureAwait(false))
        {
            return;
        }

        await using var stream = uncompressed();
        var lines = new LineReader(stream, IngestLimits.FeedLineBytes);
        if (GdeltSniffer.Recognise(await SampleAsync(lines, ct).ConfigureAwait(false), fileName) is not { } recognised)
        {
            return;
        }

        await using var again = uncompressed();
        lines = new LineReader(again, IngestLimits.FeedLineBytes);
        var mapper = new GdeltMapper(recognised.Layout, new GdeltCodes(methodology));
        while (await lines.FillAsync(ct).ConfigureAwait(false))
        {
            while (lines.TryNext(out var line))
            {
                if (!line.TooLong && !line.Bytes.IsEmpty && mapper.Map(line.Bytes.Span) is null)
                {
                    contradicting.Learn(mapper.Event);
                }
            }
        }

        contradicting.End();
    }

    public async IAsyncEnumerable<RecordBatch> ReadAsync(Stream uncompressed, string fileName, [EnumeratorCancellation] CancellationToken ct)
    {
        name = fileName;
        var lines = new LineReader(uncompressed, IngestLimits.FeedLineBytes);
        var sample = await SampleAsync(lines, ct).ConfigureAwait(false);
        if (GdeltSniffer.Recognise(sample, fileName) is not { } recognised)
        {
            yield break;
        }

        var mapper = new GdeltMapper(recognised.Layout, new GdeltCodes(methodology));
        foreach (var line in sample.Skip(recognised.HasHeader ? 1 : 0))
        {
            Add(line, mapper);
        }

        do
        {
            while (lines.TryNext(out var line))
            {
                Add(line, mapper);
                if (collector.IsFull)
                {
                    yield return collector.Take(lines.BytesRead);
                }
            }
        }
        while (await lines.FillAsync(ct).ConfigureAwait(false));

        if (!collector.IsEmpty)
        {
            yield return collector.Take(lines.BytesRead);
        }
    }

    private static async Task<List<Line>> SampleAsync(LineReader lines, CancellationToken ct)
    {
        var sample = new List<Line>();
        while (sample.Count < IngestLimits.SniffedRows && await lines.FillAsync(ct).ConfigureAwait(false))
        {
            while (sample.Count < IngestLimits.SniffedRows && lines.TryNext(out var line))
            {
                if (!line.Bytes.IsEmpty)
                {
                    sample.Add(line with { Bytes = line.Bytes.ToArray() });
                }
            }
        }

        return sample;
    }

    private void Add(Line line, GdeltMapper mapper)
    {
        if (line.TooLong)
        {
            collector.AddSetAside(line, $"longer than {IngestLimits.FeedLineBytes} bytes");
        }
        else if (!line.Bytes.IsEmpty)
        {
            if (mapper.Map(line.Bytes.Span) is { } cause)
            {
                collector.AddSetAside(line, cause);
                return;
            }

            if (contradicting.Contains(mapper.Event))
            {
                collector.AddSetAside(line, ContradictingRows.Cause);
                return;
            }

            collector.Add(mapper.Event);
            Note(mapper);
        }
    }

    // Whatever a line is, its first field decides; lines without a row id are none.
    private static async Task<bool> AscendsAsync(Func<Stream> uncompressed, CancellationToken ct)
    {
        await using var stream = uncompressed();
        var lines = new LineReader(stream, IngestLimits.FeedLineBytes);
        var last = -1L;
        while (await lines.FillAsync(ct).ConfigureAwait(false))
        {
            while (lines.TryNext(out var line))
            {
                var text = line.Bytes.Span;
                var tab = text.IndexOf((byte)'\t');
                if (tab > 0 && GdeltText.IsInteger(text[..tab], out var id))
                {
                    if (id <= last)
                    {
                        return false;
                    }

                    last = id;
                }
            }
        }

        return true;
    }

    private void Note(GdeltMapper mapper)
    {
        lastPublished = lastPublished is { } last && last > mapper.AddedDay ? last : mapper.AddedDay;
        severalAdded |= mapper.Added is null || (onlyAdded is { } only && only != mapper.Added);
        onlyAdded ??= mapper.Added;
    }
}
