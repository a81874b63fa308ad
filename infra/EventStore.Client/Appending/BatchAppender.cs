using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.Channels;
using EventStore.Client.Protocol.Streams;
using Google.Protobuf;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>
/// One long-lived BatchAppend stream to one node. Appends go out as they come and do not wait for each other's answers; those
/// are told apart by correlation id. When the stream fails, every append that waits fails with it: whether it was recorded is unknown.
/// </summary>
#pragma warning disable CA1001 // The token ends the stream's tasks, which may outlive whoever would dispose of it; it holds nothing else.
internal sealed class BatchAppender
#pragma warning restore CA1001
{
    private const string Method = "/event_store.client.streams.Streams/BatchAppend";
    private const int QueuedChunks = 10_000;
    private const int WriteBuffer = 64 * 1024;

    private static readonly DateTime NoDeadline = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);

    private readonly NodeConnection connection;
    private readonly EventStoreClientSettings settings;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<Chunk> queue = Channel.CreateBounded<Chunk>(new BoundedChannelOptions(QueuedChunks) { SingleReader = true });
    private readonly ConcurrentDictionary<long, TaskCompletionSource<IWriteResult>> pending = [];
    private readonly long family = Uuid.NewUuid().Most;
    private long last;
    private volatile Exception? failure;
    private volatile bool writingDone;

    public BatchAppender(NodeConnection connection, EventStoreClientSettings settings)
    {
        this.connection = connection;
        this.settings = settings;
        _ = Task.Run(RunAsync);
    }

    /// <summary>Whether it takes no more appends.</summary>
    public bool Ended => writingDone || failure is not null;

    /// <exception cref="RpcException">The stream failed, or the deadline passed.</exception>
    public async Task<IWriteResult> AppendAsync(
        string stream, Expected expected, IEnumerable<EventData> events, TimeSpan? deadline, CancellationToken cancellation)
    {
        var timed = new CallOptions(deadline, null, cancellation).HasDeadline;
        var until = timed ? TimeProvider.System.GetUtcNow().UtcDateTime + deadline!.Value : NoDeadline;
        var options = expected.Batch(stream, until).ToByteArray();
        var number = Interlocked.Increment(ref last);
        var answer = new TaskCompletionSource<IWriteResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        pending[number] = answer;
        try
        {
            foreach (var chunk in BatchRequest.Chunks(Uuid.FromInt64(family, number), options, events, settings.OperationOptions.BatchAppendSize))
            {
                if (!queue.Writer.TryWrite(chunk))
                {
                    await queue.Writer.WriteAsync(chunk, cancellation).ConfigureAwait(false);
                }
            }

            return timed || cancellation.CanBeCanceled
                ? await answer.Task.WaitAsync(timed ? deadline!.Value : Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false)
                : await answer.Task.ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw failure ?? Closed();
        }
        catch (TimeoutException late)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, "", late));
        }
        finally
        {
            pending.TryRemove(number, out _);
        }
    }

    /// <summary>What is queued goes out, answers are waited for, and no more appends are taken.</summary>
    public void CompleteWriting()
    {
        writingDone = true;
        queue.Writer.TryComplete();
    }

    public void Fail(Exception reason)
    {
        failure ??= reason;
        queue.Writer.TryComplete();
        stop.Cancel();
        foreach (var answer in pending.Values)
        {
            answer.TrySetException(failure);
        }
    }

    private static RpcException Closed() =>
        new(new Status(StatusCode.Unavailable, "The server has closed the stream of appends. Whether this append was recorded is unknown."));

    private async Task RunAsync()
    {
        var content = new PushContent();
        try
        {
            var options = CallOptions.Reading(settings, null, null, stop.Token);
            var sending = SendAsync(content);
            using var call = await connection.StartAsync(Method, content, options).ConfigureAwait(false);
            await ReceiveAsync(call).ConfigureAwait(false);
            Fail(Closed());
            await sending.ConfigureAwait(false);
        }
        catch (RpcException error)
        {
            Fail(connection.Report(error));
        }
        catch (Exception error)
        {
            Fail(error);
        }
        finally
        {
            content.Abandon(failure!);
        }
    }

    private async Task SendAsync(PushContent content)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(WriteBuffer);
        try
        {
            var body = await content.Body.ConfigureAwait(false);
            while (await queue.Reader.WaitToReadAsync(stop.Token).ConfigureAwait(false))
            {
                await SendQueuedAsync(body, buffer).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException or RpcException)
        {
            // The answer's side of the stream says why.
            queue.Writer.TryComplete();
        }
        catch (Exception error)
        {
            Fail(error);
        }
        finally
        {
            content.Complete();
            ArrayPool<byte>.Shared.Return(buffer);
            while (queue.Reader.TryRead(out var unsent))
            {
                unsent.Return();
            }
        }
    }

    // Small appends that queue up together go out in one write.
    private async Task SendQueuedAsync(Stream body, byte[] buffer)
    {
        var used = 0;
        while (queue.Reader.TryRead(out var chunk))
        {
            if (used + chunk.Length > buffer.Length)
            {
                await body.WriteAsync(buffer.AsMemory(0, used), stop.Token).ConfigureAwait(false);
                used = 0;
            }

            if (chunk.Length > buffer.Length)
            {
                await body.WriteAsync(chunk.Bytes, stop.Token).ConfigureAwait(false);
            }
            else
            {
                chunk.Bytes.CopyTo(buffer.AsMemory(used));
                used += chunk.Length;
            }

            chunk.Return();
        }

        await body.WriteAsync(buffer.AsMemory(0, used), stop.Token).ConfigureAwait(false);
        await body.FlushAsync(stop.Token).ConfigureAwait(false);
    }

    private async Task ReceiveAsync(GrpcCall call)
    {
        do
        {
            while (call.TryTake(out var message))
            {
                Answer(GrpcCall.Parse(BatchAppendResp.Parser, message));
            }
        }
        while (await call.FillAsync().ConfigureAwait(false));
    }

    private void Answer(BatchAppendResp answer)
    {
        if (!pending.TryRemove(Uuid.FromMessage(answer.CorrelationId).Least, out var waiting))
        {
            return;
        }

        try
        {
            waiting.TrySetResult(BatchAnswer.Read(answer));
        }
        catch (Exception error)
        {
            waiting.TrySetException(error);
        }
    }
}
