using Timeline.Domain.Ledger;

namespace Timeline.Domain.Escalation;

/// <summary>An entry that may be listed, in either form.</summary>
internal readonly record struct Candidate(Int128 Raw, long Event, Side Side, Contribution? Contribution, PackedContribution Packed);

/// <summary>Keeps the heaviest entries, so many at most: by weight, then the earlier event, then the side. What is equal keeps its order.</summary>
internal sealed class Heaviest(int most)
{
    private readonly List<Candidate> kept = [];
    private Int128 least;

    /// <summary>False for a weight that is below those of so many already.</summary>
    public bool Admits(Int128 raw) => raw >= least;

    public void Add(in Candidate candidate)
    {
        kept.Add(candidate);
        if (kept.Count - most >= Math.Max(64, most))
        {
            Cut();
            least = kept.Count > 0 ? kept[^1].Raw : Int128.MaxValue;
        }
    }

    public IReadOnlyList<Candidate> InOrder()
    {
        Cut();
        return kept;
    }

    private void Cut()
    {
        var ordered = kept.OrderByDescending(c => c.Raw).ThenBy(c => c.Event).ThenBy(c => c.Side).Take(most).ToList();
        kept.Clear();
        kept.AddRange(ordered);
    }
}
