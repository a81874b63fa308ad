namespace Timeline.Domain.Methodology;

/// <summary>
/// What an act is worth toward somebody. <paramref name="G"/>: ten times the Goldstein value, -100 to 100;
/// <paramref name="H"/>: hostility, 0 none to 5 war (2 to 5: Correlates of War, MID).
/// </summary>
public readonly record struct CodeValue(int G, int H);

/// <summary>How a role reads.</summary>
public enum RoleReading
{
    /// <summary>Contributes to no score.</summary>
    Nothing,

    /// <summary>Does something to the other side.</summary>
    Acts,

    /// <summary>Does it with its like, both ways, and to the other side.</summary>
    Joint,

    /// <summary>The other side, against which it is.</summary>
    Hostile,

    /// <summary>The other side, in whose favour it is.</summary>
    Cooperative,
}
