using Timeline.Contracts;
using Timeline.Domain.Escalation;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;

namespace Timeline.Domain.Stance;

/// <summary>What a claim contributes to stance: positions on issues, and cooperation or conflict toward others.</summary>
public sealed class StanceContributor(MethodologyVersion methodology) : IContributor
{
    public const string Name = "stance";

    public string Projection => Name;

    public IReadOnlyList<Contribution> Contribute(Claim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        if (!claim.Scores)
        {
            return [];
        }

        // Most claims have one pair, or none between two subjects, and no position: what those cost is what a rebuild costs.
        if (claim.DirectedPairs is [] or [_] && claim.Event.Issue is null)
        {
            return claim.DirectedPairs is [var only] && IsBetweenSubjects(only)
                ? new[] { Toward(claim, only.Actor.Subject!, only.Value, new[] { only.Other.Subject! }) }
                : [];
        }

        var to = new List<Contribution>();
        AddToward(claim, to);
        if (claim.Event is { Issue: { } issue, Position: { } position })
        {
            AddPositions(claim, issue, position, to);
        }

        return to;
    }

    private static void AddToward(Claim claim, List<Contribution> to)
    {
        foreach (var pair in claim.DirectedPairs.Where(IsBetweenSubjects).GroupBy(p => (p.Actor.Subject, p.Value)))
        {
            to.Add(Toward(claim, pair.Key.Subject!, pair.Key.Value, [.. pair.Select(p => p.Other.Subject!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]));
        }
    }

    private static Contribution Toward(Claim claim, string subject, CodeValue value, IReadOnlyList<string> others) => new()
    {
        Subject = subject,
        Side = Side.By,
        Day = claim.When.Day,
        From = claim.When.From,
        To = claim.When.To,
        With = others,
        G = value.G,
        Hostility = value.H,
        Severity = EscalationContributor.SeverityOf((claim.Data as HostileData)?.Deaths?.Best ?? 0),
        Weight = claim.Weight,
        Machine = claim.Machine,
        Event = claim.Ordinal,
    };

    private static bool IsBetweenSubjects(Pair p) => p.Actor.Subject is not null && p.Other.Subject is not null && p.Actor.Subject != p.Other.Subject;

    // Whoever acts speaks for itself; a report speaks about those who are its subject.
    private void AddPositions(Claim claim, string issue, int position, List<Contribution> to)
    {
        var report = claim.Event.Type is EventTypes.ReportPublished or EventTypes.AssessmentPublished;
        foreach (var holder in claim.Event.Actors.Concat(claim.Event.Targets).Where(p => p.Id is not null).GroupBy(p => p.Id!))
        {
            var about = holder.Any(p => p.Role == "subject");
            var own = !report && holder.Any(p => methodology.Role(p.Role) is RoleReading.Acts or RoleReading.Joint);
            if (own || about)
            {
                to.Add(new Contribution
                {
                    Subject = holder.Key,
                    Side = own ? Side.OwnWords : Side.Report,
                    Day = claim.When.Day,
                    From = claim.When.Day ?? claim.Reported,
                    To = claim.When.Day ?? claim.Reported,
                    Issue = issue,
                    Position = position,
                    Office = holder.Max(p => RankOf(p.Office)),
                    Weight = claim.Weight,
                    Event = claim.Ordinal,
                    ClaimId = claim.Id,
                });
            }
        }
    }

    private static int RankOf(string? office) => office switch
    {
        Offices.Head => 3,
        Offices.Minister => 2,
        Offices.Official => 1,
        _ => 0,
    };
}
