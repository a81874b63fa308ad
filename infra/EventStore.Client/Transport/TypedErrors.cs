using Grpc.Core;

namespace EventStore.Client;

/// <summary>Tells the errors that EventStoreDB names in the trailer "exception".</summary>
internal static class TypedErrors
{
    public static Exception Of(RpcException error)
    {
        var trailers = error.Trailers;
        return trailers.GetValue("exception") switch
        {
            "access-denied" => new AccessDeniedException(error.Message, error),
            "not-leader" => NotLeader(error),
            "invalid-transaction" => new InvalidTransactionException(error.Message, error),
            "stream-deleted" => new StreamDeletedException(trailers.GetValue("stream-name") ?? "<unknown>", error),
            "stream-not-found" => new StreamNotFoundException(trailers.GetValue("stream-name") ?? "<unknown>", error),
            "wrong-expected-version" => new WrongExpectedVersionException(
                trailers.GetValue("stream-name") ?? "<unknown>",
                Revision(trailers, "expected-version"),
                Revision(trailers, "actual-version"),
                error,
                error.Message),
            "maximum-append-size-exceeded" => new MaximumAppendSizeExceededException(Number(trailers, "maximum-append-size"), error),
            "missing-required-metadata-property" =>
                new RequiredMetadataPropertyMissingException(trailers.GetValue("missing-required-metadata-property") ?? "<unknown>", error),
            _ => ByStatus(error),
        };
    }

    // During an election nobody leads: as good as a node that is not there, and as passing.
    private static Exception NotLeader(RpcException error) =>
        error.Trailers.GetValue("leader-endpoint-host") is { Length: > 0 } host && Number(error.Trailers, "leader-endpoint-port") is var port and > 0 and <= 65535
            ? new NotLeaderException(host, port, error)
            : new RpcException(new Status(StatusCode.Unavailable, $"The node is not the leader and knows none. {error.Status.Detail}", error), error.Trailers);

    private static Exception ByStatus(RpcException error) => error.StatusCode switch
    {
        StatusCode.Unauthenticated => new NotAuthenticatedException(error.Message, error),
        StatusCode.Unavailable when error.Status.Detail == "Deadline Exceeded" =>
            new RpcException(new Status(StatusCode.DeadlineExceeded, error.Status.Detail, error.Status.DebugException)),
        _ => error,
    };

    private static int Number(Metadata trailers, string key) => int.TryParse(trailers.GetValue(key), out var number) ? number : 0;

    private static StreamRevision Revision(Metadata trailers, string key) =>
        long.TryParse(trailers.GetValue(key), out var number) && number >= 0 ? new StreamRevision((ulong)number) : StreamRevision.None;
}
