using EventStore.Client;
using EventStore.Client.Protocol.Streams;
using Grpc.Core;

namespace Timeline.Tests.EventStoreDbClient;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("access-denied", typeof(AccessDeniedException))]
    [InlineData("not-leader", typeof(RpcException))]
    [InlineData("stream-deleted", typeof(StreamDeletedException))]
    [InlineData("stream-not-found", typeof(StreamNotFoundException))]
    [InlineData("wrong-expected-version", typeof(WrongExpectedVersionException))]
    [InlineData("maximum-append-size-exceeded", typeof(MaximumAppendSizeExceededException))]
    [InlineData("missing-required-metadata-property", typeof(RequiredMetadataPropertyMissingException))]
    [InlineData("invalid-transaction", typeof(InvalidTransactionException))]
    [InlineData("something-new", typeof(RpcException))]
    public async Task The_trailer_exception_says_which_error_it_is(string kind, Type error)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);

        // Once as trailers behind a message, and once in the headers alone.
        server.On("Delete", async context =>
        {
            await Script.SendAsync(context, new DeleteResp());
            Script.End(context, 9, "no ümlaut", ("exception", kind));
        });
        var behind = await Record.ExceptionAsync(() => client.DeleteAsync("s", StreamState.Any));
        server.On("Delete", context => Script.FailAsync(context, 9, "no ümlaut", ("exception", kind)));
        var alone = await Record.ExceptionAsync(() => client.DeleteAsync("s", StreamState.Any));

        Assert.Equal((error, error), (behind!.GetType(), alone!.GetType()));
        var status = (alone as RpcException ?? alone.InnerException as RpcException)!.Status;
        Assert.Equal(kind == "not-leader" ? StatusCode.Unavailable : StatusCode.FailedPrecondition, status.StatusCode);
        Assert.EndsWith("no ümlaut", status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_brings_the_values_that_the_server_gives_with_it()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        server.On("Delete", context => Script.FailAsync(
            context, 9, "m", ("exception", "wrong-expected-version"), ("stream-name", "feed-1"), ("expected-version", "5"), ("actual-version", "7")));
        server.On("Tombstone", context => Script.FailAsync(context, 3, "m", ("exception", "maximum-append-size-exceeded"), ("maximum-append-size", "1048576")));

        var wrong = await Assert.ThrowsAsync<WrongExpectedVersionException>(() => client.DeleteAsync("feed-1", StreamState.Any));
        var large = await Assert.ThrowsAsync<MaximumAppendSizeExceededException>(() => client.TombstoneAsync("feed-1", StreamState.Any));

        Assert.Equal(("feed-1", 5L, 7L), (wrong.StreamName, wrong.ExpectedVersion, wrong.ActualVersion));
        Assert.Equal(1_048_576U, large.MaxAppendSize);
    }

    [Theory]
    [InlineData(16, typeof(NotAuthenticatedException), StatusCode.Unauthenticated)]
    [InlineData(8, typeof(RpcException), StatusCode.ResourceExhausted)]
    [InlineData(99, typeof(RpcException), StatusCode.Unknown)]
    public async Task Other_errors_are_told_by_their_status(int status, Type error, StatusCode code)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        server.On("Delete", context => Script.FailAsync(context, status, "m"));

        var thrown = await Record.ExceptionAsync(() => client.DeleteAsync("s", StreamState.Any));

        Assert.IsType(error, thrown);
        Assert.Equal(code, (thrown as RpcException ?? thrown.InnerException as RpcException)!.StatusCode);
    }

    [Theory]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    public async Task An_answer_of_plain_http_is_an_error_by_its_code(int http, StatusCode code)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        server.On("Delete", context =>
        {
            context.Response.StatusCode = http;
            return Task.CompletedTask;
        });

        var thrown = await Record.ExceptionAsync(() => client.DeleteAsync("s", StreamState.Any));

        Assert.Equal(code, (thrown as RpcException ?? thrown?.InnerException as RpcException)!.StatusCode);
    }

    [Fact]
    public async Task A_page_for_people_is_no_answer()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        server.On("Delete", context =>
        {
            context.Response.ContentType = "text/html";
            return Task.CompletedTask;
        });

        var error = await Assert.ThrowsAsync<RpcException>(() => client.DeleteAsync("s", StreamState.Any));

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Contains("text/html", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_a_status_was_cut_off()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        server.On("Delete", context => Script.SendAsync(context, new DeleteResp()));

        var error = await Assert.ThrowsAsync<RpcException>(() => client.DeleteAsync("s", StreamState.Any));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }
}
