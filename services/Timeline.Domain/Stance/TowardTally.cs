using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;

namespace Timeline.Domain.Stance;

/// <summary>Decayed sums toward each other subject, from contributions in either form.</summary>
internal sealed class TowardTally(int day, MethodologyVersion methodology, PackedView? view) : IStandingVisitor
{
    private readonly Dictionary<string, Sum> sums = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Sum> numbered = [];

    public IReadOnlyDictionary<string, Sum> Sums => sums;

    public void Add(Contribution c)
    {
        if (c.Side != Side.By || c.Day is not { } on || on > day || day - on >= methodology.Decay.Count)
        {
            return;
        }

        foreach (var other in c.With)
        {
            SumOf(other).Add(c.Event.Value, c.Cooperation, c.Conflict, c.Weight, methodology.Decay[day - on]);
        }
    }

    public bool Wants(in PackedContribution c) => c.Side == Side.By && c.With != PackedContribution.Nobody;

    public void Visit(in PackedContribution c)
    {
        if (!numbered.TryGetValue(c.With, out var sum))
        {
            numbered[c.With] = sum = SumOf(view!.NameOf(c.With));
        }

        sum.Add(c.Event, c.Cooperation, c.Conflict, c.Weight, methodology.Decay[day - c.Day]);
    }

    private Sum SumOf(string other)
    {
        if (!sums.TryGetValue(other, out var sum))
        {
            sums[other] = sum = new Sum();
        }

        return sum;
    }

    internal sealed class Sum
    {
        private readonly HashSet<long> events = [];

        public Int128 Cooperation { get; private set; }
        public Int128 Conflict { get; private set; }
        public Int128 Weight { get; private set; }

        /// <summary>Distinct ones.</summary>
        public int Events => events.Count;

        public void Add(long @event, long cooperation, long conflict, int weight, long decay)
        {
            events.Add(@event);
            Cooperation += (Int128)cooperation * decay;
            Conflict += (Int128)conflict * decay;
            Weight += (Int128)weight * decay;
        }
    }
}
