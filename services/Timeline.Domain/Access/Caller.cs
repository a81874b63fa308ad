namespace Timeline.Domain.Access;

/// <summary>What a caller may do. None of them holds another: who operates and reads has both.</summary>
[Flags]
public enum Roles
{
    None = 0,

    /// <summary>Ask the read models.</summary>
    Read = 1,

    /// <summary>Give events, files, theatres and mappings, and settle rows.</summary>
    Write = 2,

    /// <summary>Decide about parked events and replays.</summary>
    Operate = 4,

    /// <summary>Ask what the audit found.</summary>
    Audit = 8,

    All = Read | Write | Operate | Audit,
}

/// <summary>The words for roles, as files and messages have them.</summary>
public static class RoleWords
{
    /// <summary>One for each role.</summary>
    public static readonly IReadOnlyList<string> All = ["read", "write", "operate", "audit"];

    /// <summary>The role of a word; null where it is none.</summary>
    public static Roles? Parse(string word) => word switch
    {
        "read" => Roles.Read,
        "write" => Roles.Write,
        "operate" => Roles.Operate,
        "audit" => Roles.Audit,
        _ => null,
    };

    /// <summary>The words, with commas.</summary>
    public static string Of(Roles roles) => roles == Roles.None ? "none" : string.Join(", ", All.Where(w => roles.HasFlag(Parse(w)!.Value)));
}

/// <summary>Who asks.</summary>
/// <param name="Name">The name of the token; without tokens what the caller calls himself, or the operating system's user under whom the service runs.</param>
/// <param name="Verified">Whether a token says so. A name without it is a note, and no proof.</param>
/// <param name="Roles">What the caller may do.</param>
public sealed record Caller(string Name, bool Verified, Roles Roles);
