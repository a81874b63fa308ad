using System.Runtime.CompilerServices;
using System.Text.Json;
using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Domain.Access;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Query;

/// <summary>Answers about parked events: state and attempts from the read models, decisions and the events themselves from the log.</summary>
internal sealed class ParkedQueries(IEventLog log, IReadModels models) : IParkedQueries
{
    private const int PageEvents = 1_000;
    private const string All = "all";

    public Task<ParkedList> ParkedAsync(ParkedFilter filter, CancellationToken ct)
    {
        if (filter.Projection is { } projection && !Projections.Partitioned.Contains(projection))
        {
            throw new QueryRefusedException(400, "projection", $"projection is '{projection}'; it is {string.Join(" or ", Projections.Partitioned)}.");
        }

        var state = filter.State ?? ParkedStates.Outstanding;
        if (state != All && !ParkedStates.All.Contains(state))
        {
            throw new QueryRefusedException(400, "state", $"state is '{state}'; it is {string.Join(", ", ParkedStates.All)} or {All}.");
        }

        var lines = Lines(filter.Projection).Where(l => filter.Country is null || l.Subject == filter.Country || l.Subject == Parked.Anybody).ToList();
        long Count(string s) => lines.Count(l => l.State == s);
        var counts = new ParkedCount(lines.Count, Count(ParkedStates.Outstanding), Count(ParkedStates.Redriven), Count(ParkedStates.Dropped));
        return Task.FromResult(new ParkedList(counts, [.. lines.Where(l => state == All || l.State == state)]));
    }

    public async Task<ParkedView> ParkedAsync(string id, CancellationToken ct)
    {
        var found = EventNames.Locate(id) is var (stream, revision) ? await log.ReadStreamAsync(stream, revision, 1, ct).ConfigureAwait(false) : [];
        if (found is not [var logged])
        {
            throw new QueryRefusedException(404, "id", $"The log holds no event '{id}'.");
        }

        var lines = Lines(null).Where(l => l.Event == id).ToList();
        if (lines.Count == 0)
        {
            throw new QueryRefusedException(404, "id", $"'{id}' is not parked, and never was in these read models. timeline event shows it.");
        }

        var json = JsonOf(logged);
        var decisions = await DecisionsAsync(id, ct).ConfigureAwait(false);
        return new ParkedView
        {
            Id = id,
            Ordinal = logged.Ordinal.Value,
            RecordedAt = ClockResolver.Format(logged.Time),
            Type = logged.Type,
            Parked = lines,
            Attempts = [.. Attempts(lines)],
            Decisions = decisions,
            Event = json,
            Bytes = json is null ? Convert.ToBase64String(logged.Data.Span) : null,
            Todo = TodoOf(id, lines, decisions),
        };
    }

    // What concerns anybody is parked in every partition, and is one line all the same: that of the first that is furthest from being settled.
    private IEnumerable<ParkedLine> Lines(string? projection) =>
        from name in projection is null ? Projections.Partitioned : [projection]
        from line in
            (from partition in Enumerable.Range(0, models.Info.Partitions)
             from p in models.Parked(name, partition)
             group LineOf(name, partition, p) by (p.Event, p.Subject) into same
             select same.OrderBy(l => l.State == ParkedStates.Outstanding ? 0 : l.State == ParkedStates.Dropped ? 1 : 2).ThenBy(l => l.Partition).First())
        orderby line.Ordinal, line.Projection, line.Subject
        select line;

    private static ParkedLine LineOf(string projection, int partition, Parked p) => new(
        projection, partition, p.Event, p.Ordinal.Value, p.Subject, p.Cause,
        p.State switch { ParkedState.Redriven => ParkedStates.Redriven, ParkedState.Dropped => ParkedStates.Dropped, _ => ParkedStates.Outstanding },
        p.Attempts, p.About, p.Settled?.Value, p.Reason);

    private IEnumerable<ParkedAttemptLine> Attempts(List<ParkedLine> lines) =>
        from line in lines
        from attempt in models.ParkedAttempts(line.Projection, line.Partition, line.Event)
        where attempt.Subject == line.Subject
        orderby line.Projection, line.Subject, attempt.Number
        select new ParkedAttemptLine(line.Projection, line.Subject, attempt.Number, attempt.At.Value, attempt.Cause);

    // In the order of the log; what was asked for and is not confirmed stands among them, for the second person to see.
    private async Task<List<ParkedDecisionLine>> DecisionsAsync(string id, CancellationToken ct)
    {
        var lines = new List<ParkedDecisionLine>();
        await foreach (var e in StreamAsync(EventNames.ParkedDecisions, ct).ConfigureAwait(false))
        {
            if (e.Data is ParkedDecision decision && decision.Event == id)
            {
                lines.Add(LineOf(e, decision.Subject, decision.Projection, (decision as ParkedDroppedData)?.Reason));
            }
        }

        await foreach (var e in StreamAsync(EventNames.Asked, ct).ConfigureAwait(false))
        {
            if (e.Data is ActAskedData { Act: Acts.Drop, Parked: { } parked } asked)
            {
                lines.AddRange(parked.Where(d => d.Event == id).Select(d => LineOf(e, d.Subject, d.Projection, asked.Reason)));
            }
        }

        return [.. lines.OrderBy(static l => l.Ordinal)];
    }

    private static ParkedDecisionLine LineOf(FeedEvent e, string subject, string? projection, string? reason)
    {
        var giver = Givers.Of(e.Log);
        return new ParkedDecisionLine(
            e.Id, e.Log.Type, e.Ordinal.Value, ClockResolver.Format(e.Log.Time), giver.By, subject, projection, reason, giver.Verified, giver.ConfirmedBy, giver.Asked);
    }

    private async IAsyncEnumerable<FeedEvent> StreamAsync(StreamName stream, [EnumeratorCancellation] CancellationToken ct)
    {
        var count = 0;
        while (await log.ReadStreamAsync(stream, new Revision(count), PageEvents, ct).ConfigureAwait(false) is { Count: > 0 } page)
        {
            count += page.Count;
            foreach (var e in page)
            {
                yield return FeedEvent.Decode(e);
            }
        }
    }

    private static JsonElement? JsonOf(LogEvent e)
    {
        try
        {
            return JsonDocument.Parse(e.Data).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string TodoOf(string id, List<ParkedLine> lines, List<ParkedDecisionLine> decisions)
    {
        if (lines.FirstOrDefault(static l => l.State == ParkedStates.Outstanding) is not { } open)
        {
            return "Nothing: it has been settled.";
        }

        if (decisions.LastOrDefault(d => d.Type == EventTypes.ActAsked && d.Subject == open.Subject && (d.Projection ?? open.Projection) == open.Projection) is { } asked)
        {
            return $"{asked.By} has asked to give it up; a second person confirms: timeline parked confirm {asked.Decision}.";
        }

        return open.About is { } about
            ? $"It comes back with {about}: timeline parked show {about}."
            : $"Once a version that can fold it serves: timeline parked redrive {id}. To give it up: timeline parked drop {id} --reason TEXT.";
    }
}
