using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using EventStore.Client.Protocol.Features;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Timeline.Tests.EventStoreDbClient;

/// <summary>A gRPC server over HTTP/2 that answers each method as a test says. What it has no script for is unimplemented.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RequestDelegate> methods = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Method, Dictionary<string, string> Headers)> calls = [];
    private readonly WebApplication app;

    private ScriptedServer(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    public string ConnectionString => $"esdb://127.0.0.1:{Address.Port}?tls={Address.Scheme == "https"}&connectionName=test";

    /// <summary>What was called so far, with its headers.</summary>
    public IReadOnlyList<(string Method, Dictionary<string, string> Headers)> Calls => [.. calls];

    public static async Task<ScriptedServer> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhostOn(certificate));
        var app = builder.Build();
        var server = new ScriptedServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        server.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return server;
    }

    /// <param name="method">The method's name, such as Read; Gossip for that of gossip.</param>
    public ScriptedServer On(string method, RequestDelegate script)
    {
        methods[method] = script;
        return this;
    }

    /// <summary>Says that it has BatchAppend, and answers it so.</summary>
    public ScriptedServer OnBatchAppend(RequestDelegate script) =>
        On("GetSupportedMethods", context => Script.AnswerAsync(context, new SupportedMethods
        {
            Methods = { new SupportedMethod { ServiceName = "event_store.client.streams.streams", MethodName = "batchappend" } },
        })).On("BatchAppend", script);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var method = path.StartsWith("/event_store.client.gossip", StringComparison.Ordinal) ? "Gossip" : path[(path.LastIndexOf('/') + 1)..];
        calls.Enqueue((method, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        return methods.TryGetValue(method, out var script) ? script(context) : Script.FailAsync(context, 12, "no script");
    }
}

/// <summary>What scripts do.</summary>
internal static class Script
{
    public static void ListenLocalhostOn(this KestrelServerOptions kestrel, X509Certificate2? certificate) =>
        kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        });

    /// <summary>Messages, and then the status OK.</summary>
    public static async Task AnswerAsync(HttpContext context, params IMessage[] messages)
    {
        context.Response.ContentType = "application/grpc";
        foreach (var message in messages)
        {
            await SendAsync(context, message);
        }

        End(context, 0);
    }

    public static async Task SendAsync(HttpContext context, IMessage message)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "application/grpc";
        }

        await context.Response.Body.WriteAsync(Framed(message));
        await context.Response.Body.FlushAsync();
    }

    /// <summary>The status after messages: in trailers.</summary>
    public static void End(HttpContext context, int status, string message = "", params (string Key, string Value)[] trailers)
    {
        context.Response.AppendTrailer("grpc-status", status.ToString());
        context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(message));
        foreach (var (key, value) in trailers)
        {
            context.Response.AppendTrailer(key, value);
        }
    }

    /// <summary>An error and nothing else: in the headers.</summary>
    public static Task FailAsync(HttpContext context, int status, string message, params (string Key, string Value)[] trailers)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = status.ToString();
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(message);
        foreach (var (key, value) in trailers)
        {
            context.Response.Headers[key] = value;
        }

        return Task.CompletedTask;
    }

    /// <summary>The next message of the request, or null at its end.</summary>
    public static async Task<T?> NextAsync<T>(HttpContext context, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var header = new byte[5];
        if (await context.Request.Body.ReadAtLeastAsync(header, 5, throwOnEndOfStream: false) < 5)
        {
            return null;
        }

        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
        await context.Request.Body.ReadExactlyAsync(message);
        return parser.ParseFrom(message);
    }

    public static byte[] Framed(IMessage message)
    {
        var bytes = message.ToByteArray();
        var frame = new byte[5 + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), bytes.Length);
        bytes.CopyTo(frame, 5);
        return frame;
    }
}

/// <summary>Scripts that several tests have.</summary>
internal static class Scripts
{
    /// <summary>Sends some messages and then nothing until the client resets the stream; the task ends then.</summary>
    public static Task HoldUntilReset(this ScriptedServer server, string method, Action? started = null, params IMessage[] messages)
    {
        var reset = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.On(method, async context =>
        {
            foreach (var message in messages)
            {
                await Script.SendAsync(context, message);
            }

            context.RequestAborted.Register(reset.SetResult);
            started?.Invoke();
            await reset.Task;
        });
        return reset.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
