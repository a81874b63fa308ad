using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>
/// What a set of facts that speak of one another amounts to. A pure function of the set: versions, withdrawals, denials, links and repeats
/// are decided by weight, published day and id, never by order of arrival.
/// </summary>
internal sealed class ClusterReading
{
    private readonly Dictionary<string, Fact> byId = new(StringComparer.Ordinal);
    private readonly ILookup<string, Fact> replacements;
    private readonly HashSet<string> withdrawnLinks;
    private readonly HashSet<string> retracted = new(StringComparer.Ordinal);

    private ClusterReading(IEnumerable<Fact> facts)
    {
        foreach (var fact in facts)
        {
            byId[fact.Id] = fact;
        }

        replacements = byId.Values.Where(f => f.Replaces is not null).ToLookup(f => f.Replaces!, StringComparer.Ordinal);
        DecideRetracted();
        withdrawnLinks = [.. byId.Values.Where(f => f.Unlinks is not null && !IsRetracted(f)).Select(f => f.Unlinks!)];
    }

    /// <summary>The contributions of the facts, each the number of times that it counts (always once).</summary>
    public static List<Contribution> Of(IEnumerable<Fact> facts)
    {
        var reading = new ClusterReading(facts);
        var to = new List<Contribution>();
        reading.Contribute(to);
        return to;
    }

    private void Contribute(List<Contribution> to)
    {
        // A root is a claim in its own right; every version that replaces it speaks in its place.
        var standing = new Dictionary<string, Standing>(StringComparer.Ordinal);
        foreach (var root in byId.Values.Where(f => f.IsClaim && f.Replaces is null))
        {
            if (InForce(root) is { } version)
            {
                standing[root.Id] = new Standing(root, version);
            }
        }

        // Of a replacement whose target has not come yet nothing is known but its content: it waits.
        Contest(standing);
        foreach (var group in Groups(standing))
        {
            var counted = Elect(group);
            foreach (var member in group)
            {
                member.ContributeTo(to, counts: ReferenceEquals(member, counted));
            }
        }
    }

    // Among replacements of one version the greater weight, then the smaller id, decides. Null: withdrawn.
    private Fact? InForce(Fact root)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { root.Id };
        var version = root;
        while (Replacement(version.Id) is { } next && seen.Add(next.Id))
        {
            version = next;
        }

        return version.IsClaim ? version : null;
    }

    // A replacement that was itself retracted was never told: what it replaced speaks again.
    private Fact? Replacement(string id) =>
        replacements[id].Where(f => !IsRetracted(f)).OrderByDescending(f => f.Weight).ThenBy(f => f.Id, StringComparer.Ordinal).FirstOrDefault();

    private bool IsRetracted(Fact fact) => retracted.Contains(fact.Id);

    // Every event replaces one other at most, so what replaces nothing that was replaced is decided first, and nothing is asked twice, however long
    // the chain. Events that replace one another in a circle are never reached: none of them is retracted.
    private void DecideRetracted()
    {
        var open = byId.Keys.ToDictionary(id => id, id => replacements[id].Count(), StringComparer.Ordinal);
        var decided = new Queue<Fact>(byId.Values.Where(f => open[f.Id] == 0));
        while (decided.TryDequeue(out var fact))
        {
            if (Replacement(fact.Id) is { IsClaim: false })
            {
                retracted.Add(fact.Id);
            }

            if (fact.Replaces is { } replaced && byId.TryGetValue(replaced, out var earlier) && --open[replaced] == 0)
            {
                decided.Enqueue(earlier);
            }
        }
    }

    // Who names a version speaks of the claim; where that version was retracted, of nothing. Events that replace one another in a circle lead nowhere.
    private string RootOf(string id)
    {
        var versions = new List<Fact>();
        var root = id;
        while (byId.TryGetValue(root, out var fact) && fact.Replaces is { } replaced)
        {
            if (versions.Exists(v => ReferenceEquals(v, fact)))
            {
                return id;
            }

            versions.Add(fact);
            root = replaced;
        }

        return versions.Find(IsRetracted)?.Id ?? root;
    }

    private void Contest(Dictionary<string, Standing> standing)
    {
        foreach (var contester in standing.Values)
        {
            foreach (var id in contester.Version.Contests)
            {
                if (standing.TryGetValue(RootOf(id), out var target) && !ReferenceEquals(target, contester))
                {
                    target.ContestedBy.Add(contester.Version.Ordinal);
                    target.Halved |= contester.Version.Denies
                        && contester.Version.ClaimWeight >= target.Version.ClaimWeight
                        && !contester.Version.ActorIds.Intersect(target.Version.ActorIds, StringComparer.Ordinal).Any();
                }
            }
        }
    }

    // A unit is a row with its uncorrected repeats, or one event; links made by hand join units.
    private IEnumerable<List<Standing>> Groups(Dictionary<string, Standing> standing)
    {
        var unitOf = standing.Values.ToDictionary(s => s.Root.Id, UnitOf, StringComparer.Ordinal);
        var joined = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var link in byId.Values.Where(f => f.Links.Count > 1 && !IsRetracted(f) && !withdrawnLinks.Contains(f.Id)))
        {
            foreach (var id in link.Links)
            {
                if (standing.TryGetValue(RootOf(id), out var named))
                {
                    named.IsLinked = true;
                }
            }

            var first = UnitNamed(link.Links[0], unitOf);
            foreach (var other in link.Links.Skip(1))
            {
                Join(joined, first, UnitNamed(other, unitOf));
            }
        }

        return standing.Values
            .GroupBy(s => Find(joined, unitOf[s.Root.Id]), StringComparer.Ordinal)
            .Select(g => g.ToList());
    }

    private string UnitNamed(string id, Dictionary<string, string> unitOf)
    {
        var root = RootOf(id);
        return unitOf.GetValueOrDefault(root, root);
    }

    private string UnitOf(Standing s)
    {
        var uncorrected = ReferenceEquals(s.Root, s.Version);
        if (s.Root.RepeatOf is { } first && uncorrected && !withdrawnLinks.Contains(s.Root.Id))
        {
            s.Unit = "rows of " + first;
        }
        else if (uncorrected && s.Root.RepeatOf is null)
        {
            // The first row of a group is in it under its own id; alone, the name makes no difference.
            s.Unit = "rows of " + s.Root.Id;
        }
        else
        {
            s.Unit = "event " + s.Root.Id;
        }

        return s.Unit;
    }

    // The unit of greatest rank counts, and in it the member of greatest rank. A unit's rank is that of the events that links name and of the one that
    // gives it its name, so that partitions which see only those decide alike.
    private static Standing? Elect(List<Standing> group)
    {
        var scoring = group.Where(s => s.Version.Scores);
        var units = scoring.GroupBy(s => s.Unit, StringComparer.Ordinal).ToList();
        if (units.Count == 0)
        {
            return null;
        }

        var elected = units.Count == 1
            ? units[0]
            : units.OrderBy(u => Best(u.Where(s => s.NamesUnit || s.IsLinked).DefaultIfEmpty(Best(u))), Standing.ByRank).First();
        return Best(elected);
    }

    private static Standing Best(IEnumerable<Standing> members) => members.Order(Standing.ByRank).First();

    private static string Find(Dictionary<string, string> joined, string unit)
    {
        while (joined.TryGetValue(unit, out var next))
        {
            unit = next;
        }

        return unit;
    }

    private static void Join(Dictionary<string, string> joined, string a, string b)
    {
        a = Find(joined, a);
        b = Find(joined, b);
        if (a != b)
        {
            var (small, great) = string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);
            joined[great] = small;
        }
    }

    /// <summary>A claim with the version that speaks for it now.</summary>
    private sealed class Standing(Fact root, Fact version)
    {
        public static readonly IComparer<Standing> ByRank = Comparer<Standing>.Create(static (a, b) =>
            Fact.CompareRank(a.Weight, a.Version.Published, a.Root.Id, b.Weight, b.Version.Published, b.Root.Id));

        public Fact Root => root;
        public Fact Version => version;
        public SortedSet<Ordinal> ContestedBy { get; } = [];
        public bool Halved { get; set; }
        public string Unit { get; set; } = "";
        public bool IsLinked { get; set; }
        public bool NamesUnit => root.RepeatOf is null;

        /// <summary>Per mille, halved by a denial that counts.</summary>
        public int Weight => Halved ? version.ClaimWeight / 2 : version.ClaimWeight;

        public void ContributeTo(List<Contribution> to, bool counts)
        {
            Ordinal[] contested = [.. ContestedBy];
            if (counts || !version.Scores)
            {
                foreach (var c in version.Contributions)
                {
                    to.Add(c with { Weight = Halved ? c.Weight / 2 : c.Weight, ContestedBy = contested, ClaimId = c.ClaimId is null ? null : root.Id });
                }

                return;
            }

            to.AddRange(version.AsDuplicate().Select(c => c with { ContestedBy = contested }));
        }
    }
}
