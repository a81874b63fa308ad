namespace Timeline.Domain.Access;

/// <summary>The acts that can be set to need a second person.</summary>
public static class Acts
{
    /// <summary>A replay's read models become those that answer.</summary>
    public const string Promote = "promote";

    /// <summary>Parked events are given up for good.</summary>
    public const string Drop = "drop";

    /// <summary>The key that signs is replaced by another.</summary>
    public const string Rotate = "rotate";

    public static readonly IReadOnlyList<string> All = [Promote, Drop, Rotate];
}

/// <summary>
/// The rule of two: what one has asked for takes effect when another confirms it. Only names that tokens prove count, or one person could be two.
/// </summary>
public static class SecondPerson
{
    /// <summary>Why <paramref name="caller"/> can't confirm what <paramref name="askedBy"/> has asked for; null: he can.</summary>
    public static string? WhyNot(string askedBy, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return !caller.Verified ? $"'{caller.Name}' is not verified: only a token proves who confirms."
            : !caller.Roles.HasFlag(Roles.Operate) ? $"'{caller.Name}' has the roles {RoleWords.Of(caller.Roles)}; who confirms needs operate."
            : string.Equals(askedBy, caller.Name, StringComparison.OrdinalIgnoreCase) ? $"'{caller.Name}' has asked for it: somebody else has to confirm it, with a token of his own that has the role operate."
            : null;
    }
}
