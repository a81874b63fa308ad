using Google.Protobuf;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>The node that calls go to, and what is known of it.</summary>
internal sealed class NodeConnection(GrpcChannel channel, bool hasBatchAppend, EventStoreClientSettings settings, Action<NodeConnection, Exception> onError)
{
    private readonly Lock gate = new();
    private BatchAppender? appender;

    public bool HasBatchAppend { get; } = hasBatchAppend;

    /// <summary>One request, one answer; errors come typed.</summary>
    public async Task<TResponse> AskAsync<TResponse>(string method, IMessage request, MessageParser<TResponse> parser, CallOptions options)
        where TResponse : IMessage<TResponse>
    {
        try
        {
            return await channel.AskAsync(method, request, parser, options).ConfigureAwait(false);
        }
        catch (RpcException error)
        {
            throw Report(error);
        }
    }

    public async Task<GrpcCall> StartAsync(string method, HttpContent content, CallOptions options)
    {
        try
        {
            return await channel.StartAsync(method, content, options).ConfigureAwait(false);
        }
        catch (RpcException error)
        {
            throw Report(error);
        }
    }

    /// <summary>The error's own type, if it has one. What says that another node is to be asked is taken note of.</summary>
    public Exception Report(RpcException error)
    {
        var typed = TypedErrors.Of(error);
        onError(this, typed);
        return typed;
    }

    /// <summary>The one stream of appends to this node; a new one when the last has failed.</summary>
    public BatchAppender Appender()
    {
        lock (gate)
        {
            if (appender is null || appender.Ended)
            {
                appender = new BatchAppender(this, settings);
            }

            return appender;
        }
    }

    /// <summary>Calls go elsewhere from now on; appends that wait for their answers still get them.</summary>
    public void Retire()
    {
        lock (gate)
        {
            appender?.CompleteWriting();
        }
    }

    /// <summary>Appends that wait for their answers fail.</summary>
    public void Close(Exception reason)
    {
        lock (gate)
        {
            appender?.Fail(reason);
        }
    }
}
