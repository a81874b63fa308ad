using EventStore.Client.Protocol;
using EventStore.Client.Protocol.Rpc;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Timeline.Tests.EventStoreDb.Store;
using ProtobufEmpty = Google.Protobuf.WellKnownTypes.Empty;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>The errors of a batch append: a status with one message packed in it, by whose type the clients know them.</summary>
internal static class BatchError
{
    public static Status WrongExpectedVersion(ExpectedRevision expected, long last)
    {
        var wrong = new WrongExpectedVersion();
        if (last < 0)
        {
            wrong.CurrentNoStream = new ProtobufEmpty();
        }
        else
        {
            wrong.CurrentStreamRevision = (ulong)last;
        }

        if (expected == ExpectedRevision.Any)
        {
            wrong.ExpectedAny = new ProtobufEmpty();
        }
        else if (expected == ExpectedRevision.StreamExists)
        {
            wrong.ExpectedStreamExists = new ProtobufEmpty();
        }
        else if (expected == ExpectedRevision.NoStream)
        {
            wrong.ExpectedNoStream = new ProtobufEmpty();
        }
        else
        {
            wrong.ExpectedStreamPosition = (ulong)expected.Value;
        }

        return Of(GrpcStatus.AlreadyExists, nameof(WrongExpectedVersion), wrong);
    }

    public static Status StreamDeleted(StreamIdentifier stream) =>
        Of(GrpcStatus.NotFound, nameof(StreamDeleted), new StreamDeleted { StreamIdentifier = stream });

    public static Status AccessDenied() => Of(GrpcStatus.PermissionDenied, nameof(AccessDenied), new AccessDenied());

    public static Status Timeout() => Of(GrpcStatus.DeadlineExceeded, nameof(Timeout), new EventStore.Client.Protocol.Timeout());

    public static Status MaximumAppendSizeExceeded(int size) =>
        Of(GrpcStatus.InvalidArgument, nameof(MaximumAppendSizeExceeded), new MaximumAppendSizeExceeded { MaxAppendSize = (uint)size });

    public static Status BadRequest(string message) => Of(GrpcStatus.InvalidArgument, nameof(BadRequest), new BadRequest { Message = message });

    /// <summary>A real server says this with the code of no error.</summary>
    public static Status NotReady() => Of(GrpcStatus.Ok, "Server Is Not Ready", new ProtobufEmpty());

    private static Status Of(GrpcStatus code, string message, IMessage details) =>
        new() { Code = (int)code, Message = message, Details = Any.Pack(details) };
}
