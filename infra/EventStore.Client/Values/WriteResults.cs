namespace EventStore.Client;

/// <summary>How an append ended.</summary>
public interface IWriteResult
{
    [Obsolete("Please use NextExpectedStreamRevision instead. This property will be removed in a future version.", true)]
    long NextExpectedVersion { get; }

    Position LogPosition { get; }

    /// <summary>The revision to expect with the next append.</summary>
    StreamRevision NextExpectedStreamRevision { get; }
}

/// <summary>The append was recorded.</summary>
public readonly struct SuccessResult : IWriteResult, IEquatable<SuccessResult>
{
    public SuccessResult(StreamRevision nextExpectedStreamRevision, Position logPosition)
    {
        NextExpectedStreamRevision = nextExpectedStreamRevision;
        LogPosition = logPosition;
        NextExpectedVersion = nextExpectedStreamRevision.ToInt64();
    }

    public long NextExpectedVersion { get; }

    public Position LogPosition { get; }

    public StreamRevision NextExpectedStreamRevision { get; }

    public static bool operator ==(SuccessResult left, SuccessResult right) => left.Equals(right);

    public static bool operator !=(SuccessResult left, SuccessResult right) => !left.Equals(right);

    public bool Equals(SuccessResult other) =>
        NextExpectedStreamRevision == other.NextExpectedStreamRevision && LogPosition == other.LogPosition;

    public override bool Equals(object? obj) => obj is SuccessResult other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(NextExpectedStreamRevision, LogPosition);

    public override string ToString() => $"{NextExpectedStreamRevision}:{LogPosition}";
}

/// <summary>The stream was not as expected, and nothing was recorded.</summary>
public readonly struct WrongExpectedVersionResult : IWriteResult
{
    public WrongExpectedVersionResult(string streamName, StreamRevision nextExpectedStreamRevision)
        : this(streamName, nextExpectedStreamRevision, nextExpectedStreamRevision)
    {
    }

    public WrongExpectedVersionResult(string streamName, StreamRevision nextExpectedStreamRevision, StreamRevision actualStreamRevision)
    {
        StreamName = streamName;
        NextExpectedStreamRevision = nextExpectedStreamRevision;
        NextExpectedVersion = nextExpectedStreamRevision.ToInt64();
        ActualStreamRevision = actualStreamRevision;
        ActualVersion = actualStreamRevision.ToInt64();
        LogPosition = default;
    }

    public string StreamName { get; }

    public long NextExpectedVersion { get; }

    public long ActualVersion { get; }

    public StreamRevision ActualStreamRevision { get; }

    public Position LogPosition { get; }

    public StreamRevision NextExpectedStreamRevision { get; }
}
