using Timeline.Contracts;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;

namespace Timeline.Domain.Escalation;

/// <summary>What a claim contributes to escalation: per subject and side once, with the opponents beside it.</summary>
public sealed class EscalationContributor : IContributor
{
    public const string Name = "escalation";

    public string Projection => Name;

    public IReadOnlyList<Contribution> Contribute(Claim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        if (claim.DirectedPairs is [var only] && claim.Event.Actors.Count <= 1 && claim.Event.Targets.Count <= 1)
        {
            return OfPair(claim, only);
        }

        var to = new List<Contribution>();
        var scored = new List<(string Subject, Side Side, string? With, CodeValue Value)>(2 * claim.DirectedPairs.Count);
        foreach (var pair in claim.DirectedPairs)
        {
            Book(scored, pair);
        }

        AddScored(claim, scored, to);
        AddMentions(claim, claim.Event.Actors, scored, to);
        AddMentions(claim, claim.Event.Targets, scored, to);
        return to;
    }

    // One pair of all the parties there are: nearly every row of a feed. Nobody is left to mention.
    private static Contribution[] OfPair(Claim claim, Pair pair)
    {
        var (actor, other, value) = pair;
        if (actor.Scope is { } inside && inside == other.Scope)
        {
            return [Score(claim, inside, Side.Internal, value, Named(OpponentInside(pair)), lead: true)];
        }

        return (actor.Subject, other.Subject) switch
        {
            ({ } by, { } against) => [Score(claim, by, Side.By, value, Named(other.Key), lead: true), Score(claim, against, Side.Against, value, Named(actor.Key), lead: true)],
            ({ } by, null) => [Score(claim, by, Side.By, value, Named(other.Key), lead: true)],
            (null, { } against) => [Score(claim, against, Side.Against, value, Named(actor.Key), lead: true)],
            _ => [],
        };
    }

    private static string[] Named(string? key) => key is null ? [] : [key];

    // Both sides are inside one country: counted once, under the opponent's name if it has one.
    private static string? OpponentInside(Pair pair) => pair.Other.Subject is null ? pair.Other.Key : pair.Actor.Subject is null ? pair.Actor.Key : null;

    private static void AddMentions(
        Claim claim, IReadOnlyList<Party> parties, List<(string Subject, Side Side, string? With, CodeValue Value)> scored, List<Contribution> to)
    {
        for (var i = 0; i < parties.Count; i++)
        {
            if (parties[i].Id is { } subject && !IsIn(scored, subject))
            {
                // Said once, however often it is named.
                scored.Add((subject, Side.Mention, null, default));
                to.Add(new Contribution
                {
                    Subject = subject, Day = claim.When.Day, From = claim.When.From, To = claim.When.To, Event = claim.Ordinal, Machine = claim.Machine,
                });
            }
        }
    }

    private static bool IsIn(List<(string Subject, Side Side, string? With, CodeValue Value)> scored, string subject)
    {
        foreach (var s in scored)
        {
            if (s.Subject == subject)
            {
                return true;
            }
        }

        return false;
    }

    private static void Book(List<(string Subject, Side Side, string? With, CodeValue Value)> scored, Pair pair)
    {
        var (actor, other, value) = pair;
        if (actor.Scope is { } inside && inside == other.Scope)
        {
            scored.Add((inside, Side.Internal, OpponentInside(pair), value));
            return;
        }

        if (actor.Subject is { } by)
        {
            scored.Add((by, Side.By, other.Key, value));
        }

        if (other.Subject is { } against)
        {
            scored.Add((against, Side.Against, actor.Key, value));
        }
    }

    private static void AddScored(Claim claim, List<(string Subject, Side Side, string? With, CodeValue Value)> scored, List<Contribution> to)
    {
        if (scored.Count == 0)
        {
            return;
        }

        // By subject and side; among values the most hostile first, which leads.
        scored.Sort(static (a, b) =>
            a.Subject != b.Subject ? string.CompareOrdinal(a.Subject, b.Subject)
            : a.Side != b.Side ? a.Side.CompareTo(b.Side)
            : a.Value.G != b.Value.G ? a.Value.G.CompareTo(b.Value.G)
            : a.Value.H != b.Value.H ? b.Value.H.CompareTo(a.Value.H)
            : string.CompareOrdinal(a.With, b.With));
        for (var i = 0; i < scored.Count;)
        {
            var first = scored[i];
            var lead = i == 0 || scored[i - 1].Subject != first.Subject || scored[i - 1].Side != first.Side;
            string[] with = first.With is { } one ? [one] : [];
            for (i++; i < scored.Count && scored[i].Subject == first.Subject && scored[i].Side == first.Side && scored[i].Value == first.Value; i++)
            {
                if (scored[i].With is { } other && (with.Length == 0 || with[^1] != other))
                {
                    with = [.. with, other];
                }
            }

            to.Add(Score(claim, first.Subject, first.Side, first.Value, with, lead));
        }
    }

    private static Contribution Score(Claim claim, string subject, Side side, CodeValue value, IReadOnlyList<string> with, bool lead)
    {
        var hostile = claim.Data as HostileData;
        var deaths = hostile?.Deaths;
        var best = deaths?.Best ?? deaths?.Low ?? 0;
        return new Contribution
        {
            Subject = subject,
            Side = side,
            Day = claim.When.Day,
            From = claim.When.From,
            To = claim.When.To,
            With = with,
            G = value.G,
            Hostility = value.H,
            Severity = SeverityOf(deaths?.Best ?? 0),
            Weight = claim.Weight,
            Machine = claim.Machine,
            Nuclear = value.H >= 2 && (hostile?.Nuclear == true || claim.Event.Coding?.Cameo is "1385" or "204" or "2041" or "2042"),
            Lead = lead,
            DeathsLow = lead ? deaths?.Low ?? best : 0,
            DeathsBest = best,
            DeathsHigh = lead ? deaths?.High ?? best : 0,
            Event = claim.Ordinal,
        };
    }

    /// <summary>1 + the number of digits of the best estimate; unknown or none: 1.</summary>
    public static int SeverityOf(int deaths)
    {
        var digits = 0;
        for (; deaths > 0; deaths /= 10)
        {
            digits++;
        }

        return 1 + digits;
    }
}
