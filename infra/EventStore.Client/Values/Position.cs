namespace EventStore.Client;

/// <summary>A place in $all: bytes into the transaction log, not a count of events.</summary>
public readonly struct Position : IEquatable<Position>, IComparable<Position>, IComparable, IPosition
{
    public static readonly Position Start;
    public static readonly Position End = new(ulong.MaxValue, ulong.MaxValue);

    public readonly ulong CommitPosition;
    public readonly ulong PreparePosition;

    /// <exception cref="ArgumentOutOfRangeException">A half is out of range, or the prepare position is behind the commit position.</exception>
    public Position(ulong commitPosition, ulong preparePosition)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(commitPosition, preparePosition);
        if (commitPosition is > long.MaxValue and not ulong.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(commitPosition), commitPosition, $"A position is at most {long.MaxValue}.");
        }

        if (preparePosition is > long.MaxValue and not ulong.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(preparePosition), preparePosition, $"A position is at most {long.MaxValue}.");
        }

        CommitPosition = commitPosition;
        PreparePosition = preparePosition;
    }

    public static bool operator ==(Position p1, Position p2) => p1.Equals(p2);

    public static bool operator !=(Position p1, Position p2) => !p1.Equals(p2);

    public static bool operator <(Position p1, Position p2) => p1.CompareTo(p2) < 0;

    public static bool operator >(Position p1, Position p2) => p1.CompareTo(p2) > 0;

    public static bool operator <=(Position p1, Position p2) => p1.CompareTo(p2) <= 0;

    public static bool operator >=(Position p1, Position p2) => p1.CompareTo(p2) >= 0;

    /// <param name="value">As <see cref="ToString"/> writes it: C:1/P:1.</param>
    /// <param name="position">The position, or null when the text is none.</param>
    public static bool TryParse(string value, out Position? position)
    {
        ArgumentNullException.ThrowIfNull(value);
        position = value.Split('/') is [var first, var second] && Half('C', first) is { } commit && Half('P', second) is { } prepare
            ? new Position(commit, prepare)
            : null;
        return position.HasValue;
    }

    public int CompareTo(Position other)
    {
        var byCommit = CommitPosition.CompareTo(other.CommitPosition);
        return byCommit != 0 ? byCommit : PreparePosition.CompareTo(other.PreparePosition);
    }

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        Position other => CompareTo(other),
        _ => throw new ArgumentException("It is not a Position.", nameof(obj)),
    };

    public bool Equals(Position other) => CommitPosition == other.CommitPosition && PreparePosition == other.PreparePosition;

    public override bool Equals(object? obj) => obj is Position other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(CommitPosition, PreparePosition);

    public override string ToString() => $"C:{CommitPosition}/P:{PreparePosition}";

    private static ulong? Half(char name, string text) =>
        text.Length > 2 && text[0] == name && text[1] == ':' && ulong.TryParse(text.AsSpan(2), out var number) ? number : null;
}
