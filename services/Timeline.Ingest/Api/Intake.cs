using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Hosting.Http;
using Timeline.Ingest.Feeds;
using Timeline.Ingest.Methodologies;
using Timeline.Ingest.Parked;
using Timeline.Ingest.Quarantine;
using Timeline.Ingest.Recording;
using Timeline.Ingest.Theatres;

namespace Timeline.Ingest.Api;

/// <summary>Ingest as the API needs it.</summary>
internal sealed class Intake(
    Recorder recorder, TheatreRecorder theatres, MethodologyRecorder methodologies, SettlementRecorder settlements, ParkedRecorder parked, FeedImporter importer, TimeProvider clock) : IIntake
{
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromMilliseconds(100);

    public Task<AppendOutcome> AppendAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) => recorder.RecordAsync(utf8, by, ct);

    public IAsyncEnumerable<AppendOutcome> AppendLinesAsync(Stream ndjson, Caller by, CancellationToken ct) => recorder.RecordLinesAsync(ndjson, by, ct);

    public Task<(TheatresDefined? Outcome, IReadOnlyList<FieldError> Errors)> DefineTheatresAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) =>
        theatres.DefineAsync(utf8, by, ct);

    public Task<(MethodologyOutcome? Outcome, IReadOnlyList<FieldError> Errors)> AddMethodologyAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) =>
        methodologies.AddAsync(utf8, by, ct);

    public Task<(SettleOutcome? Outcome, IReadOnlyList<FieldError> Errors)> SettleAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) =>
        settlements.SettleAsync(utf8, by, ct);

    public Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> RedriveAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) => parked.RedriveAsync(utf8, by, ct);

    public Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> DropAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) => parked.DropAsync(utf8, by, ct);

    public Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> AskDropAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) => parked.AskDropAsync(utf8, by, ct);

    public Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> ConfirmDropAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) => parked.ConfirmDropAsync(utf8, by, ct);

    public async IAsyncEnumerable<ImportProgress> ImportAsync(ImportSource source, string path, string name, string? covers, Caller by, [EnumeratorCancellation] CancellationToken ct)
    {
        var options = new ImportOptions { Covers = CoversOf(covers), By = by };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);

        // Whoever reads slowly misses some of the progress, never the outcome.
        var progress = Channel.CreateBounded<ImportProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var work = Task.Run(() => RunAsync(source, FeedFile.At(path) with { Name = name }, options, progress.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var step in progress.Reader.ReadAllAsync(ct).ConfigureAwait(false))
            {
                yield return step;
            }

            var (outcome, last) = await work.ConfigureAwait(false);
            yield return last with { Rows = outcome.Rows, Outcome = outcome };
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task<MappingOutcome> AddMappingAsync(string text, Caller by, CancellationToken ct) => importer.RecordMappingAsync(text, by, ct);

    private async Task<(ImportOutcome Outcome, ImportProgress Last)> RunAsync(ImportSource source, FeedFile file, ImportOptions options, ChannelWriter<ImportProgress> to, CancellationToken ct)
    {
        var last = new ImportProgress();
        long? told = null;
        try
        {
            var importing = source == ImportSource.Gdelt
                ? importer.ImportGdeltAsync(file, options, Tell, ct)
                : importer.ImportMappedAsync(source.Feed, source.Mapping, file, options, Tell, ct);
            return (await importing.ConfigureAwait(false), last);
        }
        catch (Exception e) when (e is ImportRefusedException or ImportConflictException)
        {
            throw new IntakeRefusedException("file", e.Message);
        }
        finally
        {
            to.TryComplete();
        }

        void Tell(ImportProgress step)
        {
            last = step;
            if (told is not { } at || clock.GetElapsedTime(at) >= BetweenProgress)
            {
                told = clock.GetTimestamp();
                to.TryWrite(step);
            }
        }
    }

    private static CoverageClaim? CoversOf(string? covers)
    {
        if (covers is null)
        {
            return null;
        }

        var words = covers.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            return words.Length == 2
                ? CoverageClaim.Parse(words[0], words[1])
                : throw new FormatException($"'{covers}' is not WHO FROM..TO, such as world 2024-11-01..2024-11-30");
        }
        catch (FormatException e)
        {
            throw new IntakeRefusedException("covers", e.Message);
        }
    }
}
