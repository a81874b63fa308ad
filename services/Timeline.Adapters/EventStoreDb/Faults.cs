using System.Net.Sockets;
using System.Security.Authentication;
using EventStore.Client;
using Grpc.Core;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>From the client's errors to what the log's port promises: what may pass, what no retry mends, and what to do about either.</summary>
internal static class Faults
{
    // What a server that starts, elects or is overloaded answers to one append of many on a connection: an error without a code, which the clients know by no type.
    private static readonly string[] Passing = ["Server Is Not Ready", "Server Is Busy", "Server Is Too Busy", "No leader info", "NotHandledReason"];

    /// <summary>True for errors that may pass by themselves: a server that restarts, an election, a lost answer.</summary>
    public static bool MayPass(Exception e) => e switch
    {
        RpcException rpc => rpc.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Aborted or StatusCode.Cancelled
            or StatusCode.Internal or StatusCode.Unknown or StatusCode.ResourceExhausted && !IsLasting(rpc),
        InvalidOperationException { Message: var said } => Array.Exists(Passing, p => said.Contains(p, StringComparison.OrdinalIgnoreCase)),
        NotLeaderException or DiscoveryException or TimeoutRejectedException or BrokenCircuitException => true,
        HttpRequestException or IOException => !IsLasting(e),

        // Not the caller's: nobody is asked to try again after that.
        OperationCanceledException => true,
        _ => false,
    };

    /// <summary>The port's exception for one of the client's; null for what is no fault of the store.</summary>
    public static Exception? Of(Exception e, EventStoreDbAddress address) => e switch
    {
        LogUnavailableException or LogUnusableException or AppendRefusedException => null,
        AccessDeniedException => new LogUnavailableException(
            $"{address} does not let this user do that. Give a user who may read $all and write Timeline's streams: esdb://USER:PASSWORD@HOST:PORT.", e),
        NotAuthenticatedException or RpcException { StatusCode: StatusCode.Unauthenticated } => new LogUnavailableException(
            $"{address} does not accept the user or the password. Give the right ones: esdb://USER:PASSWORD@HOST:PORT.", e),
        StreamDeletedException deleted => new LogUnusableException(
            $"The stream '{deleted.Stream}' of {address} is deleted for good: a part of the log is gone. Restore the store from a copy.", e),
        MaximumAppendSizeExceededException size => new AppendRefusedException($"{address} takes {size.MaxAppendSize:N0} bytes in one append; its MaxAppendSize has been lowered. Set it to 1,048,576."),
        _ when Certificate(e) is { } certificate => new LogUnavailableException(
            $"The certificate of {address} is not trusted: {certificate.TrimEnd('.')}. Trust its authority on this machine, name it with tlsCaFile=PATH, or, on a machine of your own, say tlsVerifyCert=false or tls=false.", e),
        _ when SpeaksOtherwise(e) => new LogUnavailableException(
            $"What answers at {address} speaks no HTTP/2, or no TLS where TLS is asked (or the other way round): {Innermost(e)} Check host and port; with tls=false the server must run with --insecure.", e),
        _ when MayPass(e) && EndedAtOnce(e) => new LogUnavailableException(
            $"What answers at {address} ends the connection at once: {Innermost(e)} It may be starting or stopping; or TLS is asked where it speaks none: then add tls=false; or it wants TLS: then leave out tls=false.", e),
        _ when MayPass(e) => new LogUnavailableException($"EventStoreDB can't be reached at {address}: {Innermost(e)} Start it, or name another with TIMELINE_LOG.", e),
        RpcException rpc => new LogUnavailableException($"{address} refuses: {rpc.Status.Detail} ({rpc.StatusCode}).", e),
        InvalidOperationException => new LogUnavailableException($"{address} refuses: {e.Message}", e),
        _ => null,
    };

    private static bool IsLasting(Exception e) => Certificate(e) is not null || SpeaksOtherwise(e);

    private static string? Certificate(Exception e) =>
        Chain(e).Select(static x => x as AuthenticationException).FirstOrDefault(static x => x is not null) is { } failure
        && failure.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
            ? failure.Message
            : null;

    // What an HTTP/1.1 server, or one with TLS, says to the first bytes of HTTP/2 is not HTTP/2; the handler calls it a protocol or an SSL error. A connection that
    // is cut off meanwhile is another matter: so does a server that ends or has just begun, and what stands before it.
    private static bool SpeaksOtherwise(Exception e)
    {
        var chain = Chain(e).ToList();
        return !chain.Exists(static x => x is SocketException or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded })
            && chain.Exists(x => x switch
            {
                HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError or HttpRequestError.InvalidResponse } => true,
                HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => chain.Exists(static y => y is AuthenticationException),
                HttpProtocolException { ErrorCode: 0x1 or 0xd } => true,
                _ => false,
            });
    }

    private static string Innermost(Exception e)
    {
        var said = Chain(e).Last() is var last && last is RpcException rpc ? rpc.Status.Detail : last.Message;
        return said.EndsWith('.') || said.EndsWith(')') ? said : said + ".";
    }

    // Cut off in the middle of a handshake too: a server without TLS may end it with a reset, whose error does not speak of TLS.
    private static bool EndedAtOnce(Exception e) => Chain(e).Any(static x => x is
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError });

    private static IEnumerable<Exception> Chain(Exception e)
    {
        for (Exception? x = e; x is not null; x = x.InnerException ?? (x as RpcException)?.Status.DebugException)
        {
            yield return x;
        }
    }
}
