using EventStore.Client.Protocol;
using EventStore.Client.Protocol.Streams;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Empty = EventStore.Client.Protocol.Empty;
using WellKnownEmpty = Google.Protobuf.WellKnownTypes.Empty;

namespace EventStore.Client;

/// <summary>What an append, a delete or a tombstone expects of its stream, and how each request says it.</summary>
internal readonly struct Expected
{
    private readonly StreamRevision revision;
    private readonly StreamState? state;

    private Expected(StreamRevision revision, StreamState? state)
    {
        this.revision = revision;
        this.state = state;
    }

    public static Expected Revision(StreamRevision revision) => new(revision, null);

    public static Expected State(StreamState state) => new(default, state);

    public static StreamIdentifier Identifier(string stream) => new() { StreamName = ByteString.CopyFromUtf8(stream) };

    public BatchAppendReq.Types.Options Batch(string stream, DateTime deadline)
    {
        var options = new BatchAppendReq.Types.Options { StreamIdentifier = Identifier(stream), Deadline21100 = Timestamp.FromDateTime(deadline) };
        Choose(
            number => options.StreamPosition = number,
            _ => options.NoStream = new WellKnownEmpty(),
            _ => options.Any = new WellKnownEmpty(),
            _ => options.StreamExists = new WellKnownEmpty());
        return options;
    }

    public AppendReq.Types.Options Append(string stream)
    {
        var options = new AppendReq.Types.Options { StreamIdentifier = Identifier(stream) };
        Choose(n => options.Revision = n, e => options.NoStream = e, e => options.Any = e, e => options.StreamExists = e);
        return options;
    }

    public DeleteReq.Types.Options Delete(string stream)
    {
        var options = new DeleteReq.Types.Options { StreamIdentifier = Identifier(stream) };
        Choose(n => options.Revision = n, e => options.NoStream = e, e => options.Any = e, e => options.StreamExists = e);
        return options;
    }

    public TombstoneReq.Types.Options Tombstone(string stream)
    {
        var options = new TombstoneReq.Types.Options { StreamIdentifier = Identifier(stream) };
        Choose(n => options.Revision = n, e => options.NoStream = e, e => options.Any = e, e => options.StreamExists = e);
        return options;
    }

    private void Choose(Action<ulong> number, Action<Empty> noStream, Action<Empty> any, Action<Empty> exists)
    {
        if (state is not { } expected)
        {
            number(revision.ToUInt64());
        }
        else if (expected == StreamState.NoStream)
        {
            noStream(new Empty());
        }
        else if (expected == StreamState.Any)
        {
            any(new Empty());
        }
        else if (expected == StreamState.StreamExists)
        {
            exists(new Empty());
        }
    }
}
