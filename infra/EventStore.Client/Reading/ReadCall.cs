using EventStore.Client.Protocol.Streams;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>
/// One read or subscription: it starts at once, and gives its messages as fast as they are taken. HTTP/2 holds what comes ahead of that.
/// </summary>
internal sealed class ReadCall
{
    private const string Method = "/event_store.client.streams.Streams/Read";

    private readonly ReadAnswerParser parser;
    private readonly CancellationTokenSource stop;
    private readonly CancellationToken caller;
    private readonly Task opening;
    private NodeConnection? connection;
    private GrpcCall? call;
    private ReadAnswer current;
    private ReadAnswer first;
    private bool hasFirst;
    private bool ended;
    private int taken;

    public ReadCall(
        Func<CancellationToken, ValueTask<NodeConnection>> connect, ReadReq request, Func<CancellationToken, CallOptions> options, TextCache texts, CancellationToken caller)
    {
        parser = new ReadAnswerParser(texts);
        this.caller = caller;
        stop = CancellationTokenSource.CreateLinkedTokenSource(caller);
        opening = Task.Run(() => OpenAsync(connect, request, options(stop.Token)), CancellationToken.None);

        // Whoever takes the messages sees the failure; who does not, has no use for it.
        _ = opening.ContinueWith(
            static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Ends with the first message: what it says, or null when the answer ended before one.</summary>
    public async Task<ReadContent?> FirstAsync()
    {
        await opening.ConfigureAwait(false);
        return hasFirst ? first.Content : null;
    }

    /// <summary>The message that <see cref="MoveNextAsync"/> moved to.</summary>
    public ref readonly ReadAnswer Current => ref current;

    /// <exception cref="InvalidOperationException">Somebody takes the messages already.</exception>
    public void Take()
    {
        if (Interlocked.Exchange(ref taken, 1) == 1)
        {
            throw new InvalidOperationException("Messages may only be enumerated once.");
        }
    }

    /// <summary>Moves to the next message; false at the end.</summary>
    public ValueTask<bool> MoveNextAsync()
    {
        if (call is not null && !hasFirst && !ended && TryParse())
        {
            return new ValueTask<bool>(true);
        }

        return MoveSlowlyAsync();
    }

    /// <summary>Stops the read from whatever thread.</summary>
    public void Cancel()
    {
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <summary>Ends the read; not while <see cref="MoveNextAsync"/> runs.</summary>
    public async ValueTask EndAsync()
    {
        Cancel();
        await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended = true;
        call?.Dispose();
        stop.Dispose();
    }

    private async Task OpenAsync(Func<CancellationToken, ValueTask<NodeConnection>> connect, ReadReq request, CallOptions options)
    {
        connection = await connect(stop.Token).ConfigureAwait(false);
        call = await connection.StartAsync(Method, new MessageContent(request), options).ConfigureAwait(false);
        hasFirst = await AdvanceAsync().ConfigureAwait(false);
        first = current;
        ended = !hasFirst;
    }

    private async ValueTask<bool> MoveSlowlyAsync()
    {
        try
        {
            await opening.ConfigureAwait(false);
            if (ended)
            {
                return false;
            }

            if (hasFirst)
            {
                hasFirst = false;
                current = first;
                first = default;
                return true;
            }

            ended = !await AdvanceAsync().ConfigureAwait(false);
            return !ended;
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(caller.IsCancellationRequested ? caller : stop.Token);
        }
    }

    private async ValueTask<bool> AdvanceAsync()
    {
        try
        {
            while (!TryParse())
            {
                if (!await call!.FillAsync().ConfigureAwait(false))
                {
                    return false;
                }
            }

            return true;
        }
        catch (RpcException error)
        {
            throw connection!.Report(error);
        }
    }

    private bool TryParse()
    {
        if (!call!.TryTake(out var message))
        {
            return false;
        }

        try
        {
            parser.Parse(message, out current);
            return true;
        }
        catch (Exception failure) when (failure is InvalidDataException or ArgumentOutOfRangeException)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The server's answer is not readable: {failure.Message}", failure));
        }
    }
}
