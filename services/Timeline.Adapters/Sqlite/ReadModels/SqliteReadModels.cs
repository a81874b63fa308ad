using System.Collections.Concurrent;
using Timeline.Domain.Changes;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Ports;
using Timeline.Domain.Quarantine;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>The files of one generation: where they lie, and how they are read. Writers are <see cref="SqlitePartitionStore"/>s.</summary>
/// <param name="live">How far a Projector in this process has come with a partition; null: unknown.</param>
/// <param name="mostDecodedBytes">So much of what was decoded is kept for the next question.</param>
public sealed class SqliteReadModels(
    string folder, GenerationInfo info, Func<string, int, LogPlace?> live, long mostDecodedBytes = SqliteReadModels.MostDecodedBytes) : IReadModels, IDisposable
{
    /// <summary>Enough for 390 days of every country in a log of a million rows.</summary>
    public const long MostDecodedBytes = 96L << 20;

    private readonly ConcurrentDictionary<(string Projection, int Partition), IdleReaders> idle = new();
    private readonly DecodedLedgers decoded = new(mostDecodedBytes);
    private SqliteSetAsideRows? setAside;

    public GenerationInfo Info { get; } = info;

    /// <summary>What is kept decoded at present.</summary>
    public long DecodedBytes => decoded.Bytes;

    /// <summary>The file of a partition, whether or not it is there.</summary>
    public string PathOf(string projection, int partition) => Path.Combine(folder, projection, Info.Generation, $"p{partition:00}.db");

    /// <summary>Opens a partition for writing; without options no changes are told.</summary>
    public SqlitePartitionStore OpenStore(string projection, int partition, OutboxOptions? options = null) =>
        new(PathToWrite(projection, partition), projection, partition, Info, options);

    /// <summary>Opens the rows that were set aside for writing.</summary>
    public SqliteSetAsideStore OpenSetAside() => new(PathToWrite(SetAsideFold.Name, Routing.Quarantine), Info);

    public ISetAsideRows SetAside => setAside ??= new SqliteSetAsideRows(PathOf(SetAsideFold.Name, Routing.Quarantine));

    /// <summary>A Projector in this process knows more than its file: quiet partitions write their checkpoint late.</summary>
    public LogPlace Through(string projection, int partition) =>
        live(projection, partition) ?? With(projection, partition, r => r.Checkpoint()) ?? LogPlace.Start;

    public PackedLedger ReadPacked(string projection, string subject, int fromDay, int toDay, bool allUnpacked = false) =>
        With(projection, PartitionOf(subject), r => r.Packed(subject, SegmentCodec.MonthOf(fromDay), SegmentCodec.MonthOf(toDay), allUnpacked)) ?? PackedLedger.Empty(subject);

    public Ordinal? FirstOf(string projection, string subject) => With(projection, PartitionOf(subject), r => r.FirstOf(subject));

    public SubjectLedger ReadAll(string projection, string subject) => With(projection, PartitionOf(subject), r => r.Ledger(subject)) ?? SubjectLedger.Empty;

    public IReadOnlyList<string> Subjects(string projection, int partition) => With(projection, partition, r => r.Subjects()) ?? [];

    public long Entries(string projection, int partition) => With(projection, partition, r => (long?)r.Entries()) ?? 0;

    public IReadOnlyList<Parked> Parked(string projection, int partition) => With(projection, partition, r => r.Parked(null)) ?? [];

    public IReadOnlyList<ParkedAttempt> ParkedAttempts(string projection, int partition, string id) => With(projection, partition, r => r.Attempts(id)) ?? [];

    public IReadOnlyList<ClusterMember>? ClusterOf(string projection, int partition, string id) => With(projection, partition, r => r.ClusterOf(id));

    /// <summary>The place from which on a partition keeps all changes, and whether some wait to be told; null: it tells none yet.</summary>
    internal (ChangePlace Oldest, bool Waits)? OutboxState(string projection, int partition) => With(projection, partition, r => r.Outbox.State());

    internal IReadOnlyList<StoredChange> Outbox(string projection, int partition, ChangePlace after, ChangePlace through, int most) =>
        With(projection, partition, r => r.Outbox.Read(after, through, most)) ?? [];

    public void Dispose()
    {
        foreach (var readers in idle.Values)
        {
            readers.Dispose();
        }
    }

    private int PartitionOf(string subject) => Routing.PartitionOf(subject, Info.Partitions);

    private string PathToWrite(string projection, int partition)
    {
        var path = PathOf(projection, partition);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private T? With<T>(string projection, int partition, Func<PartitionReader, T?> read)
    {
        var readers = idle.GetOrAdd((projection, partition), key => new IdleReaders(PathOf(key.Projection, key.Partition), decoded));
        if (readers.Take() is not { } reader)
        {
            return default;
        }

        var ok = false;
        try
        {
            var result = read(reader);
            ok = true;
            return result;
        }
        finally
        {
            if (ok)
            {
                readers.Return(reader);
            }
            else
            {
                reader.Dispose();
            }
        }
    }
}
