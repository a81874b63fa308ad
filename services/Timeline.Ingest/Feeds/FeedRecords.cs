using Timeline.Contracts;
using Timeline.Contracts.Json;

namespace Timeline.Ingest.Feeds;

/// <summary>
/// One record of a feed's file: the bytes of a <c>CodedEventObserved</c> in canonical form with the places where another fate would change
/// them, or the cause for which it is set aside.
/// </summary>
internal readonly record struct FeedRecord(ReadOnlyMemory<byte> Observed, RowParts Parts, ReadOnlyMemory<byte> SetAside)
{
    public bool IsSetAside => Observed.IsEmpty;

    /// <summary>At least what the record takes in an append, bytes, whatever becomes of it.</summary>
    public int MaxBytes => Math.Max(Observed.Length, SetAside.Length) + 256;
}

/// <summary>Records in the order of the file. <see cref="Bytes"/>: how far the uncompressed file has been read.</summary>
internal sealed record RecordBatch(IReadOnlyList<FeedRecord> Records, long Bytes);

/// <summary>What a file says of itself once it is read to its end.</summary>
internal sealed record FileEnd(DateOnly? LastPublished, CoverageClaim? OwnInterval);

/// <summary>Reads one feed's files. A new one for each pass over a file.</summary>
internal interface IFeedReader
{
    /// <summary>Name of the feed in stream names and data.</summary>
    string Feed { get; }

    /// <summary>Name of the feed's publisher.</summary>
    string Publisher { get; }

    /// <summary>What the feed means by its rows and files.</summary>
    FeedRules Rules { get; }

    /// <summary>Learns from a pass over the file what its rows alone don't say: which row ids contradict themselves in it. Comes before reading.</summary>
    Task ScanAsync(Func<Stream> uncompressed, string fileName, CancellationToken ct);

    /// <summary>Every record. Throws <see cref="ImportRefusedException"/> before the first batch where the file is no file of this feed.</summary>
    IAsyncEnumerable<RecordBatch> ReadAsync(Stream uncompressed, string fileName, CancellationToken ct);

    /// <summary>Known after the last batch.</summary>
    FileEnd End { get; }
}

/// <summary>Collects records; their bytes share arrays small enough to be collected young.</summary>
internal sealed class RecordCollector(string feed)
{
    private const int ChunkBytes = 64 * 1_024;
    private const int BatchBytes = 256 * 1_024;

    private readonly StoredRow row = new();
    private List<FeedRecord> records = [];
    private byte[] chunk = [];
    private int used;
    private int bytes;

    public bool IsFull => bytes >= BatchBytes;

    public bool IsEmpty => records.Count == 0;

    public void Add(ReadOnlySpan<byte> observed)
    {
        var kept = Keep(observed);
        row.Read(kept.Span);
        records.Add(new FeedRecord(kept, row.Parts, default));
    }

    /// <summary>The file's header line, where the feed's format has one: it goes with the first row that is set aside. To be set before any row.</summary>
    public string? Header { get; set; }

    public void AddSetAside(Line line, string cause)
    {
        var data = SetAsideRow.Of(feed, line, cause) with { Header = Header is { Length: <= IngestLimits.HeaderChars } ? Header : null };
        Header = null;
        var e = EventCodec.Encode(new TimelineEvent
        {
            Type = EventTypes.RowSetAside,
            Version = EventTypes.CurrentVersion(EventTypes.RowSetAside),
            Data = EventCodec.Pack(data, ContractsJson.Default.SetAsideData),
        });
        bytes += e.Length;
        records.Add(new FeedRecord(default, default, e));
    }

    public RecordBatch Take(long bytesRead)
    {
        var batch = new RecordBatch(records, bytesRead);
        records = new List<FeedRecord>(records.Count);
        bytes = 0;
        return batch;
    }

    private ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> observed)
    {
        bytes += observed.Length;
        if (chunk.Length - used < observed.Length)
        {
            chunk = GC.AllocateUninitializedArray<byte>(Math.Max(ChunkBytes, observed.Length));
            used = 0;
        }

        var kept = chunk.AsMemory(used, observed.Length);
        observed.CopyTo(kept.Span);
        used += observed.Length;
        return kept;
    }
}
