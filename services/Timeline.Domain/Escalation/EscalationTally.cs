using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;

namespace Timeline.Domain.Escalation;

/// <summary>
/// What a reading adds up, from contributions in either form. Conflict is added up by day before it is weighted by decay, which is the same sum in integers.
/// </summary>
internal sealed class EscalationTally
{
    private const int Kinds = 3, Acts = 0, Threats = 1, Words = 2;
    private readonly int day;
    private readonly MethodologyParameters p;
    private readonly PackedView? view;
    private readonly int ages;
    private readonly long[] decay;
    private readonly long[] conflict;
    private readonly Dictionary<string, PairWindow>[] pairs = [new(StringComparer.Ordinal), new(StringComparer.Ordinal), new(StringComparer.Ordinal)];
    private readonly Dictionary<int, PairWindow>[] numbered = [[], [], []];
    private readonly bool[] tension = new bool[3];
    private readonly bool[] nuclear = new bool[3];
    private readonly Heaviest heaviest;

    /// <summary>A tally of what counts on a day; <paramref name="view"/>: where packed contributions come from; <paramref name="most"/>: so many entries are kept, at least one.</summary>
    public EscalationTally(int day, MethodologyVersion methodology, PackedView? view, int most)
    {
        this.day = day;
        this.view = view;
        p = methodology.Parameters;
        decay = [.. methodology.Decay];
        ages = EscalationReading.LongestWindow(p) + 1;
        conflict = new long[3 * Kinds * ages];
        heaviest = new Heaviest(most);
    }

    /// <summary>How many entries there are to list.</summary>
    public int Total { get; private set; }

    /// <summary>Adds a contribution that stands and has a day within the longest window.</summary>
    public void Add(Contribution c)
    {
        var age = day - c.Day!.Value;
        AddConflict(c.Side, c.Hostility, c.Lead, age, c.Conflict, 1);
        nuclear[IndexOf(c.Side)] |= c.Nuclear && c.Hostility >= Levels.Threats && age < p.NuclearWindowDays;
        if (c.Lead && c.Hostility >= Levels.Threats && RawOf(c.Conflict, age) is var raw && heaviest.Admits(raw, c.Event.Value))
        {
            heaviest.Add(new Candidate(raw, c.Event.Value, c.Side, c, default));
        }

        if (age >= p.LevelWindowDays)
        {
            return;
        }

        tension[IndexOf(c.Side)] |= c.Hostility >= 1;
        if (c.With.Count == 0 && c.Side == Side.Internal)
        {
            PairOf(c.Side, "").Add(c.Hostility, c.Weight, c.Machine, c.DeathsBest, age);
        }

        foreach (var other in c.With)
        {
            PairOf(c.Side, other).Add(c.Hostility, c.Weight, c.Machine, c.DeathsBest, age);
        }
    }

    /// <summary>The packed contributions: all of them for the sums, those that stand for the rest.</summary>
    public void AddPacked()
    {
        if (view is not null)
        {
            view.EachEntry(day - ages + 1, day, new AllOfThem(this));
            var window = Math.Max(p.LevelWindowDays, Math.Max(p.NuclearWindowDays, decay.Length));
            view.EachStanding(day - Math.Min(ages, window) + 1, day, new Standing(this));
        }
    }

    // Sums only: what was taken back cancels.
    private void AddSum(in PackedContribution c, int sign)
    {
        if (c.G < 0 && c.Lead && IsScored(c))
        {
            AddConflict(c.Side, c.Hostility, true, day - c.Day, c.Conflict, sign);
        }
    }

    private bool Wants(in PackedContribution c)
    {
        var age = day - c.Day;
        return IsScored(c) && (age < p.LevelWindowDays || c.Nuclear || (IsListed(c) && heaviest.Admits(RawOf(c.Conflict, age), c.Event)));
    }

    private void AddStanding(in PackedContribution c)
    {
        var age = day - c.Day;
        var side = IndexOf(c.Side);
        nuclear[side] |= c.Nuclear && c.Hostility >= Levels.Threats && age < p.NuclearWindowDays;
        if (IsListed(c) && RawOf(c.Conflict, age) is var raw && heaviest.Admits(raw, c.Event))
        {
            heaviest.Add(new Candidate(raw, c.Event, c.Side, null, c));
        }

        if (age >= p.LevelWindowDays)
        {
            return;
        }

        tension[side] |= c.Hostility >= 1;
        if (c.With != PackedContribution.Nobody || c.Side == Side.Internal)
        {
            if (!numbered[side].TryGetValue(c.With, out var window))
            {
                numbered[side][c.With] = window = PairOf(c.Side, c.With == PackedContribution.Nobody ? "" : view!.NameOf(c.With));
            }

            window.Add(c.Hostility, c.Weight, true, 0, age);
        }
    }

    public SideSums Sums(Side side) => new(Decayed(side, Acts), Decayed(side, Threats), Decayed(side, Words));

    /// <summary>Undecayed conflict of acts and threats, all sides, of an age in days from the first up to the last, excluded.</summary>
    public long Between(int from, int to)
    {
        var sum = 0L;
        for (var side = Side.By; side <= Side.Internal; side++)
        {
            for (var age = from; age < Math.Min(to, ages); age++)
            {
                sum += conflict[At(side, Acts, age)] + conflict[At(side, Threats, age)];
            }
        }

        return sum;
    }

    public bool HasNuclear(Side side) => nuclear[IndexOf(side)];

    public int LevelOf(Side side)
    {
        var level = pairs[IndexOf(side)].Values.Select(w => w.Level()).DefaultIfEmpty(Levels.Calm).Max();
        return Math.Max(level, tension[IndexOf(side)] ? Levels.Tension : Levels.Calm);
    }

    /// <summary>The heaviest first.</summary>
    public IReadOnlyList<Weighed> Entries() =>
        [.. heaviest.InOrder().Select(c => new Weighed(c.Contribution ?? c.Packed.ToContribution(view!.Subject, view.NameOf), c.Raw))];

    private static bool IsScored(in PackedContribution c) => c.Side is Side.By or Side.Against or Side.Internal && c.Weight > 0;

    private static bool IsListed(in PackedContribution c) => c.Lead && c.Hostility >= Levels.Threats;

    private static int IndexOf(Side side) => side - Side.By;

    private int At(Side side, int kind, int age) => (((IndexOf(side) * Kinds) + kind) * ages) + age;

    // Goldstein tenths below 2^7, weight below 2^31, severity up to 11 and decay up to 2^20 stay within 62 bits; only sums need more.
    private long RawOf(long conflict, int age) => age < decay.Length ? conflict * decay[age] : 0;

    private void AddConflict(Side side, int hostility, bool lead, int age, long amount, int sign)
    {
        if (!lead || amount == 0)
        {
            return;
        }

        conflict[At(side, hostility >= Levels.DisplayOfForce ? Acts : hostility == Levels.Threats ? Threats : Words, age)] += sign * amount;
        Total += hostility >= Levels.Threats && age < decay.Length && decay[age] > 0 ? sign : 0;
    }

    private Int128 Decayed(Side side, int kind)
    {
        Int128 sum = 0;
        for (var age = 0; age < Math.Min(ages, decay.Length); age++)
        {
            sum += (Int128)conflict[At(side, kind, age)] * decay[age];
        }

        return sum;
    }

    private PairWindow PairOf(Side side, string other)
    {
        var windows = pairs[IndexOf(side)];
        if (!windows.TryGetValue(other, out var window))
        {
            windows[other] = window = new PairWindow(p, side == Side.Internal);
        }

        return window;
    }

    // Structs, so that the loops over a million entries are compiled with what they do inside.
    private readonly struct AllOfThem(EscalationTally tally) : IEntryVisitor
    {
        public void Visit(in PackedContribution c, int sign) => tally.AddSum(c, sign);
    }

    private readonly struct Standing(EscalationTally tally) : IStandingVisitor
    {
        public bool Wants(in PackedContribution c) => tally.Wants(c);

        public void Visit(in PackedContribution c) => tally.AddStanding(c);
    }
}
