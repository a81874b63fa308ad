using Timeline.Contracts.Changes;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;

namespace Timeline.Domain.Changes;

/// <summary>Tells <see cref="StanceChanged"/>.</summary>
public sealed class StanceChanges(ChangeScope scope, MethodologyVersion methodology, IChangeStore store, IFactSource source)
    : PartitionChanges(scope, methodology, store, source)
{
    /// <summary>Number of the projection among those that tell changes.</summary>
    public const int Lane = 1;

    private readonly Dictionary<string, StanceToday> subjects = new(StringComparer.Ordinal);

    private protected override void Create(string subject) => subjects[subject] = new StanceToday(Methodology);

    private protected override void Load(string subject)
    {
        if (subjects.ContainsKey(subject))
        {
            return;
        }

        var state = new StanceToday(Methodology);
        var from = Today is { } today ? Math.Max(0, today - StanceToday.Window(Methodology) + 1) : 0;
        foreach (var (c, sign) in EntriesOf(Store.Read(subject, from, allUnpacked: true)))
        {
            if (Matters(c))
            {
                state.Add(c, sign);
            }
        }

        // What holds already is no news.
        state.Moves(Today);
        subjects[subject] = state;
    }

    private protected override bool Matters(Contribution c) => c.Side switch
    {
        Side.OwnWords or Side.Report => true,
        Side.By => c.Day is { } day && (Today is not { } today || today - day < StanceToday.Window(Methodology)),
        _ => false,
    };

    private protected override void Add(Contribution c, int sign) => subjects[c.Subject].Add(c, sign);

    private protected override void AddWorldCoverage(Contribution c, int sign)
    {
        // Stances don't ask what is covered.
    }

    private protected override void Turn()
    {
        foreach (var subject in subjects.Values)
        {
            subject.Turn(Today!.Value);
        }
    }

    private protected override async ValueTask CompareAsync(string subject, ChangeCause cause, IPartitionTransaction state, CancellationToken ct)
    {
        foreach (var move in subjects[subject].Moves(Today))
        {
            var place = NextPlace(cause.Ordinal);
            state.Tell(StoredChange.Of(
                new StanceChanged
                {
                    Id = Scope.IdOf(cause.Ordinal, ChangeTypes.StanceChanged, subject, move.Issue is { } issue ? "issue " + issue : "other " + move.Other),
                    LogId = Scope.LogId,
                    Epoch = Scope.Epoch,
                    Ordinal = cause.Ordinal.Value,
                    Index = place.Index,
                    Subject = subject,
                    Event = cause.Event,
                    At = cause.At,
                    Previous = state.LastTold(ChangeTypes.StanceChanged, subject),
                    Cursor = Scope.CursorAt(place),
                    Incomplete = state.IncompleteOf(subject),
                    AsOf = When.Format(Today!.Value),
                    Issue = move.Issue,
                    Position = await PositionAsync(move.Position, ct).ConfigureAwait(false),
                    Other = move.Other,
                    Score = move.Other is null ? null : move.Score,
                    Was = new StanceState(await PositionAsync(move.WasPosition, ct).ConfigureAwait(false), move.Other is null ? null : move.WasScore),
                },
                ChangesJson.Default.StanceChanged));
        }
    }

    private async ValueTask<IssuePosition?> PositionAsync(IssueNow? position, CancellationToken ct) => position is not { } p
        ? null
        : new IssuePosition(p.Position, StanceReading.NameOf(p.Position), When.Format(p.Since), p.Ambiguous, await IdsAsync(p.ContestedBy, ct).ConfigureAwait(false));
}
