using EventStore.Client;
using EventStore.Client.Protocol.Streams;
using Google.Protobuf;
using Any = Google.Protobuf.WellKnownTypes.Any;
using Grpc.Core;
using Details = EventStore.Client.Protocol;

namespace Timeline.Tests.EventStoreDbClient;

public sealed class BatchAppendTests
{
    [Fact]
    public async Task Appends_go_out_without_waiting_and_find_their_answers_in_any_order()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        server.OnBatchAppend(async context =>
        {
            var requests = new List<BatchAppendReq>();
            while (requests.Count < 20)
            {
                requests.Add((await Script.NextAsync(context, BatchAppendReq.Parser))!);
            }

            foreach (var request in Enumerable.Reverse(requests))
            {
                await Script.SendAsync(context, Success(request, request.Options.StreamPosition));
            }

            await Script.NextAsync(context, BatchAppendReq.Parser);
        });

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => client.AppendToStreamAsync($"feed-{n}", new StreamRevision((ulong)n), [WireSamples.Data()])));

        Assert.Equal(Enumerable.Range(0, 20), results.Select(r => (int)r.NextExpectedStreamRevision.ToInt64()));
        Assert.Single(server.Calls, call => call.Method == "BatchAppend");
    }

    [Fact]
    public async Task A_stream_of_appends_that_fails_fails_all_that_wait_and_the_next_append_opens_another()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        server.OnBatchAppend(async context =>
        {
            await Script.NextAsync(context, BatchAppendReq.Parser);
            await Script.NextAsync(context, BatchAppendReq.Parser);
            await Script.FailAsync(context, 14, "going down");
        });
        var waiting = new[] { "a", "b" }.Select(stream => client.AppendToStreamAsync(stream, StreamState.Any, [WireSamples.Data()])).ToList();
        foreach (var append in waiting)
        {
            Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => append)).StatusCode);
        }

        server.OnBatchAppend(AnswerEachAsync);

        Assert.Equal(new StreamRevision(1), (await client.AppendToStreamAsync("c", StreamState.Any, [WireSamples.Data()])).NextExpectedStreamRevision);
        Assert.Equal(2, server.Calls.Count(call => call.Method == "BatchAppend"));
    }

    [Fact]
    public async Task A_stream_of_appends_that_the_server_ends_leaves_no_append_waiting()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        server.OnBatchAppend(async context =>
        {
            await Script.NextAsync(context, BatchAppendReq.Parser);
            await Script.AnswerAsync(context);
        });

        var error = await Assert.ThrowsAsync<RpcException>(() => client.AppendToStreamAsync("a", StreamState.Any, [WireSamples.Data()]));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public async Task A_wrong_version_is_an_exception_or_a_result_as_the_options_say()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        server.OnBatchAppend(Refusing(new Details.WrongExpectedVersion { CurrentStreamRevision = 7, ExpectedStreamPosition = 3 }));

        var error = await Assert.ThrowsAsync<WrongExpectedVersionException>(() => client.AppendToStreamAsync("a", new StreamRevision(3), [WireSamples.Data()]));
        var result = await client.AppendToStreamAsync("a", new StreamRevision(3), [WireSamples.Data()], options => options.ThrowOnAppendFailure = false);

        Assert.Equal(("a", 3L, 7L), (error.StreamName, error.ExpectedVersion, error.ActualVersion));
        Assert.Equal(new StreamRevision(7), Assert.IsType<WrongExpectedVersionResult>(result).ActualStreamRevision);
    }

    [Fact]
    public async Task Each_refusal_has_its_exception_and_ends_only_its_own_append()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        (IMessage Details, Type Error)[] refusals =
        [
            (new Details.StreamDeleted(), typeof(StreamDeletedException)),
            (new Details.AccessDenied(), typeof(AccessDeniedException)),
            (new Details.Timeout(), typeof(RpcException)),
            (new Details.MaximumAppendSizeExceeded { MaxAppendSize = 5 }, typeof(MaximumAppendSizeExceededException)),
            (new Details.BadRequest { Message = "bad" }, typeof(InvalidOperationException)),
            (new Details.Unknown(), typeof(InvalidOperationException)),
        ];
        var due = new Queue<IMessage>(refusals.Select(r => r.Details));
        server.OnBatchAppend(context => Refusing(due.Dequeue)(context));

        foreach (var (_, error) in refusals)
        {
            Assert.IsType(error, await Record.ExceptionAsync(() => client.AppendToStreamAsync("a", StreamState.Any, [WireSamples.Data()])));
        }

        Assert.Single(server.Calls, call => call.Method == "BatchAppend");
    }

    [Fact]
    public async Task An_append_stops_waiting_at_its_deadline_and_when_it_is_cancelled()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        using var cancellation = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        server.OnBatchAppend(async context =>
        {
            context.RequestAborted.Register(gone.SetResult);
            begun.SetResult();
            await gone.Task;
        });

        var late = await Assert.ThrowsAsync<RpcException>(() => client.AppendToStreamAsync("a", StreamState.Any, [WireSamples.Data()], deadline: TimeSpan.FromMilliseconds(50)));
        var append = client.AppendToStreamAsync("a", StreamState.Any, [WireSamples.Data()], cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
        var waiting = client.AppendToStreamAsync("a", StreamState.Any, [WireSamples.Data()]);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Without_batch_append_and_for_other_users_each_append_is_a_call_of_its_own()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = WireSamples.Client(server.ConnectionString);
        server.On("Append", async context =>
        {
            var events = -1;
            while (await Script.NextAsync(context, AppendReq.Parser) is not null)
            {
                events++;
            }

            await Script.AnswerAsync(context, new AppendResp { Success = new() { CurrentRevision = (ulong)events, Position = new() { CommitPosition = 9, PreparePosition = 8 } } });
        });

        var old = await client.AppendToStreamAsync("a", StreamState.NoStream, [WireSamples.Data(), WireSamples.Data()]);
        server.OnBatchAppend(context => Script.FailAsync(context, 13, "not for this one"));
        await using var newer = WireSamples.Client(server.ConnectionString);
        var other = await newer.AppendToStreamAsync("a", StreamState.NoStream, [WireSamples.Data()], userCredentials: new UserCredentials("u", "p"));

        Assert.Equal(new SuccessResult(2, new Position(9, 8)), old);
        Assert.Equal(new StreamRevision(1), other.NextExpectedStreamRevision);
    }

    private static async Task AnswerEachAsync(Microsoft.AspNetCore.Http.HttpContext context)
    {
        while (await Script.NextAsync(context, BatchAppendReq.Parser) is { } request)
        {
            await Script.SendAsync(context, Success(request, 1));
        }

        Script.End(context, 0);
    }

    private static Microsoft.AspNetCore.Http.RequestDelegate Refusing(IMessage details) => Refusing(() => details);

    private static Microsoft.AspNetCore.Http.RequestDelegate Refusing(Func<IMessage> details) => async context =>
    {
        while (await Script.NextAsync(context, BatchAppendReq.Parser) is { } request)
        {
            await Script.SendAsync(context, new BatchAppendResp
            {
                CorrelationId = request.CorrelationId,
                StreamIdentifier = request.Options.StreamIdentifier,
                Error = new Details.Rpc.Status { Code = 9, Message = "refused", Details = Any.Pack(details()) },
            });
        }
    };

    private static BatchAppendResp Success(BatchAppendReq request, ulong revision) => new()
    {
        CorrelationId = request.CorrelationId,
        Success = new() { CurrentRevision = revision, Position = new() { CommitPosition = 9, PreparePosition = 8 } },
    };
}
