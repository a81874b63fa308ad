using Timeline.Contracts;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;

namespace Timeline.Domain.Escalation;

/// <summary>Somebody who acts or is acted upon, as the ledger names them.</summary>
/// <param name="Subject">Country or organisation that keeps a ledger of its own; null for everybody else.</param>
/// <param name="Key">How the other side's ledger names them; null where nobody in particular is named.</param>
/// <param name="Scope">The country that the party is inside, for telling internal events.</param>
internal readonly record struct PairParty(string? Subject, string? Key, string? Scope);

/// <summary>One directed pair of an event with its value.</summary>
internal readonly record struct Pair(PairParty Actor, PairParty Other, CodeValue Value);

/// <summary>Who did what to whom, by roles and codes: the one reading of a claim that both projections share.</summary>
public static class Pairs
{
    /// <summary>The event's directed pairs; empty for an event that says nothing between parties. <paramref name="coded"/>: its code counts, whatever its type.</summary>
    internal static IReadOnlyList<Pair> Of(TimelineEvent e, bool coded, MethodologyVersion methodology)
    {
        var byCode = coded || !methodology.HasTypeRows(e.Type);
        var code = byCode && e.Coding?.Cameo is { } cameo ? methodology.Cameo(cameo) : null;
        if (byCode && code is null)
        {
            return [];
        }

        if (e.Actors is [var by] && e.Targets is [var to])
        {
            // Nearly every row of a feed.
            var reads = methodology.Role(by.Role) is RoleReading.Acts or RoleReading.Joint;
            return reads && Between(e, methodology, by, to, byCode, code) is { } only ? new[] { only } : [];
        }

        var pairs = new List<Pair>();
        foreach (var actor in e.Actors)
        {
            if (methodology.Role(actor.Role) is not (RoleReading.Acts or RoleReading.Joint))
            {
                continue;
            }

            var before = pairs.Count;
            foreach (var other in e.Targets)
            {
                Add(pairs, Between(e, methodology, actor, other, byCode, code));
            }

            foreach (var other in e.Actors)
            {
                if (!ReferenceEquals(actor, other) && methodology.Role(actor.Role) == RoleReading.Joint && methodology.Role(other.Role) == RoleReading.Joint)
                {
                    Add(pairs, Between(e, methodology, actor, other, byCode, code));
                }
            }

            if (pairs.Count == before && code is { } alone && e.Targets.Count == 0)
            {
                pairs.Add(new Pair(Read(actor, methodology), default, alone));
            }
        }

        AddActorless(pairs, e, methodology, byCode, code);
        return pairs;
    }

    /// <summary>The parties that keep a ledger, each once, in the order in which they are named.</summary>
    public static IReadOnlyList<string> SubjectsOf(TimelineEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var subjects = new List<string>(2);
        foreach (var parties in (ReadOnlySpan<IReadOnlyList<Party>>)[e.Actors, e.Targets])
        {
            foreach (var party in parties)
            {
                if (party.Id is { } id && !subjects.Contains(id))
                {
                    subjects.Add(id);
                }
            }
        }

        return subjects;
    }

    /// <summary>How a party is told from others: its id, or its name where it has none.</summary>
    internal static string? NameOf(Party party) => party.Id ?? (party.Name is { } name ? "name:" + name : null);

    // A coded row may name only whom it happened to.
    private static void AddActorless(List<Pair> pairs, TimelineEvent e, MethodologyVersion methodology, bool byCode, CodeValue? code)
    {
        if (!byCode || code is not { } value || e.Actors.Count > 0)
        {
            return;
        }

        foreach (var other in e.Targets)
        {
            if (Applies(value, methodology.Role(other.Role)))
            {
                pairs.Add(new Pair(default, Read(other, methodology), value));
            }
        }
    }

    private static void Add(List<Pair> pairs, Pair? pair)
    {
        if (pair is { } found)
        {
            pairs.Add(found);
        }
    }

    private static Pair? Between(TimelineEvent e, MethodologyVersion methodology, Party actor, Party other, bool byCode, CodeValue? code)
    {
        CodeValue value;
        if (byCode)
        {
            if (code is not { } coded || !Applies(coded, methodology.Role(other.Role)))
            {
                return null;
            }

            value = coded;
        }
        else if (methodology.TypeValue(e.Type, other.Role) is { } typed)
        {
            value = typed;
        }
        else
        {
            return null;
        }

        var a = Read(actor, methodology);
        var b = Read(other, methodology);
        return a.Subject is null || a.Subject != b.Subject || a.Scope is not null ? new Pair(a, b, value) : null;
    }

    // Hostile values fall on targets and adversaries, cooperative ones on beneficiaries and recipients, neutral ones on any of them.
    private static bool Applies(CodeValue value, RoleReading? role) => role switch
    {
        RoleReading.Joint => true,
        RoleReading.Hostile => value.G <= 0,
        RoleReading.Cooperative => value.G > 0 || (value.G == 0 && value.H == 0),
        _ => false,
    };

    private static PairParty Read(Party party, MethodologyVersion methodology)
    {
        if (party.Id is { } id)
        {
            return new PairParty(id, id, methodology.IsCountry(id) ? id : null);
        }

        return new PairParty(null, party.Kind == PartyKinds.ArmedGroup ? NameOf(party) : null, party.Country);
    }
}
