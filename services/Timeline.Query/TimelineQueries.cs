using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Domain.Escalation;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;

namespace Timeline.Query;

/// <summary>Answers from the read models, with ids and times from the log.</summary>
public sealed class TimelineQueries : ITimelineQueries
{
    private readonly IEventLog log;
    private readonly IReadModels models;
    private readonly IProjectionProgress progress;
    private readonly MethodologyVersion methodology;
    private readonly ClockResolver clockResolver;
    private readonly SubjectReader subjects;
    private readonly Answers answers;
    private readonly ReadingHeads heads;
    private readonly TheatreQueries theatres;
    private readonly MethodologyQueries methodologies;
    private readonly SetAsideQueries setAside;
    private readonly StatusReader status;
    private readonly ParkedQueries parked;

    public TimelineQueries(IEventLog log, IReadModels models, IProjectionProgress progress, MethodologyVersion methodology, TimeProvider clock)
    {
        this.log = log;
        this.models = models;
        this.progress = progress;
        this.methodology = methodology;
        clockResolver = new ClockResolver(log, models, progress);
        subjects = new SubjectReader(models, methodology);
        answers = new Answers(methodology, new EventIds(log));
        heads = new ReadingHeads(log, models.Info, methodology, subjects);
        methodologies = new MethodologyQueries(log, methodology);
        setAside = new SetAsideQueries(log, models);
        status = new StatusReader(log, models, progress, methodology, clockResolver, clock);
        parked = new ParkedQueries(log, models);
        theatres = new TheatreQueries(log, clockResolver, subjects, methodology, answers, heads);
    }

    public async Task<CountriesReading> CountriesAsync(Clocks clocks, Paging paging, CancellationToken ct)
    {
        var (m, index) = await clockResolver.ResolveAsync(clocks, paging, ct).ConfigureAwait(false);
        var all = subjects.Subjects(m);
        var world = subjects.World(m);
        var lines = new List<CountryLine>();
        var incomplete = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var subject in all.Skip(index).Take(paging.Limit))
        {
            var state = subjects.Read(subject, m, world);
            incomplete.UnionWith(state.Parked.Select(p => p.Event));
            lines.Add(await LineAsync(subject, state, m, ct).ConfigureAwait(false));
        }

        var next = index + paging.Limit < all.Count ? heads.CursorAt(m, index + paging.Limit).Encode() : null;
        var head = heads.Of(m);
        return Answers.Seal(
            new CountriesReading
            {
                AsOf = head.AsOf, KnownAt = head.KnownAt, ReportedBy = head.ReportedBy, Methodology = head.Methodology, Cursor = head.Cursor, Lag = head.Lag,
                Incomplete = [.. incomplete], Countries = lines, Next = next,
            },
            AnswersJson.Default.CountriesReading);
    }

    public async Task<CountryReading> CountryAsync(string id, Clocks clocks, CancellationToken ct)
    {
        var name = subjects.NameOf(id);
        var m = await clockResolver.ResolveAsync(clocks, ct).ConfigureAwait(false);
        var state = subjects.Read(id, m);
        var head = heads.Of(m);
        return Answers.Seal(
            new CountryReading
            {
                AsOf = head.AsOf, KnownAt = head.KnownAt, ReportedBy = head.ReportedBy, Methodology = head.Methodology, Cursor = head.Cursor, Lag = head.Lag,
                FirstHeld = await heads.FirstHeldAsync(state, m, ct).ConfigureAwait(false),
                Incomplete = IncompleteOf(state),
                Country = id,
                Name = name,
                Escalation = await answers.EscalationAsync(subjects.Escalation(state, m), ct).ConfigureAwait(false),
                Stance = await answers.IssuesAsync(subjects.Issues(state, m), ct).ConfigureAwait(false),
                Toward = [.. subjects.Toward(state, m).Select(answers.Toward)],
            },
            AnswersJson.Default.CountryReading);
    }

    public async Task<DyadReading> DyadAsync(string a, string b, Clocks clocks, CancellationToken ct)
    {
        subjects.NameOf(a);
        subjects.NameOf(b);
        if (a == b)
        {
            throw new QueryRefusedException(422, "b", "A dyad has two different subjects.");
        }

        var m = await clockResolver.ResolveAsync(clocks, ct).ConfigureAwait(false);
        var (one, two) = (subjects.Read(a, m), subjects.Read(b, m));
        var head = heads.Of(m);
        return Answers.Seal(
            new DyadReading
            {
                AsOf = head.AsOf, KnownAt = head.KnownAt, ReportedBy = head.ReportedBy, Methodology = head.Methodology, Cursor = head.Cursor, Lag = head.Lag,
                FirstHeld = await heads.FirstHeldAsync(one, m, ct).ConfigureAwait(false),
                Incomplete = [.. IncompleteOf(one).Union(IncompleteOf(two), StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                A = a,
                B = b,
                AtoB = answers.Pair(subjects.Pair(one, b, m), subjects.Toward(one, m).Find(t => t.Other == b)),
                BtoA = answers.Pair(subjects.Pair(two, a, m), subjects.Toward(two, m).Find(t => t.Other == a)),
            },
            AnswersJson.Default.DyadReading);
    }

    public async Task<ExplainReading> ExplainAsync(string country, Clocks clocks, Paging paging, CancellationToken ct)
    {
        subjects.NameOf(country);
        var (m, index) = await clockResolver.ResolveAsync(clocks, paging, ct).ConfigureAwait(false);
        var state = subjects.Read(country, m);
        var reading = subjects.Escalation(state, m, (int)Math.Min((long)index + paging.Limit, int.MaxValue));
        var entries = new List<Driver>();
        foreach (var entry in reading.Entries.Skip(index).Take(paging.Limit))
        {
            entries.Add(await answers.DriverAsync(entry, ct).ConfigureAwait(false));
        }

        var head = heads.Of(m);
        return Answers.Seal(
            new ExplainReading
            {
                AsOf = head.AsOf, KnownAt = head.KnownAt, ReportedBy = head.ReportedBy, Methodology = head.Methodology, Cursor = head.Cursor, Lag = head.Lag,
                FirstHeld = await heads.FirstHeldAsync(state, m, ct).ConfigureAwait(false),
                Incomplete = IncompleteOf(state),
                Country = country,
                Escalation = await answers.EscalationAsync(reading, ct).ConfigureAwait(false),
                Sums = answers.Sums(reading),
                Entries = entries,
                Total = reading.EntriesTotal,
                Next = index + paging.Limit < reading.EntriesTotal ? heads.CursorAt(m, index + paging.Limit).Encode() : null,
            },
            AnswersJson.Default.ExplainReading);
    }

    public async Task<EventsReading> EventsAsync(string country, string? from, string? to, Clocks clocks, Paging paging, CancellationToken ct)
    {
        subjects.NameOf(country);
        var (m, index) = await clockResolver.ResolveAsync(clocks, paging, ct).ConfigureAwait(false);
        var ledger = models.ReadAll(EscalationContributor.Name, country);
        var rows = EventRows.Of(ledger.Entries, m, EventRows.DayOf(from, "from"), EventRows.DayOf(to, "to"));
        var lines = new List<EventLine>();
        foreach (var row in rows.Skip(index).Take(paging.Limit))
        {
            lines.Add(await row.LineAsync(log, ct).ConfigureAwait(false));
        }

        var head = heads.Of(m);
        return Answers.Seal(
            new EventsReading
            {
                AsOf = head.AsOf, KnownAt = head.KnownAt, ReportedBy = head.ReportedBy, Methodology = head.Methodology, Cursor = head.Cursor, Lag = head.Lag,
                Incomplete = [.. ledger.Parked.Where(p => p.IsMissingAt(m.KnownAt)).Select(p => p.Event).Distinct().Order(StringComparer.Ordinal)],
                Country = country,
                Events = lines,
                Next = index + paging.Limit < rows.Count ? heads.CursorAt(m, index + paging.Limit).Encode() : null,
            },
            AnswersJson.Default.EventsReading);
    }

    public Task<TheatreReading> TheatreAsync(string name, Clocks clocks, CancellationToken ct) => theatres.ReadAsync(name, clocks, ct);

    public Task<TheatreList> TheatresAsync(string? knownAt, CancellationToken ct) => theatres.ListAsync(knownAt, ct);

    public Task<MethodologyList> MethodologiesAsync(CancellationToken ct) => methodologies.ListAsync(ct);

    public Task<MethodologyView> MethodologyAsync(string name, CancellationToken ct) => methodologies.ViewAsync(name, ct);

    public Task<MethodologyDifference> MethodologyDiffAsync(string from, string to, CancellationToken ct) => methodologies.DiffAsync(from, to, ct);

    public Task<SetAsideReading> SetAsideAsync(SetAsideFilter filter, Paging paging, CancellationToken ct) => setAside.SetAsideAsync(filter, paging, ct);

    public Task<SetAsideView> SetAsideRowAsync(string id, CancellationToken ct) => setAside.SetAsideRowAsync(id, ct);

    public Task<SetAsideExport> ExportSetAsideAsync(SetAsideFilter filter, CancellationToken ct) => setAside.ExportSetAsideAsync(filter, ct);

    public Task<EventView> EventAsync(string id, CancellationToken ct) => new EventLookup(log, models).FindAsync(id, ct);

    public Task<ParkedList> ParkedAsync(ParkedFilter filter, CancellationToken ct) => parked.ParkedAsync(filter, ct);

    public Task<ParkedView> ParkedAsync(string id, CancellationToken ct) => parked.ParkedAsync(id, ct);

    public Task<Status> StatusAsync(CancellationToken ct) => status.ReadAsync(ct);

    public Task<DigestsReading> DigestsAsync(string? subject, CancellationToken ct)
    {
        if (subject is not null)
        {
            subjects.NameOf(subject);
        }

        var lines = new List<DigestLine>();
        foreach (var s in subject is null ? subjects.Subjects() : [subject])
        {
            foreach (var projection in Projections.Partitioned)
            {
                ct.ThrowIfCancellationRequested();
                var entries = models.ReadAll(projection, s).Entries;
                if (entries.Count > 0)
                {
                    lines.Add(new DigestLine(s, projection, LedgerDigest.State(entries), LedgerDigest.History(entries)));
                }
            }
        }

        return Task.FromResult(new DigestsReading(clockResolver.Reached().Value, lines));
    }

    public Task WaitVisibleAsync(Ordinal ordinal, CancellationToken ct) => progress.WaitUntilAsync(ordinal, ct);

    private async Task<CountryLine> LineAsync(string subject, SubjectState state, Moment m, CancellationToken ct)
    {
        var r = await answers.EscalationAsync(subjects.Escalation(state, m), ct).ConfigureAwait(false);
        var stance = await answers.IssuesAsync(subjects.Issues(state, m), ct).ConfigureAwait(false);
        return new CountryLine(
            subject, methodology.NameOf(subject) ?? subject, r.Level, r.Bound, r.Name, r.Intensity, r.By.Intensity, r.Against.Intensity, r.Trend,
            r.Nuclear.By, r.Nuclear.Against, stance);
    }

    private static IReadOnlyList<string> IncompleteOf(SubjectState state) =>
        [.. state.Parked.Select(p => p.Event).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
