namespace EventStore.Client;

/// <summary>The number of a stream's last event; <see cref="None"/> when it has none.</summary>
public readonly struct StreamRevision : IEquatable<StreamRevision>, IComparable<StreamRevision>, IComparable
{
    public static readonly StreamRevision None = new(ulong.MaxValue);

    private readonly ulong number;

    /// <exception cref="ArgumentOutOfRangeException">More than a signed number of 64 bits holds, and not that of none.</exception>
    public StreamRevision(ulong value)
    {
        if (value is > long.MaxValue and not ulong.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"A revision is at most {long.MaxValue}.");
        }

        number = value;
    }

    public static implicit operator ulong(StreamRevision streamRevision) => streamRevision.number;

    public static implicit operator StreamRevision(ulong value) => new(value);

    public static StreamRevision operator +(StreamRevision left, ulong right) => new(checked(left.number + right));

    public static StreamRevision operator +(ulong left, StreamRevision right) => new(checked(left + right.number));

    public static StreamRevision operator -(StreamRevision left, ulong right) => new(checked(left.number - right));

    public static StreamRevision operator -(ulong left, StreamRevision right) => new(checked(left - right.number));

    public static bool operator ==(StreamRevision left, StreamRevision right) => left.number == right.number;

    public static bool operator !=(StreamRevision left, StreamRevision right) => left.number != right.number;

    public static bool operator <(StreamRevision left, StreamRevision right) => left.number < right.number;

    public static bool operator >(StreamRevision left, StreamRevision right) => left.number > right.number;

    public static bool operator <=(StreamRevision left, StreamRevision right) => left.number <= right.number;

    public static bool operator >=(StreamRevision left, StreamRevision right) => left.number >= right.number;

    /// <param name="value">At least 0, or -1 for none.</param>
    public static StreamRevision FromInt64(long value) => value == -1 ? None : new StreamRevision(checked((ulong)value));

    /// <exception cref="ArgumentOutOfRangeException">The position is the end.</exception>
    public static StreamRevision FromStreamPosition(StreamPosition position) =>
        position == StreamPosition.End
            ? throw new ArgumentOutOfRangeException(nameof(position), "The end is no revision.")
            : new StreamRevision(position.ToUInt64());

    public StreamRevision Next() => this + 1;

    public long ToInt64() => this == None ? -1 : (long)number;

    public ulong ToUInt64() => number;

    public int CompareTo(StreamRevision other) => number.CompareTo(other.number);

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        StreamRevision other => CompareTo(other),
        _ => throw new ArgumentException("It is not a StreamRevision.", nameof(obj)),
    };

    public bool Equals(StreamRevision other) => number == other.number;

    public override bool Equals(object? obj) => obj is StreamRevision other && Equals(other);

    public override int GetHashCode() => number.GetHashCode();

    public override string ToString() => this == None ? nameof(None) : number.ToString();
}
