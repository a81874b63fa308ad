using System.Globalization;

namespace Timeline.Domain.Ports;

/// <summary>Number of Timeline's events before this one in the log: dense from 0, the same in every store. What users see.</summary>
public readonly record struct Ordinal(long Value) : IComparable<Ordinal>
{
    /// <summary>Before the first event.</summary>
    public static readonly Ordinal None = new(-1);

    public Ordinal Next => new(Value + 1);

    public int CompareTo(Ordinal other) => Value.CompareTo(other.Value);
    public static bool operator <(Ordinal a, Ordinal b) => a.Value < b.Value;
    public static bool operator >(Ordinal a, Ordinal b) => a.Value > b.Value;
    public static bool operator <=(Ordinal a, Ordinal b) => a.Value <= b.Value;
    public static bool operator >=(Ordinal a, Ordinal b) => a.Value >= b.Value;
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A store's own position: opaque and ordered. No code adds one to it or measures work by differences.</summary>
public readonly record struct Position(ulong Commit, ulong Prepare) : IComparable<Position>
{
    public int CompareTo(Position other) => Commit != other.Commit ? Commit.CompareTo(other.Commit) : Prepare.CompareTo(other.Prepare);
    public static bool operator <(Position a, Position b) => a.CompareTo(b) < 0;
    public static bool operator >(Position a, Position b) => a.CompareTo(b) > 0;
    public static bool operator <=(Position a, Position b) => a.CompareTo(b) <= 0;
    public static bool operator >=(Position a, Position b) => a.CompareTo(b) >= 0;
}

/// <summary>A place in the log in both measures: how far, for people and sums; where, for the store.</summary>
public readonly record struct LogPlace(Ordinal Ordinal, Position Position)
{
    /// <summary>Before the first event.</summary>
    public static readonly LogPlace Start = new(Ordinal.None, default);
}

/// <summary>Name of a stream: <c>event-{id}</c>, <c>feed-{feed}-{sha256}</c>, <c>day-{day}</c>, <c>methodology-{name}</c>, <c>methodologies</c>, <c>mapping-{sha256}</c>, <c>theatres</c>, <c>setaside</c>, <c>parked</c>, <c>asked</c>.</summary>
public readonly record struct StreamName(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Number of an event in its stream, from 0.</summary>
public readonly record struct Revision(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What an append expects of the stream: nothing there yet, or this last revision.</summary>
public readonly record struct ExpectedRevision(long LastRevision)
{
    public static readonly ExpectedRevision NoStream = new(-1);
    public static ExpectedRevision Exactly(Revision last) => new(last.Value);
    public Revision First => new(LastRevision + 1);
}

/// <summary>An event to append. Its store id derives from stream, revision and data, so it has none here.</summary>
public sealed record NewEvent(string Type, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Metadata);

/// <summary>An event as the log holds it. <see cref="Time"/> is log time: the running maximum of <c>recordedAt</c>.</summary>
public sealed record LogEvent(
    LogPlace Place,
    StreamName Stream,
    Revision Revision,
    Guid Id,
    string Type,
    ReadOnlyMemory<byte> Data,
    ReadOnlyMemory<byte> Metadata,
    DateTimeOffset Time)
{
    public Ordinal Ordinal => Place.Ordinal;
}

/// <summary>A run of events in log order. <see cref="CaughtUp"/>: when it was read nothing came after <see cref="Through"/>.</summary>
public sealed record LogPage(IReadOnlyList<LogEvent> Events, LogPlace Through, bool CaughtUp);

/// <summary>How an append ended. Expected failure is a value.</summary>
public abstract record AppendResult
{
    private AppendResult() { }

    /// <summary>Durable. <see cref="Last"/> is the place of the last event.</summary>
    public sealed record Appended(LogPlace Last, Revision LastRevision) : AppendResult;

    /// <summary>
    /// The same events already stood there, to the letter of their type and data (metadata is not compared): nothing was written.
    /// The place and revision are those of the last event given, even where the stream has gone on since.
    /// </summary>
    public sealed record AlreadyThere(LogPlace Last, Revision LastRevision) : AppendResult;

    /// <summary>The stream is elsewhere. <see cref="Actual"/> is its last revision, or null where there is no stream.</summary>
    public sealed record WrongRevision(Revision? Actual) : AppendResult;
}

/// <summary>An append that no adapter takes, whatever the stream's state. The message names the limit.</summary>
public sealed class AppendRefusedException(string message) : Exception(message);

/// <summary>
/// The log can't be reached or written just now: held by another process, the disk full or read-only. Nothing of what was asked is
/// acknowledged; giving the same again is safe. The message says what stands in the way.
/// </summary>
public sealed class LogUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What is there can't serve as the log, and trying again won't help: damaged, another program's, or a newer version's. The message says what to do.</summary>
public sealed class LogUnusableException(string message, Exception? inner = null) : Exception(message, inner);
