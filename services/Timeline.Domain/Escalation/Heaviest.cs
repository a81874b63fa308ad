using Timeline.Domain.Ledger;

namespace Timeline.Domain.Escalation;

/// <summary>An entry that may be listed, in either form.</summary>
internal readonly record struct Candidate(long Raw, long Event, Side Side, Contribution? Contribution, PackedContribution Packed);

/// <summary>Keeps the heaviest entries, so many at most: by weight, then the earlier event, then the side. What is equal keeps its order.</summary>
internal sealed class Heaviest(int most)
{
    private static readonly Comparer<(Candidate Entry, int Number)> InOrderOfWeight = Comparer<(Candidate Entry, int Number)>.Create(static (a, b) =>
        a.Entry.Raw != b.Entry.Raw ? b.Entry.Raw.CompareTo(a.Entry.Raw)
        : a.Entry.Event != b.Entry.Event ? a.Entry.Event.CompareTo(b.Entry.Event)
        : a.Entry.Side != b.Entry.Side ? a.Entry.Side.CompareTo(b.Entry.Side)
        : a.Number.CompareTo(b.Number));

    private readonly List<(Candidate Entry, int Number)> kept = [];
    private (long Raw, long Event) last = (0, long.MaxValue);
    private int number;

    /// <summary>False for nothing, and for what comes behind so many already.</summary>
    public bool Admits(long raw, long @event) => raw > last.Raw || (raw == last.Raw && raw > 0 && @event <= last.Event);

    public void Add(in Candidate candidate)
    {
        kept.Add((candidate, number++));
        if (kept.Count - most >= Math.Max(256, most))
        {
            Cut();
            last = (kept[^1].Entry.Raw, kept[^1].Entry.Event);
        }
    }

    public IEnumerable<Candidate> InOrder()
    {
        Cut();
        return kept.Select(k => k.Entry);
    }

    private void Cut()
    {
        kept.Sort(InOrderOfWeight);
        if (kept.Count > most)
        {
            kept.RemoveRange(most, kept.Count - most);
        }
    }
}
