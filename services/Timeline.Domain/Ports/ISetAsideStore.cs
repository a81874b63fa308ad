using Timeline.Domain.Quarantine;

namespace Timeline.Domain.Ports;

/// <summary>The rows that were set aside, as the Projector keeps them: one partition, kept by one owner.</summary>
public interface ISetAsideStore : IDisposable
{
    LogPlace Checkpoint { get; }

    /// <summary>Begins the one transaction. Throws <see cref="CheckpointMovedException"/> if the stored checkpoint is no longer <see cref="Checkpoint"/>.</summary>
    ISetAsideTransaction Begin();
}

/// <summary>What is added and settled holds together with the checkpoint, or none of it. Disposing without commit rolls back.</summary>
public interface ISetAsideTransaction : IDisposable
{
    void Add(SetAsideRow row);

    /// <summary>Settles the rows that it names and that nothing has settled before.</summary>
    void Settle(Settlement settlement);

    void Commit(LogPlace through);
}

/// <summary>The rows that were set aside, for reading; every question at an ordinal, so that pages fit together.</summary>
public interface ISetAsideRows
{
    /// <summary>How many rows of a selection stood in which state, whatever state the selection asks for.</summary>
    SetAsideCounts Count(SetAsideSelection selection, Ordinal at);

    /// <summary>Rows of a selection by file, in the order in which the files first came, then by record: those after one, some of them passed over.</summary>
    IReadOnlyList<SetAsideRow> Rows(SetAsideSelection selection, Ordinal at, SetAsideRow? after, int skip, int limit);

    /// <summary>Of each file that has rows in the selection its first row set aside, at most <paramref name="limit"/> files.</summary>
    IReadOnlyList<SetAsideRow> FirstRows(SetAsideSelection selection, Ordinal at, int limit);

    /// <summary>Counts of one file by cause, the most frequent first.</summary>
    IReadOnlyList<SetAsideCause> Causes(string file, Ordinal at);
}
