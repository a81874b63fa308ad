using Timeline.Domain.Changes;
using Timeline.Domain.Ledger;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>A partition's last commit, read beside the transaction that is being written.</summary>
internal sealed class StoredChangeSource(string path, Ordinal from, StoredOutbox outbox) : IChangeStore, IDisposable
{
    // Subjects are read once each: nothing of them need be kept.
    private readonly DecodedLedgers nothing = new(0);
    private PartitionReader? reader;

    public Ordinal From => from;

    public IReadOnlyList<string> Subjects() => Reader.Subjects();

    public PackedLedger Read(string subject, int fromDay, bool allUnpacked) => Reader.PackedSince(subject, SegmentCodec.MonthOf(fromDay), allUnpacked);

    public IReadOnlyList<HeldRevision> Held() => outbox.Held();

    public void Dispose() => reader?.Dispose();

    private PartitionReader Reader => reader ??= PartitionReader.TryOpen(path, new PartitionNames(), nothing) ?? throw new InvalidDataException($"{path} is gone.");
}
