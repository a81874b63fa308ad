using EventStore.Client.Protocol;
using EventStore.Client.Protocol.Streams;
using Timeline.Tests.EventStoreDb.Store;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>Streams.Delete, after which a stream may begin again, and Streams.Tombstone, after which it may not.</summary>
internal sealed class DeleteService(Node node)
{
    public async Task DeleteAsync(GrpcCall call)
    {
        var options = (await call.ReadOneAsync(DeleteReq.Parser)).Options ?? throw GrpcError.Thrown();
        var expected = options.ExpectedStreamRevisionCase switch
        {
            DeleteReq.Types.Options.ExpectedStreamRevisionOneofCase.Revision => ExpectedRevision.After(options.Revision),
            DeleteReq.Types.Options.ExpectedStreamRevisionOneofCase.NoStream => ExpectedRevision.NoStream,
            DeleteReq.Types.Options.ExpectedStreamRevisionOneofCase.Any => ExpectedRevision.Any,
            DeleteReq.Types.Options.ExpectedStreamRevisionOneofCase.StreamExists => ExpectedRevision.StreamExists,
            _ => throw NoExpectation(),
        };
        var position = (ulong)await WriteAsync(call, options.StreamIdentifier, expected, node.Store.DeleteAsync);
        await call.WriteAsync(new DeleteResp { Position = new DeleteResp.Types.Position { CommitPosition = position, PreparePosition = position } });
    }

    public async Task TombstoneAsync(GrpcCall call)
    {
        var options = (await call.ReadOneAsync(TombstoneReq.Parser)).Options ?? throw GrpcError.Thrown();
        var expected = options.ExpectedStreamRevisionCase switch
        {
            TombstoneReq.Types.Options.ExpectedStreamRevisionOneofCase.Revision => ExpectedRevision.After(options.Revision),
            TombstoneReq.Types.Options.ExpectedStreamRevisionOneofCase.NoStream => ExpectedRevision.NoStream,
            TombstoneReq.Types.Options.ExpectedStreamRevisionOneofCase.Any => ExpectedRevision.Any,
            TombstoneReq.Types.Options.ExpectedStreamRevisionOneofCase.StreamExists => ExpectedRevision.StreamExists,
            _ => throw NoExpectation(),
        };
        var position = (ulong)await WriteAsync(call, options.StreamIdentifier, expected, node.Store.TombstoneAsync);
        await call.WriteAsync(new TombstoneResp { Position = new TombstoneResp.Types.Position { CommitPosition = position, PreparePosition = position } });
    }

    private async Task<long> WriteAsync(
        GrpcCall call, StreamIdentifier? identifier, ExpectedRevision expected, Func<string, ExpectedRevision, Task<Written>> write)
    {
        var stream = identifier?.StreamName.ToStringUtf8() ?? "";
        if (stream.Length == 0)
        {
            throw GrpcError.Thrown();
        }

        node.Admit(call, stream);
        var written = await node.WriteAsync(call, () => write(stream, expected));
        return written.Result switch
        {
            WriteResult.WrongExpectedVersion => throw GrpcError.WrongExpectedVersion(stream, expected.Value, written.LastRevision),
            WriteResult.StreamDeleted => throw GrpcError.StreamDeleted(stream),
            _ => written.Position,
        };
    }

    private static GrpcException NoExpectation() => GrpcError.InvalidArgument("A delete says which revision it expects.");
}
