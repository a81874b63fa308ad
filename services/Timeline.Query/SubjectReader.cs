using System.Collections.Concurrent;
using Timeline.Domain;
using Timeline.Domain.Escalation;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;

namespace Timeline.Query;

/// <summary>What the ledger says of one subject at a moment, before anything is divided or named; without <c>Stance</c> where nobody asked for it.</summary>
internal sealed record SubjectState(PackedView Escalation, PackedView? Stance, List<Contribution> World, IReadOnlyList<Parked> Parked);

/// <summary>Reads subjects within the clocks of a question.</summary>
internal sealed class SubjectReader(IReadModels models, MethodologyVersion methodology)
{
    private readonly ConcurrentDictionary<string, Ordinal> firsts = new(StringComparer.Ordinal);

    private int LongestWindow => EscalationReading.LongestWindow(methodology.Parameters);

    public SubjectState Read(string subject, Moment m, List<Contribution>? world = null)
    {
        var state = ReadEscalation(subject, m, world ?? World(m));

        // Positions hold until the next one, however long ago they were taken; none of them is packed.
        var stance = models.ReadPacked(StanceContributor.Name, subject, Math.Max(0, m.AsOf - methodology.Decay.Count + 1), m.AsOf, allUnpacked: true);
        return state with
        {
            Stance = new PackedView(stance, m.KnownAt, m.ReportedBy),
            Parked = [.. state.Parked.Concat(stance.Parked.Where(p => p.IsMissingAt(m.KnownAt)))],
        };
    }

    /// <summary>As <see cref="Read"/>, without the stances.</summary>
    public SubjectState ReadEscalation(string subject, Moment m, List<Contribution> world)
    {
        var escalation = models.ReadPacked(EscalationContributor.Name, subject, Math.Max(0, m.AsOf - LongestWindow), m.AsOf);
        return new SubjectState(new PackedView(escalation, m.KnownAt, m.ReportedBy), null, world, [.. escalation.Parked.Where(p => p.IsMissingAt(m.KnownAt))]);
    }

    public List<Contribution> World(Moment m) =>
        [.. new PackedView(models.ReadPacked(EscalationContributor.Name, FactReader.World, 1, 1), m.KnownAt, m.ReportedBy).Unpacked];

    /// <summary>Escalation with the heaviest entries: as many as answers list, or more.</summary>
    public EscalationReading Escalation(SubjectState s, Moment m, int entries = 0) =>
        EscalationReading.Of(s.Escalation, s.World, m.AsOf, methodology, Math.Max(entries, methodology.Parameters.Drivers));

    public List<IssueReading> Issues(SubjectState s, Moment m) => StanceReading.Issues(s.Stance?.Unpacked ?? [], m.AsOf, methodology);

    public List<TowardReading> Toward(SubjectState s, Moment m) => s.Stance is { } stance ? StanceReading.Toward(stance, m.AsOf, methodology) : [];

    public DirectedPairReading Pair(SubjectState s, string other, Moment m) =>
        DirectedPairReading.Of(s.Escalation.Between(m.AsOf - LongestWindow, m.AsOf, name => name == other, isInternalToo: false), s.World, other, m.AsOf, methodology);

    /// <summary>What stands between a subject and others of a set, and inside itself.</summary>
    public IReadOnlyList<Contribution> Among(SubjectState s, Moment m, IReadOnlySet<string> others) =>
        s.Escalation.Between(m.AsOf - LongestWindow, m.AsOf, others.Contains, isInternalToo: true);

    /// <summary>Since when the log holds anything about the days that a reading covers; null: nothing yet.</summary>
    public Ordinal? FirstHeld(SubjectState s, Moment m) => s.Escalation.FirstHeld(m.AsOf - LongestWindow, m.AsOf);

    /// <summary>Everybody who had a ledger at the moment, ordinally sorted: a list asked again is the same list, whoever has come since.</summary>
    public List<string> Subjects(Moment m) => Subjects().FindAll(s => IsKnown(s, m));

    // What is known at a moment that every partition has reached stays known; what is not may come from a partition that is behind.
    private bool IsKnown(string subject, Moment m)
    {
        if (firsts.TryGetValue(subject, out var kept))
        {
            return kept <= m.KnownAt;
        }

        var first = Projections.Partitioned.Select(p => models.FirstOf(p, subject)).OfType<Ordinal>().DefaultIfEmpty(new Ordinal(long.MaxValue)).Min();
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
        foreach (var projection in Projections.Partitioned)
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
