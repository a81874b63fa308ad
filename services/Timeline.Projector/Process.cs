using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain.Changes;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Quarantine;
using Timeline.Domain.Stance;

namespace Timeline.Projector;

/// <summary>What a Projector folds and into which files, alike in a process of its own and in one with all the others.</summary>
internal static class Process
{
    /// <summary>The fold of one partition, for whoever wants nothing else.</summary>
    public static IPartitionProjection Fold(SqliteReadModels models, MethodologyVersion methodology, IEventLog log, string projection, int partition) =>
        new PartitionProjection(partition, models.Info.Partitions, Readers(methodology)[projection], models.OpenStore(projection, partition), new LogFactSource(log));

    /// <summary>
    /// The folds of a generation, which tell changes from the log's end on, as it is when a partition's file is first made. <paramref name="failed"/> is told of files that no trying
    /// again makes usable: of another log, or damaged.
    /// </summary>
    public static OpenPartition Folds(SqliteReadModels models, MethodologyVersion methodology, IEventLog log, TimeProvider time, ChangePublisher? publisher, Action<string> failed)
    {
        var (source, readers) = (new LogFactSource(log), Readers(methodology));
        return async (projection, partition, ct) =>
        {
            try
            {
                if (projection == SetAsideFold.Name)
                {
                    return new SetAsideProjection(models.OpenSetAside());
                }

                // What the log holds when a read model is first made is no news to anybody.
                var head = await log.HeadAsync(ct).ConfigureAwait(false);
                return new PartitionProjection(
                    partition, models.Info.Partitions, readers[projection], models.OpenStore(projection, partition, new OutboxOptions(head.Ordinal, Told: () => publisher?.Ring(projection, partition))), source,
                    store => PartitionChanges.For(projection, partition, models.Info, methodology, store, source), time);
            }
            catch (InvalidDataException e)
            {
                failed(e.Message);
                throw;
            }
        };
    }

    /// <summary>Gives the changes of this process's partitions to the bus.</summary>
    public static ChangePublisher Publisher(SqliteReadModels models, IChangePublisher bus, IEventLog log, TimeProvider time) => new(
        (projection, partition) => new SqliteChangeOutbox(models.PathOf(projection, partition)), bus, time, log);

    private static Dictionary<string, FactReader> Readers(MethodologyVersion methodology)
    {
        IContributor[] contributors = [new EscalationContributor(), new StanceContributor(methodology)];
        return contributors.ToDictionary(c => c.Projection, c => new FactReader(methodology, c), StringComparer.Ordinal);
    }
}
