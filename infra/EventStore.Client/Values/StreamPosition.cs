namespace EventStore.Client;

/// <summary>The number of an event in its stream, from 0; <see cref="End"/> is behind the last.</summary>
public readonly struct StreamPosition : IEquatable<StreamPosition>, IComparable<StreamPosition>, IComparable, IPosition
{
    public static readonly StreamPosition Start;
    public static readonly StreamPosition End = new(ulong.MaxValue);

    private readonly ulong number;

    /// <exception cref="ArgumentOutOfRangeException">More than a signed number of 64 bits holds, and not that of the end.</exception>
    public StreamPosition(ulong value)
    {
        if (value is > long.MaxValue and not ulong.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"A position is at most {long.MaxValue}.");
        }

        number = value;
    }

    public static implicit operator ulong(StreamPosition streamPosition) => streamPosition.number;

    public static implicit operator StreamPosition(ulong value) => new(value);

    public static StreamPosition operator +(StreamPosition left, ulong right) => new(checked(left.number + right));

    public static StreamPosition operator +(ulong left, StreamPosition right) => new(checked(left + right.number));

    public static StreamPosition operator -(StreamPosition left, ulong right) => new(checked(left.number - right));

    public static StreamPosition operator -(ulong left, StreamPosition right) => new(checked(left - right.number));

    public static bool operator ==(StreamPosition left, StreamPosition right) => left.number == right.number;

    public static bool operator !=(StreamPosition left, StreamPosition right) => left.number != right.number;

    public static bool operator <(StreamPosition left, StreamPosition right) => left.number < right.number;

    public static bool operator >(StreamPosition left, StreamPosition right) => left.number > right.number;

    public static bool operator <=(StreamPosition left, StreamPosition right) => left.number <= right.number;

    public static bool operator >=(StreamPosition left, StreamPosition right) => left.number >= right.number;

    /// <param name="value">At least 0, or -1 for the end.</param>
    public static StreamPosition FromInt64(long value) => value == -1 ? End : new StreamPosition(checked((ulong)value));

    /// <exception cref="ArgumentOutOfRangeException">The revision is none.</exception>
    public static StreamPosition FromStreamRevision(StreamRevision revision) =>
        revision == StreamRevision.None
            ? throw new ArgumentOutOfRangeException(nameof(revision), "No revision has no position.")
            : new StreamPosition(revision.ToUInt64());

    public StreamPosition Next() => this + 1;

    public long ToInt64() => this == End ? -1 : (long)number;

    public ulong ToUInt64() => number;

    public int CompareTo(StreamPosition other) => number.CompareTo(other.number);

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        StreamPosition other => CompareTo(other),
        _ => throw new ArgumentException("It is not a StreamPosition.", nameof(obj)),
    };

    public bool Equals(StreamPosition other) => number == other.number;

    public override bool Equals(object? obj) => obj is StreamPosition other && Equals(other);

    public override int GetHashCode() => number.GetHashCode();

    public override string ToString() => this == End ? nameof(End) : number.ToString();
}
