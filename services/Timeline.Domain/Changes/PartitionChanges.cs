using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;

namespace Timeline.Domain.Changes;

/// <summary>
/// The changes of one partition of one projection: computed for each event from the entries that it appends, never for a batch, so that they are the same
/// however events are batched. Subjects are read from the partition's own store when an event first touches their reading of today. Memory never outlives a
/// rollback: after any failure it is of no more use, as the projection that feeds it is.
/// </summary>
public abstract class PartitionChanges
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly IFactSource source;
    private readonly Dictionary<Ordinal, string> ids = [];
    private bool isOpen;
    private int told;
    private Ordinal toldAt = Ordinal.None;

    private protected PartitionChanges(ChangeScope scope, MethodologyVersion methodology, IChangeStore store, IFactSource source)
    {
        Scope = scope;
        Methodology = methodology;
        Store = store;
        this.source = source;
    }

    /// <summary>Those of a projection's partition; null: the projection tells no changes.</summary>
    public static PartitionChanges? For(string projection, int partition, GenerationInfo info, MethodologyVersion methodology, IChangeStore store, IFactSource source)
    {
        ArgumentNullException.ThrowIfNull(info);
        ChangeScope Scope(int lane) => new(info.LogId, info.Epoch, partition, info.Partitions, lane);
        return projection switch
        {
            EscalationContributor.Name => new EscalationChanges(Scope(EscalationChanges.Lane), methodology, store, source),
            StanceContributor.Name => new StanceChanges(Scope(StanceChanges.Lane), methodology, store, source),
            _ => null,
        };
    }

    private protected ChangeScope Scope { get; }

    private protected MethodologyVersion Methodology { get; }

    private protected IChangeStore Store { get; }

    /// <summary>The latest day that has turned; null: none yet.</summary>
    private protected int? Today { get; private set; }

    /// <summary>Everybody who has a ledger.</summary>
    private protected IReadOnlyCollection<string> Known => known;

    /// <summary>Whether an event's changes are told at all.</summary>
    public bool Tells(Ordinal ordinal) => ordinal > Store.From;

    /// <summary>Whether <see cref="Open"/> has been called.</summary>
    public bool IsOpen => isOpen;

    /// <summary>Starts from the store's last commit. To be called when everything that was folded has been committed.</summary>
    public void Open()
    {
        known.UnionWith(Store.Subjects());
        known.Remove(FactReader.World);
        foreach (var (c, sign) in EntriesOf(Store.Read(FactReader.World, 0, allUnpacked: true)))
        {
            AddWorld(c, sign);
        }

        isOpen = true;
    }

    /// <summary>
    /// Tells what an event has changed, by the entries that it appended: those from the <paramref name="first"/> one on. To be called for every event that is
    /// folded, in log order, after what it parked was parked.
    /// </summary>
    public async ValueTask ObserveAsync(FeedEvent e, IReadOnlyList<LedgerEntry> entries, int first, IPartitionTransaction state, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(e);
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(state);
        var cause = new ChangeCause(e.Ordinal, e.Id, ChangeScope.Format(e.Log.Time));
        Begin(e, state);
        var (before, worldMoves) = (Today, false);
        for (var i = first; i < entries.Count; i++)
        {
            var c = entries[i].Contribution;
            if (c.Subject == FactReader.World && !worldMoves)
            {
                // Everybody's reading may be another: they are read as they were before it.
                worldMoves = true;
                foreach (var subject in known)
                {
                    Load(subject);
                }
            }
        }

        var touched = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = first; i < entries.Count; i++)
        {
            var (c, sign) = (entries[i].Contribution, entries[i].Sign);
            if (c.Subject == FactReader.World)
            {
                AddWorld(c, sign);
                continue;
            }

            if (known.Add(c.Subject))
            {
                Create(c.Subject);
                touched.Add(c.Subject);
            }

            if (Matters(c))
            {
                Load(c.Subject);
                Add(c, sign);
                touched.Add(c.Subject);
            }
        }

        if (Today != before)
        {
            Turn();
        }

        foreach (var subject in worldMoves ? known.Order(StringComparer.Ordinal) : (IEnumerable<string>)touched)
        {
            await CompareAsync(subject, cause, state, ct).ConfigureAwait(false);
        }

        End(e, entries, first, cause, state);
    }

    /// <summary>Before an event's own changes are told.</summary>
    private protected virtual void Begin(FeedEvent e, IPartitionTransaction state)
    {
    }

    /// <summary>After an event's own changes were told.</summary>
    private protected virtual void End(FeedEvent e, IReadOnlyList<LedgerEntry> entries, int first, ChangeCause cause, IPartitionTransaction state)
    {
    }

    /// <summary>Takes up a subject that had no ledger.</summary>
    private protected abstract void Create(string subject);

    /// <summary>Takes up a subject as the last commit has it, unless it has been.</summary>
    private protected abstract void Load(string subject);

    /// <summary>Whether an entry can matter to a reading of today, or of a day to come.</summary>
    private protected abstract bool Matters(Contribution c);

    private protected abstract void Add(Contribution c, int sign);

    private protected abstract void AddWorldCoverage(Contribution c, int sign);

    /// <summary>Today is another day.</summary>
    private protected abstract void Turn();

    /// <summary>Tells what is another now than it was told last.</summary>
    private protected abstract ValueTask CompareAsync(string subject, ChangeCause cause, IPartitionTransaction state, CancellationToken ct);

    /// <summary>The next place among the changes of an event, or of those told when the partition has come to rest there.</summary>
    private protected ChangePlace NextPlace(Ordinal ordinal, bool atRest = false)
    {
        (toldAt, told) = ordinal == toldAt ? (toldAt, told + 1) : (ordinal, 0);
        return Scope.PlaceOf(ordinal, told, atRest);
    }

    private protected async ValueTask<IReadOnlyList<string>> IdsAsync(IReadOnlyList<Ordinal> ordinals, CancellationToken ct)
    {
        var found = new string[ordinals.Count];
        for (var i = 0; i < found.Length; i++)
        {
            if (!ids.TryGetValue(ordinals[i], out var id))
            {
                ids[ordinals[i]] = id = await source.IdAtAsync(ordinals[i], ct).ConfigureAwait(false);
            }

            found[i] = id;
        }

        return found;
    }

    /// <summary>Entries in either form, with their signs.</summary>
    private protected static IEnumerable<(Contribution Contribution, int Sign)> EntriesOf(PackedLedger ledger)
    {
        foreach (var e in ledger.Unpacked)
        {
            yield return (e.Contribution, e.Sign);
        }

        foreach (var month in ledger.Months)
        {
            for (var i = 0; i < month.Entries.Length; i++)
            {
                var e = month.Entries.Span[i];
                yield return (e.Contribution.ToContribution(ledger.Subject, ledger.Name), e.Sign);
            }
        }
    }

    // Days turn once and for all: taking one back would not bring yesterday back.
    private void AddWorld(Contribution c, int sign)
    {
        if (c.Side == Side.DayTurned && c.Day is { } day)
        {
            Today = Today is { } today && today > day ? today : day;
        }
        else if (c.Side == Side.Coverage)
        {
            AddWorldCoverage(c, sign);
        }
    }
}

/// <summary>The event that causes a change.</summary>
internal readonly record struct ChangeCause(Ordinal Ordinal, string Event, string At);
