using System.Globalization;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>The status codes of gRPC that this server answers.</summary>
internal enum GrpcStatus
{
    Ok = 0,
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    Unauthenticated = 16,
}

/// <summary>Ends a call with a status and trailers.</summary>
internal sealed class GrpcException(GrpcStatus status, string message, params (string Key, string Value)[] trailers) : Exception(message)
{
    public GrpcStatus Status { get; } = status;

    public IReadOnlyList<(string Key, string Value)> Trailers { get; } = trailers;
}

/// <summary>The errors of EventStoreDB: which status, and which trailers, by which the clients know them. The sentences are this server's own.</summary>
internal static class GrpcError
{
    private const string Kind = "exception";

    public static GrpcException NotLeader(string host, int port) => new(
        GrpcStatus.NotFound, "Another node leads.",
        (Kind, "not-leader"), ("leader-endpoint-host", host), ("leader-endpoint-port", port.ToString(CultureInfo.InvariantCulture)));

    public static GrpcException NotReady() => new(GrpcStatus.Unavailable, "Server Is Not Ready");

    public static GrpcException AccessDenied() => new(GrpcStatus.PermissionDenied, "Access Denied", (Kind, "access-denied"));

    public static GrpcException StreamDeleted(string stream) => new(
        GrpcStatus.FailedPrecondition, $"Stream '{stream}' is deleted.", (Kind, "stream-deleted"), ("stream-name", stream));

    /// <summary>Only deletes say it so; appends have members for it in their answers.</summary>
    public static GrpcException WrongExpectedVersion(string stream, long expected, long actual) => new(
        GrpcStatus.FailedPrecondition, $"Stream '{stream}' is not as expected: expected version {expected}, actual version {actual}.",
        (Kind, "wrong-expected-version"), ("stream-name", stream),
        ("expected-version", expected.ToString(CultureInfo.InvariantCulture)), ("actual-version", actual.ToString(CultureInfo.InvariantCulture)));

    public static GrpcException MaximumAppendSizeExceeded(int size) => new(
        GrpcStatus.InvalidArgument, $"An append is at most {size} bytes.",
        (Kind, "maximum-append-size-exceeded"), ("maximum-append-size", size.ToString(CultureInfo.InvariantCulture)));

    public static GrpcException MissingMetadata(string property) => new(
        GrpcStatus.InvalidArgument, $"Required Metadata Property '{property}' is missing",
        (Kind, "missing-required-metadata-property"), ("required-metadata-properties", "type,content-type"));

    public static GrpcException InvalidArgument(string what) => new(GrpcStatus.InvalidArgument, what);

    /// <summary>What a real server says where its code throws: nothing of why.</summary>
    public static GrpcException Thrown() => new(GrpcStatus.Unknown, "Exception was thrown by handler.");

    public static GrpcException ReadFailed(string result) => new(GrpcStatus.Unknown, $"Unexpected {result}: Error");

    public static GrpcException TooSlow() => new(
        GrpcStatus.Aborted, "Operation timed out: Consumer too slow to handle event while live. Client resubscription required.");
}
