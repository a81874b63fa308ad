using EventStore.Client.Protocol.Streams;
using Timeline.Tests.EventStoreDb.Store;
using ClientEmpty = EventStore.Client.Protocol.Empty;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>Streams.Append: options first, then an event per message, one answer at the end.</summary>
internal sealed class AppendService(Node node)
{
    /// <summary>A client is told of every larger append, in bytes.</summary>
    public const int MaximumAppendSize = 1_048_576;

    public async Task AppendAsync(GrpcCall call)
    {
        if (await call.ReadAsync(AppendReq.Parser) is not { ContentCase: AppendReq.ContentOneofCase.Options } first)
        {
            throw GrpcError.Thrown();
        }

        var stream = first.Options.StreamIdentifier?.StreamName.ToStringUtf8() ?? "";
        var expected = Expected(first.Options);
        node.Admit(call, stream);
        var events = await ReadEventsAsync(call);
        if (stream.Length == 0)
        {
            throw GrpcError.Thrown();
        }

        var written = await node.WriteAsync(call, () => node.Store.AppendAsync(stream, expected, events));
        await call.WriteAsync(Answer(stream, first.Options, expected, written));
    }

    /// <summary>
    /// A real server counts the bytes of the data alone: its sum (Event.SizeOnDisk) leaves out metadata and type by the precedence of an operator.
    /// </summary>
    public static int SizeOf(in Proposed proposed) => proposed.Data.Length;

    /// <exception cref="GrpcException">An id or a type is empty.</exception>
    public static Proposed Parse(Guid id, string type, string contentType, Google.Protobuf.ByteString data, Google.Protobuf.ByteString metadata) =>
        id == Guid.Empty || type.Length == 0
            ? throw GrpcError.Thrown()
            : new Proposed(id, type, contentType == "application/json", data.Memory, metadata.Memory);

    private static async Task<Proposed[]> ReadEventsAsync(GrpcCall call)
    {
        var events = new List<Proposed>();
        var size = 0;
        while (await call.ReadAsync(AppendReq.Parser) is { } message)
        {
            if (message.ContentCase != AppendReq.ContentOneofCase.ProposedMessage)
            {
                throw GrpcError.Thrown();
            }

            var sent = message.ProposedMessage;
            if (!sent.Metadata.TryGetValue("type", out var type))
            {
                throw GrpcError.MissingMetadata("type");
            }

            if (!sent.Metadata.TryGetValue("content-type", out var contentType))
            {
                throw GrpcError.MissingMetadata("content-type");
            }

            var proposed = Parse(Uuid.Parse(sent.Id), type, contentType, sent.Data, sent.CustomMetadata);
            size += SizeOf(proposed);
            if (size > MaximumAppendSize)
            {
                throw GrpcError.MaximumAppendSizeExceeded(MaximumAppendSize);
            }

            events.Add(proposed);
        }

        return [.. events];
    }

    private static ExpectedRevision Expected(AppendReq.Types.Options options) => options.ExpectedStreamRevisionCase switch
    {
        AppendReq.Types.Options.ExpectedStreamRevisionOneofCase.Revision => ExpectedRevision.After(options.Revision),
        AppendReq.Types.Options.ExpectedStreamRevisionOneofCase.NoStream => ExpectedRevision.NoStream,
        AppendReq.Types.Options.ExpectedStreamRevisionOneofCase.Any => ExpectedRevision.Any,
        AppendReq.Types.Options.ExpectedStreamRevisionOneofCase.StreamExists => ExpectedRevision.StreamExists,
        _ => throw GrpcError.InvalidArgument("An append says which revision it expects."),
    };

    private static AppendResp Answer(string stream, AppendReq.Types.Options options, ExpectedRevision expected, Written written) => written.Result switch
    {
        WriteResult.StreamDeleted => throw GrpcError.StreamDeleted(stream),
        WriteResult.WrongExpectedVersion => new AppendResp { WrongExpectedVersion = Wrong(options, expected, written.LastRevision) },
        _ => new AppendResp { Success = Success(written) },
    };

    private static AppendResp.Types.Success Success(Written written)
    {
        var success = new AppendResp.Types.Success();
        if (written.LastRevision < 0)
        {
            success.NoStream = new ClientEmpty();
        }
        else
        {
            success.CurrentRevision = (ulong)written.LastRevision;
        }

        if (written.Position < 0)
        {
            success.NoPosition = new ClientEmpty();
        }
        else
        {
            success.Position = new AppendResp.Types.Position { CommitPosition = (ulong)written.Position, PreparePosition = (ulong)written.Position };
        }

        return success;
    }

    /// <summary>Both as servers of 20.6.0 said it and as later ones do.</summary>
    private static AppendResp.Types.WrongExpectedVersion Wrong(AppendReq.Types.Options options, ExpectedRevision expected, long last)
    {
        var wrong = new AppendResp.Types.WrongExpectedVersion();
        switch (options.ExpectedStreamRevisionCase)
        {
            case AppendReq.Types.Options.ExpectedStreamRevisionOneofCase.Any:
                (wrong.ExpectedAny, wrong.Any2060) = (new ClientEmpty(), new ClientEmpty());
                break;
            case AppendReq.Types.Options.ExpectedStreamRevisionOneofCase.StreamExists:
                (wrong.ExpectedStreamExists, wrong.StreamExists2060) = (new ClientEmpty(), new ClientEmpty());
                break;
            case AppendReq.Types.Options.ExpectedStreamRevisionOneofCase.NoStream:
                (wrong.ExpectedNoStream, wrong.ExpectedRevision2060) = (new ClientEmpty(), ulong.MaxValue);
                break;
            default:
                (wrong.ExpectedRevision, wrong.ExpectedRevision2060) = (unchecked((ulong)expected.Value), unchecked((ulong)expected.Value));
                break;
        }

        if (last < 0)
        {
            (wrong.CurrentNoStream, wrong.NoStream2060) = (new ClientEmpty(), new ClientEmpty());
        }
        else
        {
            (wrong.CurrentRevision, wrong.CurrentRevision2060) = ((ulong)last, (ulong)last);
        }

        return wrong;
    }
}
