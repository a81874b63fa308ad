using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Hosting;

namespace Timeline.Audit;

/// <summary>The Projector's own fold, on files of its own that nobody else sees.</summary>
internal sealed class ScratchFold : IScratchFold
{
    private readonly ScratchFolder folder = new();
    private readonly SqliteReadModels models;

    public ScratchFold(GenerationInfo generation, MethodologyVersion methodology, IEventLog log, string projection, int partition)
    {
        models = new SqliteReadModels(folder.Path, generation, static (_, _) => null);
        Projection = Projector.Process.Fold(models, methodology, log, projection, partition);
    }

    public IPartitionProjection Projection { get; }

    public IEnumerable<(string Subject, IReadOnlyList<LedgerEntry> Entries)> Ledgers() =>
        models.Subjects(Projection.Projection, Projection.Partition).Select(s => (s, models.ReadAll(Projection.Projection, s).Entries));

    public void Dispose()
    {
        (Projection as IDisposable)?.Dispose();
        models.Dispose();
        folder.Dispose();
    }
}
