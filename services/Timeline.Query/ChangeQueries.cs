using System.Runtime.CompilerServices;
using Timeline.Contracts.Changes;
using Timeline.Domain;
using Timeline.Domain.Changes;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;

namespace Timeline.Query;

/// <summary>Snapshots from the read models, and changes from their outboxes.</summary>
public sealed class ChangeQueries : IChangeQueries
{
    /// <summary>Where a follower whose cursor can't be served goes on.</summary>
    public const string SnapshotAddress = "/v1/snapshot";

    /// <summary>Changes read at a time.</summary>
    private const int Page = 512;

    private readonly IReadModels models;
    private readonly IChangeFeed feed;
    private readonly MethodologyVersion methodology;
    private readonly TimeProvider time;
    private readonly ClockResolver clocks;
    private readonly SubjectReader subjects;
    private readonly EventIds ids;

    public ChangeQueries(IEventLog log, IReadModels models, IProjectionProgress progress, IChangeFeed feed, MethodologyVersion methodology, TimeProvider time)
    {
        (this.models, this.feed, this.methodology, this.time) = (models, feed, methodology, time);
        clocks = new ClockResolver(log, models, progress);
        subjects = new SubjectReader(models, methodology);
        ids = new EventIds(log);
    }

    public async Task<ChangesSnapshot> SnapshotAsync(CancellationToken ct)
    {
        var range = feed.Range();
        if (range.Oldest > range.Through)
        {
            throw new QueryRefusedException(503, null, "The read models are being built from the log, and tell no changes yet: ask again in a moment; /health/ready says how they stand.");
        }

        var at = range.Through.Ordinal;
        var today = clocks.Today(at);
        var moment = new Moment(today ?? 0, at, default, null, Pinned: true, Behind: 0);
        var world = subjects.World(moment);
        var all = new List<SubjectSnapshot>();
        foreach (var subject in subjects.Subjects(moment))
        {
            ct.ThrowIfCancellationRequested();
            all.Add(await SubjectAsync(subject, moment, world, isRead: today is not null, ct).ConfigureAwait(false));
        }

        return new ChangesSnapshot
        {
            LogId = models.Info.LogId,
            Epoch = models.Info.Epoch,
            Ordinal = at.Value,
            Cursor = CursorAt(range.Through),
            AsOf = today is { } day ? When.Format(day) : null,
            Subjects = all,
        };
    }

    public ChangePlace PlaceOf(string cursor)
    {
        var (log, epoch, place) = ChangeCursor.Decode(cursor) is { } own ? (own.LogId, own.Epoch, own.Place)
            : Cursor.Parse(cursor) is { } answer ? (answer.LogId, answer.Epoch, ChangePlace.EndOf(answer.Ordinal))
            : throw new QueryRefusedException(400, "from", "This is no cursor: give one back exactly as a snapshot, a change or another answer gave it.");
        if (log != models.Info.LogId || epoch != models.Info.Epoch)
        {
            throw Gone("This cursor belongs to another log or an earlier epoch");
        }

        var range = feed.Range();
        return place < range.Oldest ? throw Gone("The changes after this cursor are not kept any more") : place;
    }

    public async IAsyncEnumerable<ChangesTold> FollowAsync(ChangePlace after, ChangeFilter filter, TimeSpan heartbeat, [EnumeratorCancellation] CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var isCaughtUp = false;
        var told = time.GetTimestamp();
        while (feed.Range() is var range && after >= range.Oldest)
        {
            var read = after < range.Through ? feed.Read(after, range.Through, Page) : [];
            after = read.Count == Page ? read[^1].Place : after < range.Through ? range.Through : after;
            var taken = read.Where(filter.Takes).ToList();
            if (taken.Count > 0)
            {
                told = time.GetTimestamp();
                yield return new ChangesTold(taken, null, null);
            }

            if (read.Count == Page)
            {
                continue;
            }

            if (!isCaughtUp || time.GetElapsedTime(told) >= heartbeat)
            {
                yield return new ChangesTold([], new ChangesHeartbeat(CursorAt(after), after.Ordinal.Value), isCaughtUp ? PlaceKind.Heartbeat : PlaceKind.CaughtUp);
                isCaughtUp = true;
                told = time.GetTimestamp();
            }

            await WaitAsync(range, heartbeat - time.GetElapsedTime(told), ct).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(ChangeRange seen, TimeSpan longest, CancellationToken ct)
    {
        if (longest <= TimeSpan.Zero)
        {
            return;
        }

        using var end = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, end.Token);
        try
        {
            await feed.WaitAsync(seen, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The heartbeat is due.
        }
    }

    private async Task<SubjectSnapshot> SubjectAsync(string subject, Moment m, List<Domain.Ledger.Contribution> world, bool isRead, CancellationToken ct)
    {
        var state = subjects.Read(subject, m, world);
        var issues = new List<IssueSnapshot>();
        foreach (var r in isRead ? subjects.Issues(state, m) : [])
        {
            issues.Add(new IssueSnapshot(r.Issue, new IssuePosition(
                r.Position, StanceReading.NameOf(r.Position), When.Format(r.Since), r.Ambiguous, await ids.IdsAsync(r.ContestedBy, ct).ConfigureAwait(false))));
        }

        return new SubjectSnapshot
        {
            Subject = subject,
            Escalation = isRead ? EscalationStates.Of(subjects.Escalation(state, m), methodology.Parameters) : EscalationStates.Unknown(methodology.Parameters),
            Issues = issues,
            Toward = isRead
                ? [.. subjects.Toward(state, m).Where(t => t.Score != 0).OrderBy(t => t.Other, StringComparer.Ordinal).Select(t => new TowardSnapshot(t.Other, t.Score))]
                : [],
            Incomplete = [.. state.Parked.Select(p => p.Event).Distinct(StringComparer.Ordinal)],
        };
    }

    private string CursorAt(ChangePlace place) => new ChangeCursor(models.Info.LogId, models.Info.Epoch, place).Encode();

    private static QueryRefusedException Gone(string why) =>
        new(410, "from", $"{why}: take a new snapshot from {SnapshotAddress} and go on from its cursor.") { Snapshot = SnapshotAddress };
}
