using System.Globalization;
using Timeline.Contracts.Answers;
using Timeline.Domain.Escalation;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Theatres;
using TheatreReading = Timeline.Contracts.Answers.TheatreReading;
using TheatreMember = Timeline.Contracts.Answers.TheatreMember;
using TheatrePair = Timeline.Contracts.Answers.TheatrePair;

namespace Timeline.Query;

/// <summary>
/// Readings of theatres. The definitions are read from the log itself, where they stand in one short stream; the figures from the members' ledgers.
/// </summary>
internal sealed class TheatreQueries(
    IEventLog log, ClockResolver clockResolver, SubjectReader subjects, MethodologyVersion methodology, Answers answers, ReadingHeads heads)
{
    private const int PairsShown = 20;
    private readonly TheatreDefinitions definitions = new(log);

    public async Task<TheatreReading> ReadAsync(string name, Clocks clocks, CancellationToken ct)
    {
        var m = await clockResolver.ResolveAsync(clocks, ct).ConfigureAwait(false);
        var theatre = InForce(name, await definitions.ReadAsync(ct).ConfigureAwait(false), m);
        var world = subjects.World(m);
        var states = theatre.Members.ToDictionary(id => id, id => subjects.ReadEscalation(id, m, world), StringComparer.Ordinal);
        var names = theatre.Members.ToHashSet(StringComparer.Ordinal);
        var r = Domain.Theatres.TheatreReading.Of(states.Select(s => new MemberLedger(s.Key, subjects.Among(s.Value, m, names))), world, m.AsOf, methodology);
        var head = heads.Of(m);
        return Answers.Seal(
            new TheatreReading
            {
                AsOf = head.AsOf, KnownAt = head.KnownAt, ReportedBy = head.ReportedBy, Methodology = head.Methodology, Cursor = head.Cursor, Lag = head.Lag,
                FirstHeld = await heads.FirstHeldAsync(m, states.Values, ct).ConfigureAwait(false),
                Incomplete = [.. states.Values.SelectMany(s => s.Parked).Select(p => p.Event).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Theatre = theatre.Name,
                Title = theatre.Title,
                Definition = new TheatreDefinition(theatre.Event, theatre.Ordinal.Value, ClockResolver.Format(theatre.Time), theatre.Reason),
                Escalation = await EscalationAsync(r.Whole, ct).ConfigureAwait(false),
                Members = [.. r.Members.Select(Member)],
                Pairs = [.. r.Pairs.Take(PairsShown).Select(Pair)],
                PairsTotal = r.Pairs.Count,
            },
            AnswersJson.Default.TheatreReading);
    }

    public async Task<TheatreList> ListAsync(string? knownAt, CancellationToken ct)
    {
        var m = await clockResolver.ResolveAsync(new Clocks(null, knownAt, null), ct).ConfigureAwait(false);
        var all = await definitions.ReadAsync(ct).ConfigureAwait(false);
        return new TheatreList
        {
            KnownAt = heads.Of(m).KnownAt,
            Theatres = [.. all.Select(t => t.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(name => Theatre.InForce(all, name, m.KnownAt)).OfType<Theatre>()
                .Select(t => new TheatreLine(t.Name, t.Title, t.Members, t.IsClosed, t.Reason, t.Event, t.Ordinal.Value, ClockResolver.Format(t.Time)))],
        };
    }

    private static Theatre InForce(string name, IReadOnlyList<Theatre> all, Moment m)
    {
        if (Theatre.InForce(all, name, m.KnownAt) is { } found)
        {
            return found.IsClosed ? throw new QueryRefusedException(422, "name", string.Create(
                CultureInfo.InvariantCulture,
                $"The theatre '{name}' was closed at ordinal {found.Ordinal} ({found.Reason}). Ask with knownAt={found.Ordinal.Value - 1} for how it stood before, or define it anew.")) : found;
        }

        if (all.FirstOrDefault(t => t.Name == name) is { } later)
        {
            throw m.Pinned
                ? new QueryRefusedException(422, "knownAt", string.Create(CultureInfo.InvariantCulture,
                    $"The theatre '{name}' was not defined at ordinal {m.KnownAt}: its first definition is ordinal {later.Ordinal}, of {ClockResolver.Format(later.Time)}. "
                    + $"Ask from there on, or without knownAt; asOf and reportedBy may lie before it."))
                : new QueryRefusedException(503, "name", $"The theatre '{name}' has been defined, and the read models have not come that far yet: ask again in a moment.");
        }

        var names = all.Where(t => t.Ordinal <= m.KnownAt).Select(t => t.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        throw new QueryRefusedException(404, "name",
            $"There is no theatre '{name}'. " + (names.Count > 0 ? $"There are: {string.Join(", ", names)}." : "None has been defined: timeline theatre define FILE, or POST /v1/theatres."));
    }

    private async Task<TheatreEscalation> EscalationAsync(EscalationReading r, CancellationToken ct)
    {
        var whole = await answers.EscalationAsync(r, ct).ConfigureAwait(false);
        var actors = r.Entries.Take(whole.Drivers.Count).Select(e => e.Contribution.Subject);
        var sums = answers.Sums(r);
        return new TheatreEscalation
        {
            Level = whole.Level,
            Bound = whole.Bound,
            Name = whole.Name,
            Intensity = whole.Intensity,
            Acts = whole.By.Acts,
            Threats = whole.By.Threats,
            Words = whole.By.Words,
            Trend = whole.Trend,
            Unusual = whole.Unusual,
            Nuclear = whole.Nuclear.By,
            Deaths = whole.Deaths,
            Coverage = whole.Coverage,
            Uncounted = whole.Uncounted,
            Drivers = [.. actors.Zip(whole.Drivers, (actor, driver) => new TheatreDriver(actor, driver))],
            Sum = sums.By,
            Divisor = sums.Divisor,
        };
    }

    private TheatreMember Member(Domain.Theatres.TheatreMember m) => new(
        m.Subject, methodology.NameOf(m.Subject) ?? m.Subject, m.FullCoverage ? Bounds.Exact : m.LevelBy is null && m.LevelAgainst is null ? Bounds.Unknown : Bounds.AtLeast,
        m.LevelBy, m.LevelAgainst, m.LevelInternal, answers.Divide(m.By.Conflict), answers.Divide(m.Against.Conflict), answers.Divide(m.Internal.Conflict));

    private TheatrePair Pair(Domain.Theatres.TheatrePair p)
    {
        var pair = answers.Pair(p.Reading, null);
        return new TheatrePair(p.From, p.To, pair.Level, pair.Bound, answers.Divide(p.Reading.Sums.Conflict), pair.Acts, pair.Threats, pair.Words, pair.Events, pair.Deaths);
    }
}
