using Timeline.Domain.Changes;
using Timeline.Domain.Ledger;

namespace Timeline.Domain.Ports;

/// <summary>Member of a cluster: an event that others speak of or that speaks of others; not arrived: it has only been named so far.</summary>
public readonly record struct ClusterMember(string Id, bool Arrived);

/// <summary>One partition of one generation of one projection, kept by one owner.</summary>
public interface IPartitionStore : IDisposable
{
    LogPlace Checkpoint { get; }

    /// <summary>What the changes of this partition are computed from, as of the last commit; null: this store tells none.</summary>
    IChangeStore? Changes { get; }

    /// <summary>Begins the one transaction. Throws <see cref="CheckpointMovedException"/> if the stored checkpoint is no longer <see cref="Checkpoint"/>.</summary>
    IPartitionTransaction Begin();
}

/// <summary>What a fold reads and writes; all of it holds together with the checkpoint, or none. Disposing without commit rolls back.</summary>
public interface IPartitionTransaction : IDisposable
{
    /// <summary>Ids that have been named and have not arrived.</summary>
    IReadOnlyList<string> Awaited { get; }

    /// <summary>The members of the cluster that holds an id; else, where it is a first row, the row and its repeats; else null.</summary>
    IReadOnlyList<ClusterMember>? ClusterOf(string id);

    /// <summary>
    /// As <see cref="ClusterOf"/>, for a first row whose place in the log is known: what came after the checkpoint has no repeats before it, and most repeats
    /// follow soon.
    /// </summary>
    IReadOnlyList<ClusterMember>? RepeatsOf(string first, Ordinal at);

    /// <summary>Makes the members one cluster, taking them out of any other.</summary>
    void SaveCluster(IReadOnlyList<ClusterMember> members);

    /// <summary>Adds a row to the repeats of the first one; both have arrived, and nothing else speaks of any of the group.</summary>
    void AddRepeat(string first, string id);

    /// <summary>Adds entries behind those appended before; the list may be used again afterwards.</summary>
    void Append(IReadOnlyList<LedgerEntry> entries);

    /// <summary>Whether any parked event of the partition is outstanding or dropped.</summary>
    bool HasParked { get; }

    /// <summary>What is, or was, parked of an event: one for each subject.</summary>
    IReadOnlyList<Parked> ParkedOf(string id);

    /// <summary>What is outstanding because it speaks of the event, in log order.</summary>
    IReadOnlyList<Parked> ParkedAbout(string id);

    /// <summary>Keeps a parked event and subject in place of what was kept of them before. <paramref name="failedAt"/>: an attempt has just failed there, for its cause.</summary>
    void Park(Parked parked, Ordinal? failedAt);

    /// <summary>Ids of what is parked for a subject or for anybody, in log order.</summary>
    IReadOnlyList<string> IncompleteOf(string subject);

    /// <summary>Puts a change into the outbox, behind those told before.</summary>
    void Tell(StoredChange change);

    /// <summary>The last change of a type and subject that was told, whether or not it is still kept; null: none.</summary>
    Guid? LastTold(string type, string subject);

    /// <summary>Keeps revisions until they are told, in place of those kept before.</summary>
    void Hold(IReadOnlyCollection<HeldRevision> revisions);

    void Commit(LogPlace through);
}

/// <summary>What the computation of changes reads of its own partition's last commit.</summary>
public interface IChangeStore
{
    /// <summary>The log's head when this read model was first made. Events up to there make no changes: a rebuild tells nothing, and snapshots hold it.</summary>
    Ordinal From { get; }

    /// <summary>Everybody who has a ledger here, the world included.</summary>
    IReadOnlyList<string> Subjects();

    /// <summary>The entries of a subject from a month on that contains the day number, and those without a day; <paramref name="allUnpacked"/>: also of earlier months what can't be packed.</summary>
    PackedLedger Read(string subject, int fromDay, bool allUnpacked);

    /// <summary>Revisions that are kept until they are told.</summary>
    IReadOnlyList<HeldRevision> Held();
}

/// <summary>Finds an event by its id in the log.</summary>
public interface IFactSource
{
    /// <summary>The event, or null where there is none before the ordinal.</summary>
    ValueTask<Feed.FeedEvent?> FindAsync(string id, Ordinal before, CancellationToken ct);

    /// <summary>The id of the event at an ordinal. Throws <see cref="InvalidDataException"/> where the log does not hold it.</summary>
    ValueTask<string> IdAtAsync(Ordinal ordinal, CancellationToken ct);

    /// <summary>A row that others will soon be found to speak of; for how long it is kept at hand is the source's business.</summary>
    void Keep(Feed.FeedEvent row);
}

/// <summary>What a partition holds of one subject, unsorted and unfiltered.</summary>
public sealed record SubjectLedger(IReadOnlyList<LedgerEntry> Entries, IReadOnlyList<Parked> Parked)
{
    public static readonly SubjectLedger Empty = new([], []);
}

/// <summary>What a generation was built with.</summary>
public sealed record GenerationInfo(string LogId, string Generation, long Epoch, int Partitions, string Methodology, string MethodologyHash)
{
    /// <summary>The generation of a methodology. Another methodology is another generation beside it; no file of the one is read as the other.</summary>
    public static GenerationInfo Of(string logId, Methodology.MethodologyVersion methodology, int partitions = Feed.Routing.DefaultPartitions)
    {
        ArgumentNullException.ThrowIfNull(methodology);
        return new GenerationInfo(logId, $"{methodology.Name}-{methodology.Hash[..8]}", Epoch: 1, partitions, methodology.Name, methodology.Hash);
    }
}

/// <summary>The read models of the active generation, for reading.</summary>
public interface IReadModels
{
    GenerationInfo Info { get; }

    /// <summary>Everything of the partition up to here is in the read model.</summary>
    LogPlace Through(string projection, int partition);

    /// <summary>
    /// What one commit holds of the subject with a day from the first to the last day number, by whole months, and all without a day;
    /// <paramref name="allUnpacked"/>: the entries that cannot be packed of all other months as well.
    /// </summary>
    PackedLedger ReadPacked(string projection, string subject, int fromDay, int toDay, bool allUnpacked = false);

    /// <summary>The least ordinal of the subject's entries; null: it has none.</summary>
    Ordinal? FirstOf(string projection, string subject);

    /// <summary>All entries of a subject.</summary>
    SubjectLedger ReadAll(string projection, string subject);

    /// <summary>Subjects that have entries in a partition, ordinally sorted.</summary>
    IReadOnlyList<string> Subjects(string projection, int partition);

    /// <summary>Number of ledger entries in a partition.</summary>
    long Entries(string projection, int partition);

    /// <summary>All events and subjects that are or were parked in a partition, in log order.</summary>
    IReadOnlyList<Parked> Parked(string projection, int partition);

    /// <summary>The failed attempts to fold an event in a partition, by subject and number.</summary>
    IReadOnlyList<ParkedAttempt> ParkedAttempts(string projection, int partition, string id);

    /// <summary>The members of the cluster that an id is in; else, where it is a first row, the row and its repeats; else null.</summary>
    IReadOnlyList<ClusterMember>? ClusterOf(string projection, int partition, string id);

    /// <summary>The rows that were set aside.</summary>
    ISetAsideRows SetAside { get; }
}
