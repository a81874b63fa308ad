using System.Threading.Channels;
using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Domain.Access;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Ingest.Feeds.Mapping;

namespace Timeline.Ingest.Feeds;

/// <summary>What an import is asked beside the file. <see cref="Covers"/>: for whom and when the giver says that the file is complete.</summary>
public sealed record ImportOptions
{
    public CoverageClaim? Covers { get; init; }

    /// <summary>Who imports, as far as the service knows.</summary>
    public Caller? By { get; init; }

    /// <summary>Bytes after decompression, at most; default and limit 8 GiB (<see cref="IngestLimits.FeedFileBytes"/>).</summary>
    public long MaxFileBytes { get; init; } = IngestLimits.FeedFileBytes;
}

/// <summary>
/// Imports a bulk file as one stream in which record n is revision n. An interrupted import goes on where the stream ends; a file that
/// is there already adds nothing and gives the same counts. One import at a time.
/// </summary>
public sealed class FeedImporter(IEventLog log, IFeedIndex index, MethodologyVersion methodology, TimeProvider clock) : IDisposable
{
    private const int BatchesAhead = 4;

    /// <summary>Ids of missing rows that an outcome gives.</summary>
    private const int MissingTold = 10;

    private readonly SemaphoreSlim one = new(1, 1);

    /// <summary>
    /// Imports a GDELT event file. <paramref name="progress"/> is told after every append. Throws <see cref="ImportRefusedException"/>
    /// for a file that is not taken, <see cref="ImportConflictException"/> where another process imports the same one; cancellation leaves what was
    /// appended, from where the next import goes on.
    /// </summary>
    public Task<ImportOutcome> ImportGdeltAsync(FeedFile file, ImportOptions options, Action<ImportProgress>? progress, CancellationToken ct) =>
        ImportAsync(new GdeltReader(methodology), file, options, progress, ct);

    /// <summary>
    /// Imports a file of a feed whose mapping this program brings along (<see cref="FeedMappings.BuiltIn"/>), or of the mapping that <paramref name="mapping"/>, a
    /// hash, names and the log holds. Throws as <see cref="ImportGdeltAsync"/>.
    /// </summary>
    public async Task<ImportOutcome> ImportMappedAsync(
        string feed, string? mapping, FeedFile file, ImportOptions options, Action<ImportProgress>? progress, CancellationToken ct) =>
        await ImportAsync(new MappedReader(await MappingAsync(feed, mapping, ct).ConfigureAwait(false), methodology), file, options, progress, ct).ConfigureAwait(false);

    /// <summary>Checks a mapping and appends it to the log, once. Throws <see cref="MappingRefusedException"/>.</summary>
    public Task<MappingOutcome> RecordMappingAsync(string text, Caller? by, CancellationToken ct) =>
        MappingRecorder.RecordAsync(log, FeedMapping.Parse(text, methodology), clock, by, ct);

    /// <summary>Brings the index to the log's head ahead of the first import, so that this one need not wait for it.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await new FeedIndexCatchUp(log, index).ToHeadAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    internal async Task<ImportOutcome> ImportAsync(
        IFeedReader reader, FeedFile file, ImportOptions options, Action<ImportProgress>? progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        var coverage = new CoverageRecorder(log, methodology, clock, reader);
        if (options.Covers is { } covers)
        {
            coverage.Check(covers, file.Name);
        }

        await one.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (options.Covers is not null && reader is MappedReader { Mapping.AllowsCoverage: false })
            {
                throw new ImportRefusedException($"{file.Name}: the mapping of {reader.Feed} says that its files are complete for nobody (\"coverage\": \"none\"); leave out the coverage.");
            }

            var (sha256, bytes) = await file.HashAsync(options.MaxFileBytes, ct).ConfigureAwait(false);
            var (outcome, end) = await AppendAsync(reader, file, sha256, bytes, options, progress, ct).ConfigureAwait(false);
            if ((options.Covers ?? end.OwnInterval) is { } claim)
            {
                await coverage.RecordAsync(claim, sha256, end.LastPublished, options.By, ct).ConfigureAwait(false);
            }

            return outcome;
        }
        finally
        {
            one.Release();
        }
    }

    private async Task<(ImportOutcome Outcome, FileEnd End)> AppendAsync(
        IFeedReader reader, FeedFile file, string sha256, long bytes, ImportOptions options, Action<ImportProgress>? progress, CancellationToken ct)
    {
        var stream = EventNames.ForFeedFile(reader.Feed, sha256);
        var catchUp = new FeedIndexCatchUp(log, index);
        var rows = 0L;
        try
        {
            var (inLog, place) = await LocateAsync(catchUp, stream, ct).ConfigureAwait(false);
            if (reader is MappedReader given && inLog > 0)
            {
                reader = await ReaderOfAsync(given, file, stream, ct).ConfigureAwait(false);
            }

            await reader.ScanAsync(() => file.OpenUncompressed(options.MaxFileBytes), file.Name, ct).ConfigureAwait(false);
            if (reader is MappedReader mapped)
            {
                await MappingRecorder.RecordAsync(log, mapped.Mapping, clock, options.By, ct).ConfigureAwait(false);
            }

            var appender = new FileAppender(log, index, catchUp, clock, reader.Feed, reader.Rules, stream, inLog, place, options.By);
            await foreach (var batch in ReadAheadAsync(reader, file, options.MaxFileBytes, ct).ConfigureAwait(false))
            {
                foreach (var record in batch.Records)
                {
                    if (rows++ >= inLog)
                    {
                        await appender.AddAsync(record, ct).ConfigureAwait(false);
                    }
                }

                progress?.Invoke(new ImportProgress { Rows = rows, Bytes = batch.Bytes, TotalBytes = bytes });
            }

            await appender.FlushAsync(ct).ConfigureAwait(false);
            appender.Commit();
            var missing = reader.Rules.Releases ? index.Missing(reader.Feed, index.FileOf(stream), MissingTold) : new MissingRows(0, []);
            var outcome = Outcome(reader.Feed, file.Name, sha256, rows, inLog, index.TallyOf(index.FileOf(stream))) with
            {
                Mapping = reader.Rules.Mapping,
                Missing = missing.Count,
                FirstMissing = [.. missing.First.Select(p => EventNames.IdOf(index.StreamOf(p.File), new Revision(p.Revision)))],
            };
            return (outcome, reader.End);
        }
        catch
        {
            index.Rollback();
            throw;
        }
    }

    // A file's rows are made by one mapping, which stands in the log before them. Where that of the program has changed since, the file goes on by the one that it began with.
    private async Task<MappedReader> ReaderOfAsync(MappedReader given, FeedFile file, StreamName stream, CancellationToken ct)
    {
        var first = await log.ReadStreamAsync(stream, new Revision(0), 1, ct).ConfigureAwait(false);
        var made = RecordedRules.MappingOf(first[0].Metadata);
        if (made == given.Mapping.Hash)
        {
            return given;
        }

        if (made is not null && FeedMappings.BuiltIn.Contains(given.Feed, StringComparer.Ordinal) && await MappingRecorder.FindAsync(log, made, ct).ConfigureAwait(false) is { } recorded)
        {
            return new MappedReader(FeedMapping.Parse(recorded.Text, methodology, own: true), methodology);
        }

        throw new ImportRefusedException(
            $"{file.Name}: this file was imported under another mapping of {given.Feed}, {made}; this one is {given.Mapping.Hash}. Its rows stay as that mapping made them. "
            + "To read it by this one, give the mapping a feed name of its own, and retract the rows of the other.");
    }

    private async Task<FeedMapping> MappingAsync(string feed, string? hash, CancellationToken ct)
    {
        if (hash is null)
        {
            return FeedMappings.Of(feed, methodology);
        }

        var recorded = await MappingRecorder.FindAsync(log, hash, ct).ConfigureAwait(false)
            ?? throw new ImportRefusedException($"The log has no mapping {hash}; give the mapping first.");
        return FeedMapping.Parse(recorded.Text, methodology, own: true);
    }

    private async Task<(long InLog, LogPlace Place)> LocateAsync(FeedIndexCatchUp catchUp, StreamName stream, CancellationToken ct)
    {
        var place = await catchUp.ToHeadAsync(ct).ConfigureAwait(false);
        var last = await log.LastRevisionAsync(stream, ct).ConfigureAwait(false);
        var inLog = last is { } revision ? revision.Value + 1 : 0;
        if (index.TallyOf(index.FileOf(stream)).Records != inLog)
        {
            // The index is derived: one that contradicts the log is made anew.
            index.Clear(log.LogId);
            place = await catchUp.ToHeadAsync(ct).ConfigureAwait(false);
            if (index.TallyOf(index.FileOf(stream)).Records is var known && known != inLog)
            {
                throw new InvalidOperationException($"The log holds {inLog} records of {stream}, and {known} of them can be told: something else than an import has written there.");
            }
        }

        return (inLog, place);
    }

    // Reading, decompressing and parsing run ahead of deciding and appending, a few batches at most.
    private static async IAsyncEnumerable<RecordBatch> ReadAheadAsync(
        IFeedReader reader, FeedFile file, long limitBytes, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var ahead = Channel.CreateBounded<RecordBatch>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
        var producing = Task.Run(() => ProduceAsync(reader, file, limitBytes, ahead.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in ahead.Reader.ReadAllAsync(ct).ConfigureAwait(false))
            {
                yield return batch;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await producing.ConfigureAwait(false);
        }
    }

    private static async Task ProduceAsync(IFeedReader reader, FeedFile file, long limitBytes, ChannelWriter<RecordBatch> ahead, CancellationToken ct)
    {
        try
        {
            await using var stream = file.OpenUncompressed(limitBytes);
            await foreach (var batch in reader.ReadAsync(stream, file.Name, ct).ConfigureAwait(false))
            {
                await ahead.WriteAsync(batch, ct).ConfigureAwait(false);
            }

            ahead.Complete();
        }
        catch (Exception e)
        {
            ahead.Complete(e);
        }
    }

    private static ImportOutcome Outcome(string feed, string file, string sha256, long rows, long inLog, FileTally tally)
    {
        if (rows != tally.Records)
        {
            throw new InvalidOperationException(
                $"{file}: {rows} rows, but {tally.Events} events + {tally.Linked} linked + {tally.Already} already + {tally.SetAside} set aside in the log. "
                + "The stream holds records that this program's reader does not find in the file.");
        }

        return new ImportOutcome
        {
            Feed = feed,
            File = file,
            Sha256 = sha256,
            Rows = rows,
            Events = tally.Events,
            Linked = tally.Linked,
            Already = tally.Already,
            SetAside = tally.SetAside,
            Resumed = inLog,
        };
    }
}
