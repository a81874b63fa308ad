using Google.Protobuf;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>One call: its answer's messages and, at its end, its status. Disposing of it before that resets the HTTP/2 stream.</summary>
internal sealed class GrpcCall : IDisposable
{
    private readonly GrpcChannel channel;
    private readonly CallOptions options;
    private readonly CancellationTokenSource stop;
    private HttpResponseMessage? response;
    private FrameReader? frames;
    private CancellationTokenRegistration resetting;
    private int disposed;

    public GrpcCall(GrpcChannel channel, CallOptions options)
    {
        this.channel = channel;
        this.options = options;
        stop = CancellationTokenSource.CreateLinkedTokenSource(options.Cancellation);
        Stopping = stop.Token;
        if (options.HasDeadline)
        {
            stop.CancelAfter(options.Deadline!.Value < TimeSpan.Zero ? TimeSpan.Zero : options.Deadline.Value);
        }
    }

    /// <summary>Set by the caller's token, the deadline and <see cref="Dispose"/>.</summary>
    public CancellationToken Stopping { get; }

    public async Task OpenAsync(HttpRequestMessage request)
    {
        try
        {
            response = await channel.SendAsync(request, Stopping).ConfigureAwait(false);
            if (GrpcStatus.OfHeaders(response) is { } failure)
            {
                throw failure;
            }

            frames = new FrameReader(await response.Content.ReadAsStreamAsync(Stopping).ConfigureAwait(false));

            // Tells the server at once, rather than with the next read, that nobody listens any more.
            resetting = Stopping.UnsafeRegister(static call => ((GrpcCall)call!).response!.Dispose(), this);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Explain(failure);
        }
    }

    /// <summary>The next message, if it is here already; else <see cref="FillAsync"/>.</summary>
    public bool TryTake(out ReadOnlySpan<byte> message) => frames!.TryTake(out message);

    /// <summary>Waits for more of the answer; false when it has ended well.</summary>
    /// <exception cref="RpcException">It ended otherwise.</exception>
    public async ValueTask<bool> FillAsync()
    {
        try
        {
            if (await frames!.FillAsync(Stopping).ConfigureAwait(false))
            {
                return true;
            }
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Explain(failure);
        }

        return GrpcStatus.OfTrailers(response!) is { } error ? throw error : false;
    }

    /// <summary>The one message of an answer that has one.</summary>
    public async Task<TResponse> SingleAsync<TResponse>(MessageParser<TResponse> parser)
        where TResponse : IMessage<TResponse>
    {
        var answer = default(TResponse);
        do
        {
            while (TryTake(out var message))
            {
                answer = Parse(parser, message);
            }
        }
        while (await FillAsync().ConfigureAwait(false));

        return answer ?? throw new RpcException(new Status(StatusCode.Internal, "The server answered OK, and with no message."));
    }

    public static TResponse Parse<TResponse>(MessageParser<TResponse> parser, ReadOnlySpan<byte> message)
        where TResponse : IMessage<TResponse>
    {
        try
        {
            return parser.ParseFrom(message);
        }
        catch (Exception failure) when (failure is InvalidProtocolBufferException or InvalidDataException)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The server's answer is not readable: {failure.Message}", failure));
        }
    }

    /// <summary>What failed, as a status.</summary>
    public RpcException Explain(Exception failure)
    {
        if (failure is RpcException explained)
        {
            return explained;
        }

        if (!Stopping.IsCancellationRequested)
        {
            return GrpcStatus.OfTransport(failure, channel);
        }

        return options.Cancellation.IsCancellationRequested || disposed != 0
            ? new RpcException(new Status(StatusCode.Cancelled, "Call canceled by the client.", failure))
            : new RpcException(new Status(StatusCode.DeadlineExceeded, "", failure));
    }

    /// <summary>Stops the call from whatever thread; a read that waits fails.</summary>
    public void Cancel()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            stop.Cancel();
        }
    }

    /// <summary>Stops the call and gives its buffers back. Not while a read waits: then <see cref="Cancel"/> first.</summary>
    public void Dispose()
    {
        Cancel();
        resetting.Dispose();
        response?.Dispose();
        frames?.Dispose();
        frames = null;
        stop.Dispose();
    }
}
