using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Contracts.Json;
using Timeline.Domain;
using Timeline.Domain.Access;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Ingest.Recording;
using Timeline.Ingest.SecondPerson;
using Timeline.Ingest.Validation;

namespace Timeline.Ingest.Parked;

/// <summary>
/// Records what is decided about events that could not be folded: to try them again, or to give them up. All decisions of a request are appended
/// together or not at all, in one stream. What is parked is the read models' knowledge: a decision about what isn't changes nothing when it is folded,
/// but for a drop, which holds for every rebuild. A crash between append and answer loses the answer alone: ask again.
/// </summary>
public sealed class ParkedRecorder(IEventLog log, TimeProvider clock)
{
    private const int Attempts = 10;
    private const int PageEvents = 1_000;
    private static readonly string[] Projections = ["escalation", "stance"];
    private readonly AskedActs acts = new(log, clock);

    /// <summary>
    /// Reads <c>{"parked":[{"event","subject","projection","after"}]}</c>. Without <c>after</c>, the number of attempts that failed, it is one more than were asked for so far.
    /// <paramref name="by"/>: who asks, as far as the service knows. Errors leave the log as it was. Throws <see cref="LogUnavailableException"/> where others decide without pause.
    /// </summary>
    public Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> RedriveAsync(ReadOnlyMemory<byte> utf8, Caller? by, CancellationToken ct) =>
        DecideAsync(utf8, ["parked"], ["event", "subject", "projection", "after"], asked => AppendAsync(asked, by, null, ct), static (_, item) => (e, subject, projection) =>
            new ParkedRedrivenData { Event = e, Subject = subject, Projection = projection, After = item.Integer("after", 1, int.MaxValue) ?? 0 }, ct);

    /// <summary>Reads <c>{"parked":[{"event","subject","projection","parkedFor"}],"reason"}</c>, as <see cref="RedriveAsync"/> does. An event that was dropped for a subject is never redriven for it.</summary>
    public Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> DropAsync(ReadOnlyMemory<byte> utf8, Caller? by, CancellationToken ct) =>
        ReadDropAsync(utf8, asked => AppendAsync(asked, by, null, ct), ct);

    /// <summary>As <see cref="DropAsync"/>, and only writes down that it was asked for: it holds when a second person confirms it.</summary>
    public Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> AskDropAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) =>
        ReadDropAsync(utf8, asked => AskAsync(asked, by, ct), ct);

    /// <summary>
    /// Reads <c>{"asked"}</c>, the id of a drop that was asked for, and carries it out in both names. Confirmed twice it is there once. Throws <see cref="QueryRefusedException"/> where nothing of the kind
    /// was asked for, or where the caller can't be the second person.
    /// </summary>
    public async Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> ConfirmDropAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct)
    {
        var findings = new Findings();
        using var document = JsonShape.Document(utf8, "a confirmation", findings);
        if (document is null)
        {
            return (null, findings.Errors);
        }

        var root = new Field(document.RootElement, "", findings);
        root.KnowsOnly("asked");
        if (root.RequiredText("asked") is not { } id || !findings.None)
        {
            return (null, findings.Errors);
        }

        var asked = await acts.ConfirmableAsync(id, Acts.Drop, by, ct).ConfigureAwait(false);
        var drops = (asked.Data.Parked ?? []).Select(d => new ParkedDroppedData { Event = d.Event, Subject = d.Subject, Projection = d.Projection, Reason = asked.Data.Reason, ParkedFor = d.ParkedFor });
        return (await AppendAsync([.. drops], asked.By, new Confirmation(by, id), ct).ConfigureAwait(false), []);
    }

    private Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> ReadDropAsync(ReadOnlyMemory<byte> utf8, Func<List<ParkedDecision>, Task<ParkedDecided>> decide, CancellationToken ct) =>
        DecideAsync(utf8, ["parked", "reason"], ["event", "subject", "projection", "parkedFor"], decide, static (root, item) =>
        {
            var reason = root.RequiredText("reason", IngestLimits.SummaryChars) ?? "";
            var all = item.Get("parkedFor") is null ? null : item.Items("parkedFor", IngestLimits.CoveredSubjects).Select(static s => s.AsText(IngestLimits.IdChars)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            return (e, subject, projection) => new ParkedDroppedData { Event = e, Subject = subject, Projection = projection, Reason = reason, ParkedFor = all };
        }, ct);

    private async Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> DecideAsync(
        ReadOnlyMemory<byte> utf8, string[] known, string[] knownOfItem, Func<List<ParkedDecision>, Task<ParkedDecided>> decide, Func<Field, Field, Func<string, string, string?, ParkedDecision>> read, CancellationToken ct)
    {
        var findings = new Findings();
        using var document = JsonShape.Document(utf8, "a decision", findings);
        if (document is null)
        {
            return (null, findings.Errors);
        }

        var root = new Field(document.RootElement, "", findings);
        root.KnowsOnly(known);
        if (root.Get("parked") is null)
        {
            root.Wrong("parked", "is missing: a list of parked events, each with event and subject");
        }

        var asked = new List<ParkedDecision>();
        foreach (var item in root.Objects("parked", IngestLimits.ParkedDecisions))
        {
            item.KnowsOnly(knownOfItem);
            if (await EventAsync(item, ct).ConfigureAwait(false) is var (e, subject))
            {
                asked.Add(read(root, item)(e, subject, item.OneOf("projection", Projections)));
            }
        }

        if (asked.Count == 0 && findings.None)
        {
            root.Wrong("parked", "is empty: it decides nothing");
        }

        return findings.None ? (await decide(asked).ConfigureAwait(false), []) : (null, findings.Errors);
    }

    // What is dropped already needs nobody's word. The rest is asked for as it was given: one person's reason for all of it.
    private async Task<ParkedDecided> AskAsync(List<ParkedDecision> decisions, Caller by, CancellationToken ct)
    {
        var taken = await ReadTakenAsync(ct).ConfigureAwait(false);
        var stands = decisions.Select(d => (Decision: d, Found: taken.Find(d))).ToList();
        var open = stands.Where(static s => s.Found is null).Select(static s => (ParkedDroppedData)s.Decision).ToList();
        if (open.Count == 0)
        {
            return new ParkedDecided(stands.Max(static s => s.Found!.Value.Ordinal), [.. stands.Select(static s => Outcome(s.Decision, s.Found!.Value.Status, s.Found.Value.Revision))]);
        }

        var what = new ActAskedData
        {
            Act = Acts.Drop,
            Parked = open.ConvertAll(static d => new AskedDrop { Event = d.Event, Subject = d.Subject, Projection = d.Projection, ParkedFor = d.ParkedFor }),
            Reason = open[0].Reason,
        };
        var asked = await acts.AskAsync(what, by, ct).ConfigureAwait(false);
        return new ParkedDecided(asked.Ordinal.Value, [.. stands.Select(s => s.Found is var (status, revision, _)
            ? Outcome(s.Decision, status, revision)
            : new ParkedOutcome(s.Decision.Event, s.Decision.Subject, s.Decision.Projection, ParkedDecided.Asked, asked.Id))]);
    }

    private async Task<ParkedDecided> AppendAsync(List<ParkedDecision> asked, Caller? by, Confirmation? confirmed, CancellationToken ct)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var taken = await ReadTakenAsync(ct).ConfigureAwait(false);
            var (stood, through) = (taken.Count, -1L);
            var outcomes = new List<ParkedOutcome>();
            var events = new List<NewEvent>();
            foreach (var decision in asked.Select(taken.Numbered))
            {
                if (taken.Find(decision) is var (status, revision, ordinal))
                {
                    through = Math.Max(through, ordinal);
                    outcomes.Add(Outcome(decision, status, revision));
                }
                else
                {
                    outcomes.Add(Outcome(decision, ParkedDecided.Recorded, taken.Count));
                    taken.Add(decision, -1);
                    events.Add(new NewEvent(TypeOf(decision), EventCodec.Encode(EnvelopeOf(decision)), Stamp.Of(clock, by, confirmed: confirmed)));
                }
            }

            if (events.Count == 0)
            {
                return new ParkedDecided(through, outcomes);
            }

            if (await log.AppendAsync(EventNames.ParkedDecisions, new ExpectedRevision(stood - 1), events, ct).ConfigureAwait(false) is AppendResult.Appended appended)
            {
                return new ParkedDecided(appended.Last.Ordinal.Value, outcomes);
            }
        }

        throw new LogUnavailableException("Others decide about parked events at this moment: ask again.");
    }

    private async Task<(string Event, string Subject)?> EventAsync(Field item, CancellationToken ct)
    {
        var (e, subject) = (item.RequiredText("event"), item.RequiredText("subject", IngestLimits.IdChars));
        if (e is null || subject is null)
        {
            return null;
        }

        if (EventNames.Locate(e) is not var (stream, revision) || await log.ReadStreamAsync(stream, revision, 1, ct).ConfigureAwait(false) is not [_])
        {
            item.Wrong("event", $"the log holds no event '{Field.Short(e)}'");
            return null;
        }

        return (e, subject);
    }

    private async Task<DecisionsTaken> ReadTakenAsync(CancellationToken ct)
    {
        var taken = new DecisionsTaken();
        while (await log.ReadStreamAsync(EventNames.ParkedDecisions, new Revision(taken.Count), PageEvents, ct).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var logged in page)
            {
                taken.Add(FeedEvent.Decode(logged).Data as ParkedDecision, logged.Ordinal.Value);
            }
        }

        return taken;
    }

    private static ParkedOutcome Outcome(ParkedDecision d, string status, long revision) =>
        new(d.Event, d.Subject, d.Projection, status, EventNames.IdOf(EventNames.ParkedDecisions, new Revision(revision)));

    private static string TypeOf(ParkedDecision decision) => decision is ParkedDroppedData ? EventTypes.ParkedDropped : EventTypes.ParkedRedriven;

    private static TimelineEvent EnvelopeOf(ParkedDecision decision) => new()
    {
        Type = TypeOf(decision),
        Version = EventTypes.CurrentVersion(TypeOf(decision)),
        Data = decision switch
        {
            ParkedDroppedData d => EventCodec.Pack(d, ContractsJson.Default.ParkedDroppedData),
            ParkedRedrivenData r => EventCodec.Pack(r, ContractsJson.Default.ParkedRedrivenData),
            _ => throw new ArgumentException($"No event tells of a {decision.GetType().Name}.", nameof(decision)),
        },
    };
}
