using System.Text;
using Timeline.Adapters.Sqlite;
using Timeline.Contracts.Answers;
using Timeline.Domain.Ports;
using Timeline.Ingest.Feeds;
using Timeline.Ingest.Feeds.Mapping;

namespace Timeline.Tests.Ingest.Feeds;

/// <summary>An importer on a log and an index in memory.</summary>
internal sealed class ImportFixture : IDisposable
{
    private readonly SqliteFeedIndex index = new(":memory:");
    private readonly FeedImporter importer;

    public ImportFixture(MemoryEventLog? log = null)
    {
        Log = log ?? new MemoryEventLog();
        importer = new FeedImporter(Log, index, GivenEvents.Methodology, Clock);
    }

    public MemoryEventLog Log { get; }

    public SetClock Clock { get; } = new(new DateTimeOffset(2024, 12, 1, 0, 0, 0, TimeSpan.Zero));

    public IEnumerable<LogEvent> Rows => Log.All.Where(e => e.Stream.Value.StartsWith("feed-", StringComparison.Ordinal));

    public Task<ImportOutcome> Import(byte[] bytes, CancellationToken ct = default) => Import(GdeltRows.File(bytes), ct: ct);

    public Task<ImportOutcome> Import(FeedFile file, ImportOptions? options = null, Action<ImportProgress>? progress = null, CancellationToken ct = default) =>
        importer.ImportGdeltAsync(file, options ?? new ImportOptions(), progress, ct);

    /// <summary>By a mapping that the program brings along.</summary>
    public Task<ImportOutcome> ImportOf(string feed, byte[] bytes, ImportOptions? options = null, string name = "rows.csv") =>
        importer.ImportMappedAsync(feed, null, GdeltRows.File(bytes, name), options ?? new ImportOptions(), null, default);

    /// <summary>By a mapping's text as one that comes with the program.</summary>
    public Task<ImportOutcome> ImportByOwn(string mapping, byte[] bytes) => importer.ImportAsync(
        new MappedReader(FeedMapping.Parse(mapping, GivenEvents.Methodology, own: true), GivenEvents.Methodology), GdeltRows.File(bytes), new ImportOptions(), null, default);

    /// <summary>By a mapping's text, which is recorded first.</summary>
    public async Task<ImportOutcome> ImportBy(string mapping, byte[] bytes, ImportOptions? options = null)
    {
        var recorded = await importer.RecordMappingAsync(mapping, null, default);
        return await importer.ImportMappedAsync(recorded.Feed, recorded.Hash, GdeltRows.File(bytes), options ?? new ImportOptions(), null, default);
    }

    /// <summary>Everything that the log holds, but for the time of its taking.</summary>
    public IEnumerable<string> Contents => Log.All.Select(e => $"{e.Stream} {e.Revision} {e.Type} {Encoding.UTF8.GetString(e.Data.Span)}");

    public static (long Rows, long Events, long Linked, long Already, long SetAside) Counts(ImportOutcome o) => (o.Rows, o.Events, o.Linked, o.Already, o.SetAside);

    public static void AssertSum(ImportOutcome o) => Assert.Equal(o.Rows, o.Events + o.Linked + o.Already + o.SetAside);

    public void Dispose()
    {
        importer.Dispose();
        index.Dispose();
    }
}
