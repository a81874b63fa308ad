using EventStore.Client.Protocol.Streams;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Details = EventStore.Client.Protocol;
using RpcStatus = Grpc.Core.Status;

namespace EventStore.Client;

/// <summary>Reads how one append of a BatchAppend stream ended.</summary>
internal static class BatchAnswer
{
    /// <summary>A success or a wrong expected version; other errors are exceptions.</summary>
    public static IWriteResult Read(BatchAppendResp answer) => answer.ResultCase switch
    {
        BatchAppendResp.ResultOneofCase.Success => Success(answer.Success),
        BatchAppendResp.ResultOneofCase.Error => Error(answer.StreamIdentifier?.StreamName.ToStringUtf8() ?? "", answer.Error),
        _ => throw new InvalidOperationException("The server's answer to an append says neither success nor error."),
    };

    private static SuccessResult Success(BatchAppendResp.Types.Success success) => new(
        success.CurrentRevisionOptionCase == BatchAppendResp.Types.Success.CurrentRevisionOptionOneofCase.CurrentRevision
            ? new StreamRevision(success.CurrentRevision)
            : StreamRevision.None,
        success.PositionOptionCase == BatchAppendResp.Types.Success.PositionOptionOneofCase.Position
            ? new Position(success.Position.CommitPosition, success.Position.PreparePosition)
            : Position.End);

    private static WrongExpectedVersionResult Error(string stream, Protocol.Rpc.Status error)
    {
        var details = error.Details ?? new Any();
        if (details.TryUnpack<Details.WrongExpectedVersion>(out var wrong))
        {
            return WrongVersion(stream, wrong);
        }

        throw details switch
        {
            _ when details.Is(Details.StreamDeleted.Descriptor) => new StreamDeletedException(stream),
            _ when details.Is(Details.AccessDenied.Descriptor) => new AccessDeniedException(),
            _ when details.Is(Details.Timeout.Descriptor) => new RpcException(new RpcStatus(StatusCode.DeadlineExceeded, error.Message)),
            _ when details.TryUnpack<Details.MaximumAppendSizeExceeded>(out var size) => new MaximumAppendSizeExceededException(size.MaxAppendSize),
            _ when details.TryUnpack<Details.BadRequest>(out var bad) => new InvalidOperationException(bad.Message),
            _ when details.Is(Details.Unknown.Descriptor) => new InvalidOperationException(error.Message),
            _ => new InvalidOperationException($"Could not recognize {error.Message}"),
        };
    }

    private static WrongExpectedVersionResult WrongVersion(string stream, Details.WrongExpectedVersion wrong) => new(
        stream,
        wrong.ExpectedStreamPositionOptionCase == Details.WrongExpectedVersion.ExpectedStreamPositionOptionOneofCase.ExpectedStreamPosition
            ? new StreamRevision(wrong.ExpectedStreamPosition)
            : StreamRevision.None,
        wrong.CurrentStreamRevisionOptionCase == Details.WrongExpectedVersion.CurrentStreamRevisionOptionOneofCase.CurrentStreamRevision
            ? new StreamRevision(wrong.CurrentStreamRevision)
            : StreamRevision.None);
}
