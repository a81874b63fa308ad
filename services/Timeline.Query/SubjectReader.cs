using System.Collections.Concurrent;
using Timeline.Domain;
using Timeline.Domain.Escalation;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;

namespace Timeline.Query;

/// <summary>What the ledger says of one subject at a moment, before anything is divided or named.</summary>
internal sealed record SubjectState(
    IReadOnlyList<LedgerEntry> Entries, List<Contribution> Escalation, List<Contribution> Stance, List<Contribution> World, IReadOnlyList<Parked> Parked);

/// <summary>Reads subjects within the clocks of a question.</summary>
internal sealed class SubjectReader(IReadModels models, MethodologyVersion methodology)
{
    private readonly ConcurrentDictionary<string, Ordinal> firsts = new(StringComparer.Ordinal);

    private int LongestWindow => EscalationReading.LongestWindow(methodology.Parameters);

    public SubjectState Read(string subject, Moment m, List<Contribution>? world = null)
    {
        var escalation = models.Read(EscalationContributor.Name, subject, Math.Max(0, m.AsOf - LongestWindow), m.AsOf);

        // Positions hold until the next one, however long ago they were taken.
        var stance = models.ReadAll(StanceContributor.Name, subject);
        return new SubjectState(
            escalation.Entries,
            LedgerView.Standing(escalation.Entries, m.KnownAt, m.ReportedBy),
            LedgerView.Standing(stance.Entries, m.KnownAt, m.ReportedBy),
            world ?? World(m),
            [.. escalation.Parked.Concat(stance.Parked).Where(p => p.Ordinal <= m.KnownAt)]);
    }

    /// <summary>As <see cref="Read"/>, without the stances.</summary>
    public SubjectState ReadEscalation(string subject, Moment m, List<Contribution> world)
    {
        var escalation = models.Read(EscalationContributor.Name, subject, Math.Max(0, m.AsOf - LongestWindow), m.AsOf);
        return new SubjectState(
            escalation.Entries, LedgerView.Standing(escalation.Entries, m.KnownAt, m.ReportedBy), [], world, [.. escalation.Parked.Where(p => p.Ordinal <= m.KnownAt)]);
    }

    public List<Contribution> World(Moment m) =>
        LedgerView.Standing(models.Read(EscalationContributor.Name, FactReader.World, 1, 1).Entries, m.KnownAt, m.ReportedBy);

    public EscalationReading Escalation(SubjectState s, Moment m) => EscalationReading.Of(s.Escalation, s.World, m.AsOf, methodology);

    public List<IssueReading> Issues(SubjectState s, Moment m) => StanceReading.Issues(s.Stance, m.AsOf, methodology);

    public List<TowardReading> Toward(SubjectState s, Moment m) => StanceReading.Toward(s.Stance, m.AsOf, methodology);

    public DirectedPairReading Pair(SubjectState s, string other, Moment m) => DirectedPairReading.Of(s.Escalation, s.World, other, m.AsOf, methodology);

    /// <summary>Since when the log holds anything about the days that a reading covers; null: nothing yet.</summary>
    public Ordinal? FirstHeld(SubjectState s, Moment m)
    {
        Ordinal? first = null;
        foreach (var e in s.Entries)
        {
            var c = e.Contribution;
            var touches = c.Day is { } day ? day <= m.AsOf && m.AsOf - day <= LongestWindow : c.Side is not (Side.Coverage or Side.DayTurned) && c.From <= m.AsOf;
            if (touches && e.Ordinal <= m.KnownAt && (m.ReportedBy is not { } by || e.Reported <= by) && (first is null || e.Ordinal < first))
            {
                first = e.Ordinal;
            }
        }

        return first;
    }

    /// <summary>Everybody who had a ledger at the moment, ordinally sorted: a list asked again is the same list, whoever has come since.</summary>
    public List<string> Subjects(Moment m) => Subjects().FindAll(s => IsKnown(s, m));

    // What is known at a moment that every partition has reached stays known; what is not may come from a partition that is behind.
    private bool IsKnown(string subject, Moment m)
    {
        if (firsts.TryGetValue(subject, out var kept))
        {
            return kept <= m.KnownAt;
        }

        var first = ClockResolver.Projections.SelectMany(p => models.ReadAll(p, subject).Entries)
            .Select(e => e.Ordinal).DefaultIfEmpty(new Ordinal(long.MaxValue)).Min();
        if (first > m.KnownAt)
        {
            return false;
        }

        firsts[subject] = first;
        return true;
    }

    /// <summary>Everybody who has a ledger, ordinally sorted.</summary>
    public List<string> Subjects()
    {
        var all = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var projection in ClockResolver.Projections)
        {
            for (var p = 0; p < models.Info.Partitions; p++)
            {
                all.UnionWith(models.Subjects(projection, p));
            }
        }

        all.Remove(FactReader.World);
        return [.. all];
    }

    public string NameOf(string subject) =>
        methodology.NameOf(subject) ?? throw new QueryRefusedException(404, "country", $"'{subject}' is no ISO 3166 alpha-3 code and no registered organisation.");
}
