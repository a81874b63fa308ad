using Timeline.Domain.Changes;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>The outboxes of all partitions of a generation, read as one feed.</summary>
/// <param name="models">Says how far every partition has come.</param>
/// <param name="reached">Completes when all of them have come to an ordinal.</param>
public sealed class SqliteChangeFeed(SqliteReadModels models, Func<Ordinal, CancellationToken, Task> reached, TimeProvider time) : IChangeFeed
{
    /// <summary>What is told when a partition has come to rest moves no place: it is looked for this often.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);


    public ChangeRange Range()
    {
        var lowest = new Ordinal(long.MaxValue);
        var through = new Dictionary<(string, int), Ordinal>();
        foreach (var (projection, partition) in Places())
        {
            var place = through[(projection, partition)] = models.Through(projection, partition).Ordinal;
            lowest = place < lowest ? place : lowest;
        }

        // The places first, then what waits: what waited then and is told now lies behind them.
        var (oldest, waits) = (default(ChangePlace), false);
        foreach (var (projection, partition) in Places())
        {
            var (from, holds) = models.OutboxState(projection, partition) ?? (ChangePlace.AfterRest(lowest), false);
            oldest = from > oldest ? from : oldest;
            waits |= holds && through[(projection, partition)] == lowest;
        }

        return new ChangeRange(oldest, waits ? ChangePlace.EndOf(lowest) : ChangePlace.AfterRest(lowest));
    }

    public IReadOnlyList<StoredChange> Read(ChangePlace after, ChangePlace through, int most)
    {
        var merged = new List<StoredChange>();
        foreach (var (projection, partition) in Places())
        {
            merged.AddRange(models.Outbox(projection, partition, after, through, most));
        }

        merged.Sort(static (a, b) => a.Place.CompareTo(b.Place));
        return merged.Count <= most ? merged : merged.GetRange(0, most);
    }

    public async Task WaitAsync(ChangeRange seen, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var look = Task.Delay(Look, time, enough.Token);
        await Task.WhenAny(reached(seen.Through.Ordinal.Next, enough.Token), look).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        ct.ThrowIfCancellationRequested();
    }

    private IEnumerable<(string Projection, int Partition)> Places() =>
        Projections.Partitioned.SelectMany(name => Enumerable.Range(0, models.Info.Partitions).Select(p => (name, p)));
}
