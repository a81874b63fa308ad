using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Quarantine;
using Timeline.Domain.Stance;

namespace Timeline.Domain.Ports;

/// <summary>The read models that are folded, alike for whoever publishes, folds or answers.</summary>
public static class Projections
{
    /// <summary>Those that have every partition.</summary>
    public static readonly IReadOnlyList<string> Partitioned = [EscalationContributor.Name, StanceContributor.Name];

    /// <summary>Those that live in partition 0 alone.</summary>
    public static readonly IReadOnlyList<string> Single = [SetAsideFold.Name];

    /// <summary>Every projection's partition.</summary>
    public static IEnumerable<(string Projection, int Partition)> Places(int partitions = Routing.DefaultPartitions) =>
        Partitioned.SelectMany(name => Enumerable.Range(0, partitions).Select(p => (name, p))).Concat(Single.Select(static name => (name, 0)));
}
