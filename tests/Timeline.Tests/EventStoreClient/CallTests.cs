using System.Net;
using System.Net.Sockets;
using EventStore.Client;
using EventStore.Client.Protocol.Streams;
using Grpc.Core;

namespace Timeline.Tests.EventStoreDbClient;

public sealed class CallTests
{
    [Fact]
    public async Task A_call_says_its_deadline_its_name_and_that_it_wants_the_leader()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = new EventStore.Client.EventStoreClient(EventStoreClientSettings.Create(server.ConnectionString.Replace("127", "admin:changeit@127", StringComparison.Ordinal)));
        server.On("Delete", context => Script.AnswerAsync(context, new DeleteResp()));

        await client.DeleteAsync("s", StreamState.Any);
        await client.DeleteAsync("s", StreamState.Any, deadline: TimeSpan.FromDays(3));

        Assert.Equal(["GetSupportedMethods", "Delete", "Delete"], server.Calls.Select(c => c.Method));
        var headers = server.Calls[1].Headers;
        Assert.Equal(("test", "True", "10000m", "trailers"), (headers["connection-name"], headers["requires-leader"], headers["grpc-timeout"], headers["te"]));
        Assert.Equal("259200S", server.Calls[2].Headers["grpc-timeout"]);
        Assert.DoesNotContain("authorization", headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_deadline_ends_a_call_that_the_server_does_not_answer()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        _ = server.HoldUntilReset("Delete");

        var error = await Assert.ThrowsAsync<RpcException>(() => client.DeleteAsync("s", StreamState.Any, deadline: TimeSpan.FromMilliseconds(50)));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task Cancelling_a_call_resets_its_stream()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        using var cancellation = new CancellationTokenSource();
        var reset = server.HoldUntilReset("Delete", cancellation.Cancel);

        var error = await Assert.ThrowsAsync<RpcException>(() => client.DeleteAsync("s", StreamState.Any, cancellationToken: cancellation.Token));

        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        await reset;
    }

    [Fact]
    public async Task Leaving_a_read_or_a_subscription_resets_its_stream()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);

        var reset = server.HoldUntilReset("Read", messages: [WireSamples.Read(WireSamples.Event(1)), WireSamples.Read(WireSamples.Event(2))]);
        await foreach (var first in client.ReadAllAsync(Direction.Forwards, Position.Start))
        {
            Assert.Equal(1UL, first.OriginalEventNumber.ToUInt64());
            break;
        }

        await reset;
        reset = server.HoldUntilReset("Read", messages: [new ReadResp { Confirmation = new() { SubscriptionId = "one" } }]);
        var subscription = client.SubscribeToAll(FromAll.Start);
        await using var messages = subscription.Messages.GetAsyncEnumerator();
        Assert.True(await messages.MoveNextAsync());
        Assert.Equal("one", subscription.SubscriptionId);
        var next = messages.MoveNextAsync();
        subscription.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.AsTask());
        await reset;
    }

    [Fact]
    public async Task Cancelling_a_read_ends_it_with_the_callers_token()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        using var cancellation = new CancellationTokenSource();
        var reset = server.HoldUntilReset("Read", messages: [WireSamples.Read(WireSamples.Event())]);

        await using var events = client.ReadAllAsync(Direction.Forwards, Position.Start, cancellationToken: cancellation.Token).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        var next = events.MoveNextAsync();
        await cancellation.CancelAsync();

        Assert.Equal(cancellation.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.AsTask())).CancellationToken);
        await reset;
    }

    [Fact]
    public async Task Messages_are_taken_once()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        server.On("Read", context => Script.AnswerAsync(context, new ReadResp { FirstStreamPosition = 3 }, new ReadResp { LastStreamPosition = 9 }));

        var read = client.ReadStreamAsync(Direction.Forwards, "s", StreamPosition.Start);
        var kinds = new List<string>();
        await foreach (var message in read.Messages)
        {
            kinds.Add(message.GetType().Name);
        }

        Assert.Equal(["Ok", "FirstStreamPosition", "LastStreamPosition"], kinds);
        Assert.Equal((new StreamPosition(3), new StreamPosition(9)), (read.FirstStreamPosition, read.LastStreamPosition));
        Assert.Throws<InvalidOperationException>(() => read.Messages.GetAsyncEnumerator());
    }

    [Fact]
    public async Task Whether_a_stream_is_there_is_known_without_taking_its_events()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        server.On("Read", context => Script.AnswerAsync(context, new ReadResp { StreamNotFound = new() }));

        var read = client.ReadStreamAsync(Direction.Forwards, "s", StreamPosition.Start);

        Assert.Equal(ReadState.StreamNotFound, await read.ReadState);
        await Assert.ThrowsAsync<StreamNotFoundException>(async () =>
        {
            await foreach (var _ in read)
            {
            }
        });
        Assert.Equal(StreamMetadataResult.None("s"), await client.GetStreamMetadataAsync("s"));
    }

    [Fact]
    public async Task A_message_that_is_not_readable_ends_the_read_with_an_error()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        var lacking = WireSamples.Event();
        lacking.Metadata.Clear();
        server.On("Read", context => Script.AnswerAsync(context, WireSamples.Read(lacking)));

        var error = await Assert.ThrowsAsync<RpcException>(() => client.ReadStreamAsync(Direction.Forwards, "s", StreamPosition.Start).ReadState);

        Assert.Equal(StatusCode.Internal, error.StatusCode);
    }

    [Fact]
    public async Task Where_nothing_listens_the_server_is_unavailable()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        await using var client = WireSamples.Client($"esdb://127.0.0.1:{port}?tls=false");

        var error = await Assert.ThrowsAsync<RpcException>(() => client.DeleteAsync("s", StreamState.Any));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains($"127.0.0.1:{port}", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_speaks_only_http_1_is_told_at_once()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var caller = await listener.AcceptTcpClientAsync();
            var stream = caller.GetStream();
            _ = await stream.ReadAsync(new byte[1024]);
            await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        });
        await using var client = WireSamples.Client($"esdb://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}?tls=false");

        var error = await Assert.ThrowsAsync<RpcException>(() => client.DeleteAsync("s", StreamState.Any));
        await answering;

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Contains("HTTP/2", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_is_disposed_of_takes_no_calls()
    {
        await using var server = await ScriptedServer.StartAsync();
        var client = WireSamples.Client(server.ConnectionString);
        client.Dispose();
        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.DeleteAsync("s", StreamState.Any));
    }
}
