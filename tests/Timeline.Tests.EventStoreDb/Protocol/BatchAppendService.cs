using System.Threading.Channels;
using EventStore.Client.Protocol;
using EventStore.Client.Protocol.Streams;
using Timeline.Tests.EventStoreDb.Hosting;
using Timeline.Tests.EventStoreDb.Store;
using ProtobufEmpty = Google.Protobuf.WellKnownTypes.Empty;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>Streams.BatchAppend: many appends on one call, each in chunks and known by its correlation id, answered as they are done.</summary>
internal sealed class BatchAppendService(Node node)
{
    /// <summary>An append that is not complete by then is refused, whatever its own deadline.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    public async Task BatchAppendAsync(GrpcCall call)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(call.Cancelled);
        var worker = new Worker(node, call, ended.Token);
        try
        {
            // What fails on either side ends the call, whatever the other waits for.
            var sending = worker.SendAsync();
            await Task.WhenAny(ReceiveAsync(worker), sending);
            await sending;
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private static async Task ReceiveAsync(Worker worker)
    {
        try
        {
            await worker.ReceiveAsync();
        }
        catch (Exception exception)
        {
            worker.Fail(exception);
        }
    }

    /// <summary>An append whose chunks are still coming.</summary>
    private sealed class Pending(string stream, ExpectedRevision expected)
    {
        public string Stream { get; } = stream;

        public ExpectedRevision Expected { get; } = expected;

        public List<Proposed> Events { get; } = [];

        public int Size { get; set; }
    }

    private sealed class Worker(Node node, GrpcCall call, CancellationToken ended)
    {
        private readonly Channel<BatchAppendResp> answers = Channel.CreateUnbounded<BatchAppendResp>(new UnboundedChannelOptions { SingleReader = true });
        private readonly Dictionary<Guid, Pending> pending = [];
        private readonly Lock gate = new();

        private int unfinished;
        private bool received;

        public async Task SendAsync()
        {
            await foreach (var answer in answers.Reader.ReadAllAsync(ended))
            {
                call.Write(answer);
                while (answers.Reader.TryRead(out var next))
                {
                    call.Write(next);
                }

                await node.Faults.WhileStalledAsync(ended);
                await call.FlushAsync();
            }
        }

        public async Task ReceiveAsync()
        {
            while (await call.ReadAsync(BatchAppendReq.Parser) is { } request)
            {
                var id = Uuid.Parse(request.CorrelationId);
                try
                {
                    if (Receive(id, request) is { } complete)
                    {
                        await BeginWriteAsync(request, complete);
                    }
                }
                catch (Exception exception) when (exception is KeyNotFoundException or ArgumentException or GrpcException { Status: GrpcStatus.Unknown or GrpcStatus.InvalidArgument })
                {
                    Answer(request, request.Options?.StreamIdentifier, new BatchAppendResp { Error = BatchError.BadRequest(exception.Message) });
                    if (request.Options is { } options)
                    {
                        // The append stays as it is, and its deadline comes.
                        _ = RefuseLateAsync(id, options.StreamIdentifier, Wait(options));
                    }
                }
                catch (GrpcException denied) when (denied.Status == GrpcStatus.PermissionDenied)
                {
                    Answer(request, request.Options?.StreamIdentifier, new BatchAppendResp { Error = BatchError.AccessDenied() });
                }
            }

            // A real server ends the call with the last answer that is still to come, and not at all if there is none.
            Volatile.Write(ref received, true);
        }

        public void Fail(Exception exception) => answers.Writer.TryComplete(exception);

        /// <returns>The append, once all of it is there.</returns>
        private Pending? Receive(Guid id, BatchAppendReq request)
        {
            if (request.Options is { } options && !Begin(id, request, options))
            {
                return null;
            }

            Pending? append;
            lock (gate)
            {
                if (!pending.TryGetValue(id, out append))
                {
                    // Chunks of an append that was refused.
                    return null;
                }
            }

            foreach (var sent in request.ProposedMessages)
            {
                var proposed = AppendService.Parse(Uuid.Parse(sent.Id), sent.Metadata["type"], sent.Metadata["content-type"], sent.Data, sent.CustomMetadata);
                append.Events.Add(proposed);
                append.Size += AppendService.SizeOf(proposed);
            }

            if (append.Size > AppendService.MaximumAppendSize)
            {
                Remove(id);
                Answer(request, Identifier(append.Stream), new BatchAppendResp { Error = BatchError.MaximumAppendSizeExceeded(AppendService.MaximumAppendSize) });
                return null;
            }

            return request.IsFinal && Remove(id) ? append : null;
        }

        /// <returns>Whether the append may go on.</returns>
        private bool Begin(Guid id, BatchAppendReq request, BatchAppendReq.Types.Options options)
        {
            var stream = options.StreamIdentifier?.StreamName.ToStringUtf8() ?? "";
            node.Admit(call, stream);
            if (stream.Length == 0)
            {
                Answer(request, options.StreamIdentifier, new BatchAppendResp { Error = BatchError.BadRequest("Required field StreamIdentifier not set.") });
                return false;
            }

            var wait = Wait(options);
            if (wait <= TimeSpan.Zero)
            {
                Answer(request, options.StreamIdentifier, new BatchAppendResp { Error = BatchError.Timeout() });
                return false;
            }

            lock (gate)
            {
                if (pending.TryAdd(id, new Pending(stream, Expected(options))) && !request.IsFinal)
                {
                    _ = RefuseLateAsync(id, options.StreamIdentifier, wait);
                }
            }

            return true;
        }

        private TimeSpan Wait(BatchAppendReq.Types.Options options)
        {
            var asked = options.DeadlineOptionCase switch
            {
                BatchAppendReq.Types.Options.DeadlineOptionOneofCase.Deadline => options.Deadline.ToTimeSpan(),
                BatchAppendReq.Types.Options.DeadlineOptionOneofCase.Deadline21100 => options.Deadline21100.ToDateTimeOffset() - node.Store.Clock.GetUtcNow(),
                _ => LongestWait,
            };
            return asked < LongestWait ? asked : LongestWait;
        }

        private async Task RefuseLateAsync(Guid id, StreamIdentifier? stream, TimeSpan wait)
        {
            await Task.Delay(wait, node.Store.Clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!ended.IsCancellationRequested && Remove(id))
            {
                // Here, and only here, a real server writes the id as it likes best.
                Answer(new BatchAppendReq { CorrelationId = Uuid.Of(id) }, stream, new BatchAppendResp { Error = BatchError.Timeout() });
            }
        }

        /// <summary>Appends are stored in the order in which they came, whatever goes wrong in between.</summary>
        private async Task BeginWriteAsync(BatchAppendReq request, Pending append)
        {
            await node.Faults.BeforeWriteAsync(call.Cancelled);
            if (node.Faults.TakeNotReady())
            {
                Answer(request, Identifier(append.Stream), new BatchAppendResp { Error = BatchError.NotReady() });
                return;
            }

            node.Lead(call);
            Interlocked.Increment(ref unfinished);
            node.Store.Append(append.Stream, append.Expected, [.. append.Events], (written, broken) => EndWrite(request, append, written, broken));
        }

        private void EndWrite(BatchAppendReq request, Pending append, Written written, Exception? broken)
        {
            try
            {
                if (broken is not null)
                {
                    Fail(broken);
                }
                else if (node.Faults.AfterWrite())
                {
                    Answer(request, Identifier(append.Stream), Answer(append, written));
                }

                Finish();
            }
            catch (BrokenConnectionException exception)
            {
                Fail(exception);
            }
        }

        private void Finish()
        {
            if (Interlocked.Decrement(ref unfinished) == 0 && Volatile.Read(ref received))
            {
                answers.Writer.TryComplete();
            }
        }

        private static BatchAppendResp Answer(Pending append, Written written) => written.Result switch
        {
            WriteResult.WrongExpectedVersion => new BatchAppendResp { Error = BatchError.WrongExpectedVersion(append.Expected, written.LastRevision) },
            WriteResult.StreamDeleted => new BatchAppendResp { Error = BatchError.StreamDeleted(Identifier(append.Stream)) },
            _ => new BatchAppendResp { Success = Success(written) },
        };

        private static BatchAppendResp.Types.Success Success(Written written)
        {
            var success = new BatchAppendResp.Types.Success();
            if (written.LastRevision < 0)
            {
                success.NoStream = new ProtobufEmpty();
            }
            else
            {
                success.CurrentRevision = (ulong)written.LastRevision;
            }

            if (written.Position < 0)
            {
                success.NoPosition = new ProtobufEmpty();
            }
            else
            {
                success.Position = new AllStreamPosition { CommitPosition = (ulong)written.Position, PreparePosition = (ulong)written.Position };
            }

            return success;
        }

        private static ExpectedRevision Expected(BatchAppendReq.Types.Options options) => options.ExpectedStreamPositionCase switch
        {
            BatchAppendReq.Types.Options.ExpectedStreamPositionOneofCase.StreamPosition => ExpectedRevision.After(options.StreamPosition),
            BatchAppendReq.Types.Options.ExpectedStreamPositionOneofCase.NoStream => ExpectedRevision.NoStream,
            BatchAppendReq.Types.Options.ExpectedStreamPositionOneofCase.Any => ExpectedRevision.Any,
            BatchAppendReq.Types.Options.ExpectedStreamPositionOneofCase.StreamExists => ExpectedRevision.StreamExists,
            _ => throw GrpcError.InvalidArgument("An append says which revision it expects."),
        };

        private static StreamIdentifier Identifier(string stream) => new() { StreamName = Google.Protobuf.ByteString.CopyFromUtf8(stream) };

        private bool Remove(Guid id)
        {
            lock (gate)
            {
                return pending.Remove(id);
            }
        }

        private void Answer(BatchAppendReq request, StreamIdentifier? stream, BatchAppendResp answer)
        {
            answer.CorrelationId = request.CorrelationId;
            answer.StreamIdentifier = stream;
            answers.Writer.TryWrite(answer);
        }
    }
}
