using Timeline.Contracts;
using Timeline.Contracts.Answers;

namespace Timeline.Ingest.Parked;

/// <summary>The decisions about parked events that stand, in the order of their stream.</summary>
internal sealed class DecisionsTaken
{
    private readonly List<(ParkedDecision? Decision, long Ordinal)> all = [];

    public int Count => all.Count;

    /// <summary>Adds the next of the stream; null: it can't be read.</summary>
    public void Add(ParkedDecision? decision, long ordinal) => all.Add((decision, ordinal));

    /// <summary>A redrive that does not say after how many attempts it comes is the next one.</summary>
    public ParkedDecision Numbered(ParkedDecision decision) => decision is ParkedRedrivenData { After: 0 } asked
        ? asked with { After = 1 + all.Select(d => d.Decision).OfType<ParkedRedrivenData>().Where(r => IsSame(r, asked)).Select(static r => r.After).DefaultIfEmpty(0).Max() }
        : decision;

    /// <summary>What stands against recording it: the same decision, or a drop, which holds for good. Null: nothing.</summary>
    public (string Status, long Revision, long Ordinal)? Find(ParkedDecision decision)
    {
        for (var i = 0; i < all.Count; i++)
        {
            switch (all[i].Decision)
            {
                case ParkedDroppedData drop when drop.Event == decision.Event && drop.Subject == decision.Subject && (drop.Projection is null || drop.Projection == decision.Projection):
                    return (decision is ParkedDroppedData ? ParkedDecided.Already : ParkedDecided.Dropped, i, all[i].Ordinal);
                case ParkedRedrivenData redrive when decision is ParkedRedrivenData asked && IsSame(redrive, asked) && redrive.After == asked.After:
                    return (ParkedDecided.Already, i, all[i].Ordinal);
            }
        }

        return null;
    }

    private static bool IsSame(ParkedDecision a, ParkedDecision b) => a.Event == b.Event && a.Subject == b.Subject && a.Projection == b.Projection;
}
