namespace EventStore.Client;

/// <summary>The stream was not as the append expected it, and nothing was recorded.</summary>
public class WrongExpectedVersionException : Exception
{
    public WrongExpectedVersionException(
        string streamName,
        StreamRevision expectedStreamRevision,
        StreamRevision actualStreamRevision,
        Exception? exception = null,
        string? message = null)
        : base(message ?? Text(streamName, $"version: {expectedStreamRevision}", actualStreamRevision), exception)
    {
        StreamName = streamName;
        ExpectedStreamRevision = expectedStreamRevision;
        ExpectedVersion = Version(expectedStreamRevision);
        ActualStreamRevision = actualStreamRevision;
        ActualVersion = Version(actualStreamRevision);
    }

    public WrongExpectedVersionException(
        string streamName, StreamState expectedStreamState, StreamRevision actualStreamRevision, Exception? exception = null)
        : base(Text(streamName, $"state: {expectedStreamState}", actualStreamRevision), exception)
    {
        StreamName = streamName;
        ExpectedStreamRevision = StreamRevision.None;
        ActualStreamRevision = actualStreamRevision;
        ActualVersion = Version(actualStreamRevision);
    }

    public string StreamName { get; }

    /// <summary>Null when no revision was expected.</summary>
    public long? ExpectedVersion { get; }

    /// <summary>Null when there is no such stream.</summary>
    public long? ActualVersion { get; }

    public StreamRevision ActualStreamRevision { get; }

    public StreamRevision ExpectedStreamRevision { get; }

    private static long? Version(StreamRevision revision) => revision == StreamRevision.None ? null : revision.ToInt64();

    private static string Text(string stream, string expected, StreamRevision actual) =>
        $"Append failed due to WrongExpectedVersion. Stream: {stream}, Expected {expected}, Actual version: {actual}";
}
