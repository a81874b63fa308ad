using System.Net.Sockets;
using System.Security.Authentication;
using EventStore.Client;
using Grpc.Core;
using Timeline.Adapters.EventStoreDb;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Adapters.EventStoreDb;

/// <summary>What passes by itself, and what no retry mends.</summary>
public sealed class FaultsTests
{
    private static readonly EventStoreDbAddress Address = EventStoreDbAddress.Parse("esdb://admin:s3cret@h:2113");

    [Theory]
    [InlineData("Could not recognize Server Is Not Ready")]
    [InlineData("Could not recognize Server Is Busy")]
    [InlineData("Could not recognize No leader info available in response")]
    [InlineData("Could not recognize Unknown NotHandledReason: 7")]
    public void What_a_server_says_that_starts_elects_or_is_overloaded_passes(string said) => Assert.True(Faults.MayPass(new InvalidOperationException(said)));

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Aborted)]
    [InlineData(StatusCode.Internal)]
    public void Broken_calls_pass(StatusCode code) => Assert.True(Faults.MayPass(new RpcException(new Status(code, "broken"))));

    [Fact]
    public void A_connection_that_is_cut_off_while_it_is_made_passes()
    {
        var cut = new HttpRequestException(HttpRequestError.InvalidResponse, "no handshake", new IOException("reset", new SocketException((int)SocketError.ConnectionReset)));
        var ended = new HttpRequestException(HttpRequestError.SecureConnectionError, "no handshake", new HttpIOException(HttpRequestError.ResponseEnded, "ended"));

        Assert.True(Faults.MayPass(new RpcException(new Status(StatusCode.Unavailable, "x", cut))));
        Assert.True(Faults.MayPass(new RpcException(new Status(StatusCode.Unavailable, "x", ended))));
    }

    [Fact]
    public void Refusals_and_what_speaks_otherwise_do_not_pass()
    {
        Exception[] lasting =
        [
            new AccessDeniedException(),
            new NotAuthenticatedException("no"),
            new StreamDeletedException("feed-1"),
            new InvalidOperationException("the test's own fault"),
            new RpcException(new Status(StatusCode.PermissionDenied, "no")),
            new RpcException(new Status(StatusCode.Internal, "x", new HttpRequestException(HttpRequestError.SecureConnectionError, "x", new AuthenticationException("The remote certificate is invalid")))),
            new RpcException(new Status(StatusCode.Internal, "x", new HttpProtocolException(0xd, "HTTP_1_1_REQUIRED", null))),
        ];

        Assert.All(lasting, e => Assert.False(Faults.MayPass(e), e.ToString()));
    }

    [Fact]
    public void Every_fault_is_told_with_the_address_and_without_the_password()
    {
        Exception[] faults =
        [
            new AccessDeniedException(),
            new NotAuthenticatedException("no"),
            new RpcException(new Status(StatusCode.Unavailable, "away")),
            new RpcException(new Status(StatusCode.PermissionDenied, "no")),
            new InvalidOperationException("odd"),
        ];

        Assert.All(faults, e =>
        {
            var told = Assert.IsType<LogUnavailableException>(Faults.Of(e, Address));
            Assert.Contains("admin:***@h:2113", told.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", told.Message, StringComparison.Ordinal);
        });
    }
}
