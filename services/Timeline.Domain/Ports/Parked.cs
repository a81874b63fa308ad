namespace Timeline.Domain.Ports;

/// <summary>What has become of a parked event.</summary>
public enum ParkedState
{
    /// <summary>It waits to be tried again; the answers about its subject say <c>incomplete</c>.</summary>
    Outstanding = 0,

    /// <summary>A later attempt has folded it: it counts as if it had never been parked.</summary>
    Redriven = 1,

    /// <summary>It was given up with a reason, and counts for nothing.</summary>
    Dropped = 2,
}

/// <summary>
/// An event that could not be folded for a subject, and why. Subject <see cref="Anybody"/>: nobody knows whom it concerns.
/// <see cref="Others"/>: everybody of the partition whom it does not name, yet whom it may move through what it speaks of; never shown.
/// </summary>
public sealed record Parked(string Event, Ordinal Ordinal, string Subject, string Cause)
{
    public const string Anybody = "*";

    public const string Others = "";

    /// <summary>The event that it speaks of and that is itself parked: it comes back with that one. Null where the fault is its own.</summary>
    public string? About { get; init; }

    /// <summary>Attempts that failed; 0 for one that was dropped though it could be folded.</summary>
    public int Attempts { get; init; } = 1;

    public ParkedState State { get; init; }

    /// <summary>The redrive or drop that settled it; null while outstanding.</summary>
    public Ordinal? Settled { get; init; }

    /// <summary>Why it was dropped.</summary>
    public string? Reason { get; init; }

    /// <summary>It does not count for its subject.</summary>
    public bool IsOut => State != ParkedState.Redriven;

    /// <summary>
    /// Answers at this ordinal are incomplete for want of it. What was redriven counts at every ordinal from its own on; a drop holds from the drop on.
    /// </summary>
    public bool IsMissingAt(Ordinal knownAt) => Ordinal <= knownAt && IsOut && (Settled is not { } at || at > knownAt);
}

/// <summary>An attempt to fold a parked event that failed: the first when it came, at its own ordinal or that of the commit that looked for it; others by a redrive.</summary>
public sealed record ParkedAttempt(string Subject, int Number, Ordinal At, string Cause);
