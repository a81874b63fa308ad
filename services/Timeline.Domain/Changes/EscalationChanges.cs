using Timeline.Contracts.Changes;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Changes;

/// <summary>Tells <see cref="EscalationChanged"/> and <see cref="EscalationRevised"/>.</summary>
public sealed class EscalationChanges : PartitionChanges
{
    /// <summary>Number of the projection among those that tell changes.</summary>
    public const int Lane = 0;

    private readonly Dictionary<string, EscalationToday> subjects = new(StringComparer.Ordinal);
    private readonly Standing world = new();
    private readonly Revisions revisions;

    public EscalationChanges(ChangeScope scope, MethodologyVersion methodology, IChangeStore store, IFactSource source)
        : base(scope, methodology, store, source)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(methodology);
        revisions = new Revisions(EscalationReading.LongestWindow(methodology.Parameters), store.Held());
    }

    /// <summary>Whether past days that rows of a file have touched wait to be told.</summary>
    public bool Holds => revisions.IsHolding;

    /// <summary>Tells what waits, for the partition has come to rest at a place of the log.</summary>
    public void TellHeld(Ordinal at, IPartitionTransaction state)
    {
        ArgumentNullException.ThrowIfNull(state);
        TellHeld(at, atRest: true, state);
    }

    /// <summary>Has what waits kept in the transaction, if it is another than was kept last.</summary>
    public void Keep(IPartitionTransaction state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (revisions.TakeChanged() is { } held)
        {
            state.Hold(held);
        }
    }

    private protected override void Begin(FeedEvent e, IPartitionTransaction state)
    {
        if (revisions.IsHolding && revisions.EndsWith(e))
        {
            TellHeld(e.Ordinal, atRest: false, state);
        }
    }

    private protected override void End(FeedEvent e, IReadOnlyList<LedgerEntry> entries, int first, ChangeCause cause, IPartitionTransaction state)
    {
        if (Today is not { } today)
        {
            return;
        }

        foreach (var (subject, from, to) in revisions.Of(entries, first, today, Known))
        {
            if (EventNames.IsFeed(e.Log.Stream))
            {
                revisions.Hold(new HeldRevision(subject, e.Log.Stream.Value, from, to, 1, cause.Ordinal, cause.Event, cause.At));
            }
            else
            {
                Tell(NextPlace(cause.Ordinal), new HeldRevision(subject, cause.Event, from, to, 1, cause.Ordinal, cause.Event, cause.At), state);
            }
        }
    }

    private protected override void Create(string subject) => subjects[subject] = new EscalationToday(Methodology.Parameters);

    private protected override void Load(string subject)
    {
        if (subjects.ContainsKey(subject))
        {
            return;
        }

        var state = new EscalationToday(Methodology.Parameters);
        var from = Today is { } today ? Math.Max(0, today - EscalationToday.Window(Methodology.Parameters) + 1) : 0;
        foreach (var (c, sign) in EntriesOf(Store.Read(subject, from, allUnpacked: false)))
        {
            if (Matters(c))
            {
                state.Add(c, sign);
            }
        }

        state.Told = state.Read(Today, world);
        subjects[subject] = state;
    }

    private protected override bool Matters(Contribution c) => c.Side switch
    {
        Side.Coverage => Today is not { } today || !CoverageWindow.EndsBefore(c, today - Methodology.Parameters.LevelWindowDays + 1),
        Side.By or Side.Against or Side.Internal => c.Weight > 0 && c.Day is { } day && (Today is not { } today || today - day < EscalationToday.Window(Methodology.Parameters)),
        _ => false,
    };

    private protected override void Add(Contribution c, int sign) => subjects[c.Subject].Add(c, sign);

    private protected override void AddWorldCoverage(Contribution c, int sign) => world.Add(c, sign);

    private protected override void Turn()
    {
        var today = Today!.Value;
        world.Forget(c => CoverageWindow.EndsBefore(c, today - Methodology.Parameters.LevelWindowDays + 1));
        foreach (var subject in subjects.Values)
        {
            subject.Turn(today);
        }
    }

    private protected override ValueTask CompareAsync(string subject, ChangeCause cause, IPartitionTransaction state, CancellationToken ct)
    {
        var reading = subjects[subject];
        var now = reading.Read(Today, world);
        if (now == reading.Told)
        {
            return default;
        }

        var place = NextPlace(cause.Ordinal);
        state.Tell(StoredChange.Of(
            new EscalationChanged
            {
                Id = Scope.IdOf(cause.Ordinal, ChangeTypes.EscalationChanged, subject, ""),
                LogId = Scope.LogId,
                Epoch = Scope.Epoch,
                Ordinal = cause.Ordinal.Value,
                Index = place.Index,
                Subject = subject,
                Event = cause.Event,
                At = cause.At,
                Previous = state.LastTold(ChangeTypes.EscalationChanged, subject),
                Cursor = Scope.CursorAt(place),
                Incomplete = state.IncompleteOf(subject),
                AsOf = Today is { } today ? When.Format(today) : cause.At[..10],
                Level = now.Level,
                Bound = now.Bound,
                Name = now.Name,
                Coverage = now.Coverage,
                Nuclear = now.Nuclear,
                Was = reading.Told,
            },
            ChangesJson.Default.EscalationChanged));
        reading.Told = now;
        return default;
    }

    private void TellHeld(Ordinal at, bool atRest, IPartitionTransaction state)
    {
        foreach (var held in revisions.TakeHeld())
        {
            Tell(NextPlace(at, atRest), held, state);
        }
    }

    private void Tell(ChangePlace place, HeldRevision r, IPartitionTransaction state) => state.Tell(StoredChange.Of(
        new EscalationRevised
        {
            Id = Scope.IdOf(place.Ordinal, ChangeTypes.EscalationRevised, r.Subject, r.Stream),
            LogId = Scope.LogId,
            Epoch = Scope.Epoch,
            Ordinal = place.Ordinal.Value,
            Index = place.Index,
            Subject = r.Subject,
            Event = r.Event,
            At = r.At,
            Previous = state.LastTold(ChangeTypes.EscalationRevised, r.Subject),
            Cursor = Scope.CursorAt(place),
            Incomplete = state.IncompleteOf(r.Subject),
            From = When.Format(r.From),
            To = When.Format(r.To),
            Events = r.Events,
            About = r.Stream,
        },
        ChangesJson.Default.EscalationRevised));
}
