using System.Numerics;
using Timeline.Domain.Methodology;

namespace Timeline.Domain.Escalation;

/// <summary>Names of the hostility levels, after the MID scale; 0 and 1 are ours.</summary>
public static class Levels
{
    public const int Calm = 0, Tension = 1, Threats = 2, DisplayOfForce = 3, UseOfForce = 4, War = 5;

    private static readonly string[] Names = ["calm", "tension", "threats", "display of force", "use of force", "war"];

    /// <summary>The name of a level; <c>unknown</c> for none.</summary>
    public static string NameOf(int? level) => level is { } l ? Names[l] : "unknown";
}

/// <summary>
/// One day of one directed pair, added up with signs: all that a level asks of it. By hostility h: of h or more. What was taken back cancels.
/// </summary>
internal sealed class PairDay
{
    public long[] GradedWeight { get; } = new long[6];
    public long[] MachineWeight { get; } = new long[6];
    public int[] MachineEvents { get; } = new int[6];
    public int GradedForce { get; private set; }
    public long AllMachineWeight { get; private set; }
    public long Deaths { get; private set; }

    /// <summary>Adds a contribution, or takes it back; as <see cref="PairWindow.Add(int, int, bool, int, int)"/>.</summary>
    public void Add(int hostility, int weight, bool machine, int dead, int sign)
    {
        Deaths += sign * dead;
        if (machine)
        {
            AllMachineWeight += (long)sign * weight;
        }
        else if (hostility >= Levels.UseOfForce)
        {
            GradedForce += sign;
        }

        for (var h = 1; h <= hostility; h++)
        {
            if (machine)
            {
                MachineWeight[h] += (long)sign * weight;
                MachineEvents[h] += sign;
            }
            else
            {
                GradedWeight[h] += (long)sign * weight;
            }
        }
    }
}

/// <summary>
/// One directed pair, or what is internal, over the level window: weights of distinct events by hostility, graded and machine-coded apart.
/// </summary>
internal sealed class PairWindow(MethodologyParameters parameters, bool isInternal)
{
    private readonly long[] gradedWeight = new long[6];
    private readonly long[] machineWeight = new long[6];
    private readonly int[] machineEvents = new int[6];
    private readonly UInt128[] machineDays = new UInt128[6];
    private UInt128 gradedForceDays;
    private long allMachineWeight;
    private long deaths;

    /// <summary>Adds a contribution; <paramref name="age"/> in days, below the level window (at most 128).</summary>
    public void Add(int hostility, int weight, bool machine, int dead, int age)
    {
        var day = UInt128.One << age;
        deaths += dead;
        if (machine)
        {
            allMachineWeight += weight;
        }
        else if (hostility >= Levels.UseOfForce)
        {
            gradedForceDays |= day;
        }

        for (var h = 1; h <= hostility; h++)
        {
            if (machine)
            {
                machineWeight[h] += weight;
                machineEvents[h]++;
                machineDays[h] |= day;
            }
            else
            {
                gradedWeight[h] += weight;
            }
        }
    }

    /// <summary>Adds all of a day that was added up before; <paramref name="age"/> as for a single contribution.</summary>
    public void Add(PairDay sums, int age)
    {
        var day = UInt128.One << age;
        deaths += sums.Deaths;
        allMachineWeight += sums.AllMachineWeight;
        gradedForceDays |= sums.GradedForce > 0 ? day : 0;
        for (var h = 1; h < gradedWeight.Length; h++)
        {
            gradedWeight[h] += sums.GradedWeight[h];
            machineWeight[h] += sums.MachineWeight[h];
            machineEvents[h] += sums.MachineEvents[h];
            machineDays[h] |= sums.MachineEvents[h] > 0 ? day : 0;
        }
    }

    /// <summary>The highest level that holds, from 2 up; below that 0.</summary>
    public int Level()
    {
        if (IsWar())
        {
            return Levels.War;
        }

        for (var level = Levels.UseOfForce; level >= Levels.Threats; level--)
        {
            if (Graded(level) || Machine(level))
            {
                return level;
            }
        }

        return Levels.Calm;
    }

    // Days and deaths make a war of what is a use of force already: a single doubtful report of many deaths does not.
    private bool IsWar()
    {
        var graded = Graded(Levels.UseOfForce);
        var machine = Machine(Levels.UseOfForce);
        var days = (graded ? gradedForceDays : 0) | (machine ? machineDays[Levels.UseOfForce] : 0);
        return Graded(Levels.War) || Machine(Levels.War)
            || (UInt128.PopCount(days) >= (UInt128)parameters.WarDays)
            || ((graded || machine) && deaths >= parameters.WarDeaths);
    }

    private bool Graded(int level) => gradedWeight[level] >= parameters.GradedWeight;

    private bool Machine(int level) =>
        !(isInternal && level > parameters.GdeltInternalCap)
        && machineEvents[level] >= parameters.MachineEvents
        && UInt128.PopCount(machineDays[level]) >= (UInt128)parameters.MachineDays
        && machineWeight[level] >= parameters.MachineWeight
        && 1000 * machineWeight[level] >= parameters.MachineSharePerMille * allMachineWeight;
}
