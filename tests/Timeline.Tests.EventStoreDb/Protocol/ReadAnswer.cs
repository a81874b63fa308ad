using EventStore.Client.Protocol;
using EventStore.Client.Protocol.Streams;
using Timeline.Tests.EventStoreDb.Hosting;
using Timeline.Tests.EventStoreDb.Store;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>Writes the answers of a read. Events are copied as they lie in the log; only their ids and positions are written anew.</summary>
internal sealed class ReadAnswer(GrpcCall call, Faults faults, ReadReq.Types.Options.Types.UUIDOption? uuid)
{
    private const int PrefixSize = 5;
    private const int FlushSize = 64 * 1024;

    /// <summary>Without a choice ids are structured, as with a real server.</summary>
    private readonly bool textIds = uuid?.ContentCase == ReadReq.Types.Options.Types.UUIDOption.ContentOneofCase.String;

    private int unflushed;

    /// <summary>Writes an event; what has gathered is sent when it is enough.</summary>
    public ValueTask EventAsync(Recorded record)
    {
        faults.OnEvent();
        Write(record);
        return unflushed < FlushSize ? default : FlushAsync();
    }

    public void Other(ReadResp answer)
    {
        call.Write(answer);
        unflushed += PrefixSize + answer.CalculateSize();
    }

    public void Checkpoint(long commit, long prepare) =>
        Other(new ReadResp { Checkpoint = new ReadResp.Types.Checkpoint { CommitPosition = (ulong)commit, PreparePosition = (ulong)prepare } });

    public void CaughtUp() => Other(new ReadResp { CaughtUp = new ReadResp.Types.CaughtUp() });

    public void Confirmation(Guid subscription) =>
        Other(new ReadResp { Confirmation = new ReadResp.Types.SubscriptionConfirmation { SubscriptionId = subscription.ToString() } });

    public void StreamNotFound(StreamIdentifier stream) =>
        Other(new ReadResp { StreamNotFound = new ReadResp.Types.StreamNotFound { StreamIdentifier = stream } });

    public async ValueTask FlushAsync()
    {
        await faults.WhileStalledAsync(call.Cancelled);
        await call.FlushAsync();
        unflushed = 0;
    }

    private void Write(Recorded record)
    {
        // Commit and prepare are one place in a log without transactions; a read of a stream tells them as one of $all does.
        var position = (ulong)record.Position;
        var (most, least) = Uuid.Halves(record.Id);
        var halves = ProtoSize.Varint(most) + ProtoSize.Varint(least);
        var id = textIds ? ProtoSize.Nested(36) : ProtoSize.Nested(halves);
        var recorded = ProtoSize.Nested(id) + (2 * ProtoSize.Varint(record.Position)) + record.Body.Length;
        var read = ProtoSize.Nested(recorded) + 1 + ProtoSize.Length(position);
        var size = ProtoSize.Nested(read);

        var span = call.Output.GetSpan(PrefixSize + size);
        GrpcCall.Prefix(span, size);
        var writer = new ProtoWriter(span.Slice(PrefixSize, size));
        writer.Nest(1, read);
        writer.Nest(1, recorded);
        writer.Nest(1, id);
        if (textIds)
        {
            Span<byte> text = stackalloc byte[36];
            record.Id.TryFormat(text, out _);
            writer.Bytes(2, text);
        }
        else
        {
            writer.Nest(1, halves);
            writer.Varint(1, unchecked((ulong)most));
            writer.Varint(2, unchecked((ulong)least));
        }

        writer.Varint(4, position);
        writer.Varint(5, position);
        writer.Copy(record.Body);
        writer.Always(3, position);

        call.Output.Advance(PrefixSize + size);
        unflushed += PrefixSize + size;
    }
}
