namespace EventStore.Client;

/// <summary>Where a subscription to a stream starts: at the start, after a position, or with what is still to come.</summary>
public readonly struct FromStream : IEquatable<FromStream>, IComparable<FromStream>, IComparable
{
    public static readonly FromStream Start;
    public static readonly FromStream End = new(StreamPosition.End);

    private readonly StreamPosition? after;

    private FromStream(StreamPosition? after) => this.after = after;

    public static bool operator ==(FromStream left, FromStream right) => left.Equals(right);

    public static bool operator !=(FromStream left, FromStream right) => !left.Equals(right);

    public static bool operator <(FromStream left, FromStream right) => left.CompareTo(right) < 0;

    public static bool operator >(FromStream left, FromStream right) => left.CompareTo(right) > 0;

    public static bool operator <=(FromStream left, FromStream right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FromStream left, FromStream right) => left.CompareTo(right) >= 0;

    /// <exception cref="ArgumentException">The position is the end: that is <see cref="End"/>.</exception>
    public static FromStream After(StreamPosition streamPosition) =>
        streamPosition == StreamPosition.End
            ? throw new ArgumentException("Nothing is after the end: use FromStream.End.", nameof(streamPosition))
            : new FromStream(streamPosition);

    /// <exception cref="InvalidOperationException">The start has no position.</exception>
    public ulong ToUInt64() => after?.ToUInt64() ?? throw new InvalidOperationException("FromStream.Start has no position.");

    public int CompareTo(FromStream other) => Nullable.Compare(after, other.after);

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        FromStream other => CompareTo(other),
        _ => throw new ArgumentException("It is not a FromStream.", nameof(obj)),
    };

    public bool Equals(FromStream other) => Nullable.Equals(after, other.after);

    public override bool Equals(object? obj) => obj is FromStream other && Equals(other);

    public override int GetHashCode() => after.GetHashCode();

    public override string ToString() => after is not { } position ? nameof(Start) : position == StreamPosition.End ? "Live" : position.ToString();
}
