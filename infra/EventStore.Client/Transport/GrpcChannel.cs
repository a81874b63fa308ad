using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace EventStore.Client;

/// <summary>The HTTP/2 connections to one node, and the headers that every call on them carries.</summary>
internal sealed class GrpcChannel : IDisposable
{
    private static readonly MediaTypeHeaderValue GrpcContent = new("application/grpc");

    private readonly HttpMessageInvoker invoker;
    private readonly EventStoreClientSettings settings;
    private readonly string connectionName;
    private readonly Uri address;

    public GrpcChannel(EventStoreClientSettings settings, string connectionName, DnsEndPoint endPoint)
    {
        this.settings = settings;
        this.connectionName = connectionName;
        EndPoint = endPoint;
        Secure = !settings.ConnectivitySettings.Insecure;
        address = new UriBuilder(Secure ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, endPoint.Host, endPoint.Port).Uri;
        invoker = new HttpMessageInvoker(
            settings.CreateHttpMessageHandler?.Invoke() ?? HttpHandlers.Create(settings.ConnectivitySettings), disposeHandler: true);
    }

    public DnsEndPoint EndPoint { get; }

    public bool Secure { get; }

    /// <summary>One request, one answer.</summary>
    /// <exception cref="Grpc.Core.RpcException">The call failed.</exception>
    public async Task<TResponse> AskAsync<TResponse>(string method, IMessage request, MessageParser<TResponse> parser, CallOptions options)
        where TResponse : IMessage<TResponse>
    {
        using var call = await StartAsync(method, new MessageContent(request), options).ConfigureAwait(false);
        return await call.SingleAsync(parser).ConfigureAwait(false);
    }

    /// <summary>Sends a request and comes back with the call once the answer has begun.</summary>
    /// <exception cref="Grpc.Core.RpcException">The call failed before that.</exception>
    public async Task<GrpcCall> StartAsync(string method, HttpContent content, CallOptions options)
    {
        var call = new GrpcCall(this, options);
        try
        {
            await call.OpenAsync(await RequestAsync(method, content, options).ConfigureAwait(false)).ConfigureAwait(false);
            return call;
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) => invoker.SendAsync(request, cancellation);

    public void Dispose() => invoker.Dispose();

    private async ValueTask<HttpRequestMessage> RequestAsync(string method, HttpContent content, CallOptions options)
    {
        content.Headers.ContentType = GrpcContent;
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var headers = request.Headers;
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation("user-agent", "timeline-eventstore-client");
        headers.TryAddWithoutValidation("connection-name", connectionName);
        headers.TryAddWithoutValidation("requires-leader", settings.ConnectivitySettings.NodePreference == NodePreference.Leader ? bool.TrueString : bool.FalseString);
        if (options.HasDeadline)
        {
            headers.TryAddWithoutValidation("grpc-timeout", GrpcTimeout.Format(options.Deadline!.Value));
        }

        if (Secure && options.Credentials is { } credentials)
        {
            var header = await settings.OperationOptions.GetAuthenticationHeaderValue(credentials, options.Cancellation).ConfigureAwait(false);
            headers.TryAddWithoutValidation("authorization", header);
        }

        return request;
    }
}
