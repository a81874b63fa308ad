namespace EventStore.Client;

/// <summary>Where a subscription to $all starts: at the start, after a position, or with what is still to come.</summary>
public readonly struct FromAll : IEquatable<FromAll>, IComparable<FromAll>, IComparable
{
    public static readonly FromAll Start;
    public static readonly FromAll End = new(Position.End);

    private readonly Position? after;

    private FromAll(Position? after) => this.after = after;

    public static bool operator ==(FromAll left, FromAll right) => left.Equals(right);

    public static bool operator !=(FromAll left, FromAll right) => !left.Equals(right);

    public static bool operator <(FromAll left, FromAll right) => left.CompareTo(right) < 0;

    public static bool operator >(FromAll left, FromAll right) => left.CompareTo(right) > 0;

    public static bool operator <=(FromAll left, FromAll right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FromAll left, FromAll right) => left.CompareTo(right) >= 0;

    /// <exception cref="ArgumentException">The position is the end: that is <see cref="End"/>.</exception>
    public static FromAll After(Position position) =>
        position == Position.End
            ? throw new ArgumentException("Nothing is after the end: use FromAll.End.", nameof(position))
            : new FromAll(position);

    /// <exception cref="InvalidOperationException">The start has no position.</exception>
    public (ulong commitPosition, ulong preparePosition) ToUInt64() =>
        after is { } position
            ? (position.CommitPosition, position.PreparePosition)
            : throw new InvalidOperationException("FromAll.Start has no position.");

    public int CompareTo(FromAll other) => Nullable.Compare(after, other.after);

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        FromAll other => CompareTo(other),
        _ => throw new ArgumentException("It is not a FromAll.", nameof(obj)),
    };

    public bool Equals(FromAll other) => Nullable.Equals(after, other.after);

    public override bool Equals(object? obj) => obj is FromAll other && Equals(other);

    public override int GetHashCode() => after.GetHashCode();

    public override string ToString() => after is not { } position ? nameof(Start) : position == Position.End ? "Live" : position.ToString();
}
