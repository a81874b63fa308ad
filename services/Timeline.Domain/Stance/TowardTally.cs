using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;

namespace Timeline.Domain.Stance;

/// <summary>Decayed sums toward each other subject, from contributions in either form.</summary>
internal sealed class TowardTally(int day, MethodologyVersion methodology, PackedView? view)
{
    private readonly long[] decay = [.. methodology.Decay];
    private readonly Dictionary<string, Sum> sums = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Sum> numbered = [];

    public IReadOnlyDictionary<string, Sum> Sums => sums;

    public void Add(Contribution c)
    {
        if (c.Side != Side.By || c.Day is not { } on || on > day || day - on >= decay.Length)
        {
            return;
        }

        foreach (var other in c.With)
        {
            SumOf(other).Add(c.Event.Value, c.Cooperation, c.Conflict, c.Weight, decay[day - on]);
        }
    }

    /// <summary>All that stands in the view.</summary>
    public void AddPacked() => view?.EachStanding(day - decay.Length + 1, day, new Standing(this));

    private static bool Wants(in PackedContribution c) => c.Side == Side.By && c.With != PackedContribution.Nobody;

    private void Visit(in PackedContribution c)
    {
        if (!numbered.TryGetValue(c.With, out var sum))
        {
            numbered[c.With] = sum = SumOf(view!.NameOf(c.With));
        }

        sum.Add(c.Event, c.Cooperation, c.Conflict, c.Weight, decay[day - c.Day]);
    }

    private Sum SumOf(string other)
    {
        if (!sums.TryGetValue(other, out var sum))
        {
            sums[other] = sum = new Sum();
        }

        return sum;
    }

    private readonly struct Standing(TowardTally tally) : IStandingVisitor
    {
        public bool Wants(in PackedContribution c) => TowardTally.Wants(c);

        public void Visit(in PackedContribution c) => tally.Visit(c);
    }

    internal sealed class Sum
    {
        private readonly List<long> events = [];
        private bool isUnsorted;

        public Int128 Cooperation { get; private set; }
        public Int128 Conflict { get; private set; }
        public Int128 Weight { get; private set; }

        /// <summary>Distinct ones.</summary>
        public int CountEvents()
        {
            if (isUnsorted)
            {
                events.Sort();
            }

            var count = 0;
            for (var i = 0; i < events.Count; i++)
            {
                count += i == 0 || events[i] != events[i - 1] ? 1 : 0;
            }

            return count;
        }

        // One product stays within 62 bits: tenths below 2^7, weight below 2^31, severity up to 11, decay up to 2^20.
        public void Add(long @event, long cooperation, long conflict, int weight, long decay)
        {
            isUnsorted |= events.Count > 0 && @event < events[^1];
            events.Add(@event);
            Weight += weight * decay;
            if (cooperation != 0)
            {
                Cooperation += cooperation * decay;
            }
            else if (conflict != 0)
            {
                Conflict += conflict * decay;
            }
        }
    }
}
