using Timeline.Contracts.Answers;
using Timeline.Contracts.Changes;
using Timeline.Domain.Escalation;
using Timeline.Domain.Methodology;

namespace Timeline.Domain.Changes;

/// <summary>Readings as changes and snapshots carry them.</summary>
public static class EscalationStates
{
    public static EscalationState Of(EscalationReading r, MethodologyParameters p)
    {
        ArgumentNullException.ThrowIfNull(r);
        ArgumentNullException.ThrowIfNull(p);
        return Of(r.Level, r.CoveredDays, p.LevelWindowDays, new NuclearSignal(r.NuclearBy, r.NuclearAgainst));
    }

    /// <summary>Before any day has turned.</summary>
    public static EscalationState Unknown(MethodologyParameters p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return Of(null, 0, p.LevelWindowDays, new NuclearSignal(false, false));
    }

    internal static EscalationState Of(int? level, int covered, int days, NuclearSignal nuclear) => new(
        level, covered == days ? Bounds.Exact : level is null ? Bounds.Unknown : Bounds.AtLeast, Levels.NameOf(level), new DayCoverage(covered, days, covered == days), nuclear);
}
