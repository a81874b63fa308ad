using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>Reads how a call ended from HTTP's headers, trailers and failures.</summary>
internal static class GrpcStatus
{
    // HTTP/2's code for bytes that are none of its frames.
    private const long ProtocolError = 1;

    /// <summary>Why an answer that has just begun is none, or null when it goes on. An error may come in the headers alone.</summary>
    public static RpcException? OfHeaders(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return Failed(OfHttp(response.StatusCode), $"The server answered with HTTP status {(int)response.StatusCode}. Is it EventStoreDB's port?");
        }

        if (response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
        {
            var type = response.Content.Headers.ContentType?.ToString() ?? "of no type";
            return Failed(StatusCode.Internal, $"The server's answer is not gRPC but {type}. Is it EventStoreDB?");
        }

        return response.Headers.NonValidated.Contains("grpc-status") ? OfMetadata(response.Headers) : null;
    }

    /// <summary>Null when the call ended well.</summary>
    public static RpcException? OfTrailers(HttpResponseMessage response) =>
        response.TrailingHeaders.NonValidated.Contains("grpc-status") ? OfMetadata(response.TrailingHeaders)
        : response.Headers.NonValidated.Contains("grpc-status") ? OfMetadata(response.Headers)
        : Failed(StatusCode.Unavailable, "The server's answer ended without a status: the connection was closed on the way.");

    /// <summary>What an exception of HTTP means.</summary>
    public static RpcException OfTransport(Exception failure, GrpcChannel channel)
    {
        var place = $"{channel.EndPoint.Host}:{channel.EndPoint.Port}";
        var causes = Causes(failure).ToList();
        if (causes.OfType<AuthenticationException>().FirstOrDefault() is { } tls)
        {
            return Failed(
                StatusCode.Internal,
                $"No TLS connection to {place}: {tls.Message} If the server's certificate is signed by an authority of your own, name it by tlsCaFile; if the server has no TLS, say tls=false.",
                failure);
        }

        if (causes.OfType<SocketException>().FirstOrDefault() is { } socket)
        {
            return Failed(StatusCode.Unavailable, $"No connection to {place}: {socket.Message}", failure);
        }

        return causes.OfType<HttpRequestException>().FirstOrDefault()?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError =>
                Failed(StatusCode.Unavailable, $"No connection to {place}: {failure.Message}", failure),
            HttpRequestError.SecureConnectionError => Failed(StatusCode.Internal, $"No TLS connection to {place}: {failure.Message}", failure),
            HttpRequestError.InvalidResponse when causes.OfType<HttpIOException>().Any(io => io.HttpRequestError == HttpRequestError.ResponseEnded) => Failed(
                StatusCode.Unavailable,
                $"The server at {place} closed the connection at once: it is starting or stopping, or it does not speak HTTP/2 there. Is tls right?",
                failure),
            HttpRequestError.VersionNegotiationError or HttpRequestError.InvalidResponse => NotHttp2(place, failure),
            HttpRequestError.HttpProtocolError when causes.OfType<HttpProtocolException>().All(cause => cause.ErrorCode == ProtocolError) => NotHttp2(place, failure),
            _ => Lost(place, causes, failure),
        };
    }

    private static RpcException NotHttp2(string place, Exception failure) => Failed(
        StatusCode.Internal, $"The server at {place} does not speak HTTP/2 there: {failure.Message} Is tls right, and is it EventStoreDB's port?", failure);

    // A stream or connection that the server closed, or that broke, may work the next time; so may all that reads and writes.
    private static RpcException Lost(string place, List<Exception> causes, Exception failure)
    {
        var code = causes.Any(cause => cause is IOException or HttpProtocolException or ObjectDisposedException or OperationCanceledException)
            ? StatusCode.Unavailable
            : StatusCode.Internal;
        return Failed(code, $"The connection to {place} was lost: {causes[^1].Message}", failure);
    }

    private static RpcException? OfMetadata(HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        var status = "";
        var message = "";
        foreach (var (name, values) in headers.NonValidated)
        {
            var key = name.ToLowerInvariant();
            foreach (var value in values)
            {
                if (key == "grpc-status")
                {
                    status = value;
                }
                else if (key == "grpc-message")
                {
                    message = Uri.UnescapeDataString(value);
                }
                else if (!key.StartsWith("grpc-", StringComparison.Ordinal))
                {
                    Add(metadata, key, value);
                }
            }
        }

        var code = int.TryParse(status, out var number) && Enum.IsDefined((StatusCode)number) ? (StatusCode)number : StatusCode.Unknown;
        return code == StatusCode.OK ? null : new RpcException(new Status(code, message), metadata);
    }

    private static void Add(Metadata metadata, string key, string value)
    {
        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
        {
            metadata.Add(key, value);
            return;
        }

        var bytes = new byte[value.Length];
        if (Convert.TryFromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '='), bytes, out var written))
        {
            metadata.Add(key, bytes[..written]);
        }
    }

    private static StatusCode OfHttp(HttpStatusCode code) => (int)code switch
    {
        400 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private static RpcException Failed(StatusCode code, string detail, Exception? cause = null) => new(new Status(code, detail, cause));
}
