using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Timeline.Tests.EventStoreDb.Protocol;

namespace Timeline.Tests.EventStoreDb.Hosting;

/// <summary>Hands each request to its service and ends it with a status.</summary>
internal sealed class Dispatcher
{
    private readonly Node node;
    private readonly CancellationToken stopping;
    private readonly Dictionary<string, Func<GrpcCall, Task>> methods;
    private readonly Pages pages;

    public Dispatcher(Node node, CancellationToken stopping)
    {
        this.node = node;
        this.stopping = stopping;
        pages = new Pages(node);
        const string Streams = "/event_store.client.streams.Streams/";
        methods = new Dictionary<string, Func<GrpcCall, Task>>(StringComparer.Ordinal)
        {
            [Streams + "Read"] = new ReadService(node).ReadAsync,
            [Streams + "Append"] = new AppendService(node).AppendAsync,
            [Streams + "BatchAppend"] = new BatchAppendService(node).BatchAppendAsync,
            [Streams + "Delete"] = new DeleteService(node).DeleteAsync,
            [Streams + "Tombstone"] = new DeleteService(node).TombstoneAsync,
            ["/event_store.client.gossip.Gossip/Read"] = new ClusterService(node).ReadAsync,
            ["/event_store.client.server_features.ServerFeatures/GetSupportedMethods"] = new FeatureService(node).GetSupportedMethodsAsync,
        };
    }

    public Task AnswerAsync(HttpContext context) =>
        context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) is true ? AnswerCallAsync(context) : pages.AnswerAsync(context);

    private async Task AnswerCallAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        var reading = context.Request.Path.Value?.EndsWith("/Read", StringComparison.Ordinal) is true;
        var dropped = reading ? node.Faults.Dropped : CancellationToken.None;
        using var deadline = new CancellationTokenSource();
        if (GrpcCall.Timeout(context) is { } timeout)
        {
            deadline.CancelAfter(timeout);
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping, deadline.Token, dropped);
        try
        {
            await node.Faults.WhileStalledAsync(ended.Token);
            var caller = node.Options.Tls ? Users.CallerOf(context) : Caller.Anonymous;
            if (caller is null)
            {
                GrpcCall.End(context.Response, GrpcStatus.Unauthenticated, "Unauthenticated");
            }
            else if (!methods.TryGetValue(context.Request.Path.Value ?? "", out var method))
            {
                GrpcCall.End(context.Response, GrpcStatus.Unimplemented, "This server has no such method.");
            }
            else
            {
                await method(new GrpcCall(context, caller.Value, ended.Token));
                GrpcCall.End(context.Response, GrpcStatus.Ok);
            }
        }
        catch (GrpcException error)
        {
            GrpcCall.End(context.Response, error.Status, error.Message, error.Trailers);
        }
        catch (BrokenConnectionException)
        {
            context.Features.Get<IConnectionLifetimeFeature>()?.Abort();
            context.Abort();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            End(context, deadline.IsCancellationRequested);
        }
        catch (Exception exception)
        {
            // A client is told nothing of why, as by a real server.
            node.Errors.Enqueue(exception);
            GrpcCall.End(context.Response, GrpcStatus.Unknown, "Exception was thrown by handler.");
        }
    }

    /// <summary>A deadline is told; a drop or the server's end breaks the call.</summary>
    private static void End(HttpContext context, bool late)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (late)
        {
            GrpcCall.End(context.Response, GrpcStatus.DeadlineExceeded, "Deadline Exceeded");
        }
        else
        {
            context.Abort();
        }
    }
}

/// <summary>The users of a server with TLS.</summary>
internal static class Users
{
    /// <returns>Null for a name or a password that is wrong.</returns>
    public static Caller? CallerOf(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return Caller.Anonymous;
        }

        const string Scheme = "Basic ";
        var credentials = new byte[header.Length];
        return !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || !Convert.TryFromBase64String(header[Scheme.Length..].Trim(), credentials, out var length)
            ? null
            : Encoding.UTF8.GetString(credentials.AsSpan(0, length)) switch
            {
                "admin:changeit" => Caller.Administrator,
                "ops:changeit" => Caller.Operator,
                _ => null,
            };
    }
}
