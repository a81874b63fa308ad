using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;

namespace Timeline.Domain.Escalation;

/// <summary>What one subject did to another, on a day.</summary>
public sealed record DirectedPairReading
{
    public required int? Level { get; init; }
    public required bool FullCoverage { get; init; }
    public required SideSums Sums { get; init; }
    public required int Events { get; init; }
    public required (long Low, long Best, long High) Deaths { get; init; }

    /// <summary>Reads the actor's standing contributions toward the other.</summary>
    public static DirectedPairReading Of(
        IReadOnlyCollection<Contribution> actor, IReadOnlyCollection<Contribution> world, string other, int day, MethodologyVersion methodology)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(methodology);
        // Within the pair everything counts, whether or not it leads among the actor's other pairs; an event counts by its strongest value.
        var pair = actor
            .Where(c => c.Side == Side.Coverage || (c.Side == Side.By && c.With.Contains(other)))
            .OrderBy(c => c.G).ThenByDescending(c => c.Hostility)
            .DistinctBy(c => (c.Side, c.Event, c.From))
            .Select(c => c.Side == Side.By ? c with { With = [other], Lead = true } : c)
            .ToList();
        var reading = EscalationReading.Of(pair, world, day, methodology);
        return new DirectedPairReading
        {
            Level = reading.LevelBy,
            FullCoverage = reading.FullCoverage,
            Sums = reading.By,
            Events = pair.Where(c => c.Side == Side.By && c.Day is { } d && d <= day && day - d < methodology.Decay.Count).DistinctBy(c => c.Event).Count(),
            Deaths = reading.Deaths,
        };
    }
}
