using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>What an entry says of its subject.</summary>
public enum Side : byte
{
    /// <summary>The event names the subject and moves nothing.</summary>
    Mention = 0,

    /// <summary>The subject acted.</summary>
    By = 1,

    /// <summary>The subject was the target.</summary>
    Against = 2,

    /// <summary>All parties are inside the subject.</summary>
    Internal = 3,

    /// <summary>The subject's own position on an issue.</summary>
    OwnWords = 4,

    /// <summary>A report about the subject's position.</summary>
    Report = 5,

    /// <summary>A feed declared itself complete; <c>From</c> and <c>To</c> are minutes since 1970, the end excluded.</summary>
    Coverage = 6,

    /// <summary>A day of the world began.</summary>
    DayTurned = 7,
}

/// <summary>
/// What one event says about one subject, in integers: immutable and compared by value. The ledger holds it with a sign.
/// Day numbers are those of <see cref="DateOnly.DayNumber"/>.
/// </summary>
public sealed record Contribution
{
    public required string Subject { get; init; }

    /// <summary>The day it counts on; null counts nowhere and may lie from <see cref="From"/> to <see cref="To"/>.</summary>
    public int? Day { get; init; }
    public int From { get; init; }
    public int To { get; init; }

    public Side Side { get; init; }

    /// <summary>The opponents or partners, ordinally sorted, distinct: ids, or <c>name:…</c> for armed groups.</summary>
    public IReadOnlyList<string> With { get; init; } = [];

    /// <summary>Goldstein tenths, -100 to 100.</summary>
    public int G { get; init; }

    /// <summary>Hostility 0 to 5.</summary>
    public int Hostility { get; init; }

    /// <summary>1 + the number of digits of the best estimate of deaths.</summary>
    public int Severity { get; init; } = 1;

    /// <summary>Per mille.</summary>
    public int Weight { get; init; }
    public bool Machine { get; init; }
    public bool Nuclear { get; init; }

    /// <summary>It counts in the subject's own sums; the others of the same event and side count only in their pairs.</summary>
    public bool Lead { get; init; }
    public int DeathsLow { get; init; }
    public int DeathsBest { get; init; }
    public int DeathsHigh { get; init; }

    public string? Issue { get; init; }

    /// <summary>-2 to 2.</summary>
    public int Position { get; init; }

    /// <summary>3 head of state or government, 2 minister, 1 other official, 0 spokesperson or nobody named.</summary>
    public int Office { get; init; }

    /// <summary>Of positions only: the id of the claim, which decides between two that are equal otherwise. A correction keeps that of the claim.</summary>
    public string? ClaimId { get; init; }

    /// <summary>Events that deny, doubt or contradict it, ascending.</summary>
    public IReadOnlyList<Ordinal> ContestedBy { get; init; } = [];

    /// <summary>The event, in the version in force.</summary>
    public Ordinal Event { get; init; }

    /// <summary>Conflict: Goldstein tenths x per mille x severity; acts, threats and words alike.</summary>
    public long Conflict => G < 0 ? (long)-G * Weight * Severity : 0;

    /// <summary>Cooperation: Goldstein tenths x per mille.</summary>
    public long Cooperation => G > 0 ? (long)G * Weight : 0;

    public bool Equals(Contribution? other) =>
        other is not null && Subject == other.Subject && Event == other.Event && Side == other.Side && Day == other.Day && From == other.From
        && To == other.To && G == other.G && Hostility == other.Hostility && Severity == other.Severity && Weight == other.Weight
        && Machine == other.Machine && Nuclear == other.Nuclear && Lead == other.Lead && DeathsLow == other.DeathsLow
        && DeathsBest == other.DeathsBest && DeathsHigh == other.DeathsHigh && Issue == other.Issue && Position == other.Position
        && Office == other.Office && ClaimId == other.ClaimId && With.SequenceEqual(other.With) && ContestedBy.SequenceEqual(other.ContestedBy);

    public override int GetHashCode() => HashCode.Combine(Subject, Event, Side, Day, G, Weight, Issue, With.Count);
}

/// <summary>
/// One line of the ledger: from <see cref="Ordinal"/> in log order and from the reported day on, the contribution counts once more (+1) or once
/// less (-1). Nothing is ever updated: an answer is the sum of the entries within its clocks.
/// </summary>
public readonly record struct LedgerEntry(Ordinal Ordinal, int Reported, int Sign, Contribution Contribution);
