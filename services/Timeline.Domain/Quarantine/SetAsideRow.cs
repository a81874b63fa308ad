using System.Globalization;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Quarantine;

/// <summary>What has become of a row that was set aside.</summary>
public enum SetAsideState
{
    /// <summary>Nobody has taken care of it yet.</summary>
    Outstanding = 0,

    /// <summary>Another file brings it repaired.</summary>
    Repaired = 1,

    /// <summary>It was given up, with a reason.</summary>
    Dismissed = 2,
}

/// <summary>A row that was set aside; the row itself stands in the log at its ordinal.</summary>
/// <param name="File"><c>{feed}-{SHA-256}</c>.</param>
/// <param name="Record">Its number among the file's records, from 0.</param>
/// <param name="Cut">Only its beginning is kept.</param>
/// <param name="Settlement">The event that settled it, by ordinal.</param>
public sealed record SetAsideRow(
    string File, string Feed, long Record, Ordinal Ordinal, long Line, string Cause, bool Cut, SetAsideState State = SetAsideState.Outstanding, Ordinal? Settlement = null)
{
    /// <summary>The id of the event that holds it.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{File}/{Record}");
}

/// <summary>Rows of a file that are settled: those that it names, or all among the first records. Repaired with all others are only rows that are whole.</summary>
public sealed record Settlement(string File, IReadOnlyList<long>? Rows, long Records, bool Repaired, Ordinal Ordinal);

/// <summary>Which rows are asked for; null: whatever it is.</summary>
public sealed record SetAsideSelection(string? Feed, string? File, SetAsideState? State, bool? Cut);

/// <summary>Every row is in one state: <see cref="Total"/> is their sum.</summary>
public readonly record struct SetAsideCounts(long Outstanding, long Repaired, long Dismissed, long Cut)
{
    public long Total => checked(Outstanding + Repaired + Dismissed);
}

public sealed record SetAsideCause(string Cause, long Outstanding, long Repaired, long Dismissed);
