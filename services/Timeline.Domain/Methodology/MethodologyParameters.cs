using System.Collections.Frozen;

namespace Timeline.Domain.Methodology;

/// <summary>The numbers of <c>parameters.tsv</c>; that file gives the unit and the reason of each.</summary>
public sealed record MethodologyParameters
{
    private static readonly FrozenDictionary<string, (int Least, int Most)> Ranges = new Dictionary<string, (int, int)>(StringComparer.Ordinal)
    {
        ["half-life"] = (1, 3660),
        ["decay-scale"] = (1, 1 << 20),
        ["intensity-window"] = (1, 3660),
        ["level-window"] = (1, 128),
        ["nuclear-window"] = (1, 3660),
        ["unusual-window"] = (1, 3660),
        ["trend"] = (1, 366),
        ["graded-weight"] = (1, 1_000_000),
        ["machine-events"] = (1, 1_000_000),
        ["machine-days"] = (1, 366),
        ["machine-weight"] = (1, 1_000_000),
        ["machine-share"] = (0, 1000),
        ["gdelt-internal-cap"] = (0, 5),
        ["war-days"] = (1, 366),
        ["war-deaths"] = (1, 1_000_000),
        ["drivers"] = (1, 1000),
        ["stance-dampening"] = (0, 1_000_000),
        ["position-window"] = (1, 366),
        ["ambiguity-window"] = (1, 3660),
        ["gdelt-weight-per-source"] = (0, 1000),
        ["gdelt-max-sources"] = (1, 1000),
        ["longest-countable-interval"] = (1, 366),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Days.</summary>
    public required int HalfLifeDays { get; init; }

    /// <summary>The value of <see cref="MethodologyVersion.Decay"/> that stands for one.</summary>
    public required int DecayScale { get; init; }

    /// <summary>Days that intensity sums over; as many as <see cref="MethodologyVersion.Decay"/> has values.</summary>
    public required int IntensityWindowDays { get; init; }

    /// <summary>Days that a level looks back, the day itself included.</summary>
    public required int LevelWindowDays { get; init; }

    /// <summary>Days that a nuclear signal lasts.</summary>
    public required int NuclearWindowDays { get; init; }

    /// <summary>Days before the level window that say what is usual.</summary>
    public required int UnusualWindowDays { get; init; }

    /// <summary>Days that are compared with as many before.</summary>
    public required int TrendDays { get; init; }

    /// <summary>Per mille: least weight of graded events that holds a level.</summary>
    public required int GradedWeight { get; init; }

    /// <summary>Least number of distinct machine-coded events that holds a level.</summary>
    public required int MachineEvents { get; init; }

    /// <summary>Least number of days on which they stand.</summary>
    public required int MachineDays { get; init; }

    /// <summary>Per mille: least weight of machine-coded events that holds a level.</summary>
    public required int MachineWeight { get; init; }

    /// <summary>Per mille of all machine-coded weight of the pair, at least.</summary>
    public required int MachineSharePerMille { get; init; }

    /// <summary>The highest level that <c>internal</c> rows of GDELT can hold.</summary>
    public required int GdeltInternalCap { get; init; }

    /// <summary>Days with use of force against one opponent that make a war.</summary>
    public required int WarDays { get; init; }

    /// <summary>Deaths against one opponent in the level window that make a war.</summary>
    public required int WarDeaths { get; init; }

    /// <summary>How many drivers an answer lists.</summary>
    public required int Drivers { get; init; }

    /// <summary>Per mille, added to the weight that a stance is divided by.</summary>
    public required int StanceDampening { get; init; }

    /// <summary>Days up to the latest position among which the higher office wins.</summary>
    public required int PositionWindowDays { get; init; }

    /// <summary>Days in which both signs make a holder ambiguous.</summary>
    public required int AmbiguityWindowDays { get; init; }

    /// <summary>Per mille per source that GDELT counted for a row.</summary>
    public required int GdeltWeightPerSource { get; init; }

    /// <summary>Sources beyond which a GDELT row weighs no more.</summary>
    public required int GdeltMaxSources { get; init; }

    /// <summary>Days: the longest interval that counts on its last day.</summary>
    public required int LongestCountableIntervalDays { get; init; }

    internal static MethodologyParameters Read(MethodologyTable table)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in table.Rows)
        {
            var name = row.Text("name");
            if (!Ranges.TryGetValue(name, out var range))
            {
                throw row.Wrong($"'{name}' is no parameter of this program");
            }

            table.Once(values.TryAdd(name, row.Integer("value", range.Least, range.Most)), row, name);
            row.Text("reason");
        }

        if (Ranges.Keys.Order(StringComparer.Ordinal).FirstOrDefault(n => !values.ContainsKey(n)) is { } missing)
        {
            throw table.Wrong($"the parameter '{missing}' is missing");
        }

        return From(values);
    }

    private static MethodologyParameters From(Dictionary<string, int> values) => new()
    {
        HalfLifeDays = values["half-life"],
        DecayScale = values["decay-scale"],
        IntensityWindowDays = values["intensity-window"],
        LevelWindowDays = values["level-window"],
        NuclearWindowDays = values["nuclear-window"],
        UnusualWindowDays = values["unusual-window"],
        TrendDays = values["trend"],
        GradedWeight = values["graded-weight"],
        MachineEvents = values["machine-events"],
        MachineDays = values["machine-days"],
        MachineWeight = values["machine-weight"],
        MachineSharePerMille = values["machine-share"],
        GdeltInternalCap = values["gdelt-internal-cap"],
        WarDays = values["war-days"],
        WarDeaths = values["war-deaths"],
        Drivers = values["drivers"],
        StanceDampening = values["stance-dampening"],
        PositionWindowDays = values["position-window"],
        AmbiguityWindowDays = values["ambiguity-window"],
        GdeltWeightPerSource = values["gdelt-weight-per-source"],
        GdeltMaxSources = values["gdelt-max-sources"],
        LongestCountableIntervalDays = values["longest-countable-interval"],
    };
}
