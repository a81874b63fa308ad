using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Timeline.Tests.EventStoreDb.Protocol;
using Timeline.Tests.EventStoreDb.Store;

namespace Timeline.Tests.EventStoreDb.Hosting;

/// <summary>A server that speaks the gRPC protocol of EventStoreDB 23.10, as far as streams go, on 127.0.0.1.</summary>
public sealed class EventStoreDbServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly CancellationTokenSource stopping;
    private readonly bool ownsStore;
    private readonly Node node;

    private EventStoreDbServer(WebApplication app, Node node, Certificate? certificate, CancellationTokenSource stopping, Uri address, bool ownsStore)
    {
        this.app = app;
        this.stopping = stopping;
        this.ownsStore = ownsStore;
        this.node = node;
        Address = address;
        CertificatePem = certificate?.AuthorityPem;
    }

    /// <summary>http://127.0.0.1:PORT, or https.</summary>
    private int disposed;

    public Uri Address { get; }

    /// <summary>As the official clients take it, without a user.</summary>
    public string ConnectionString => $"esdb://127.0.0.1:{Address.Port}?tls={(Options.Tls ? "true" : "false")}";

    public EventStoreDbServerOptions Options => node.Options;

    public Faults Faults => node.Faults;

    public StreamStore Store => node.Store;

    /// <summary>What went wrong in the server itself; a test that expects nothing of the kind asserts that there is none.</summary>
    public IReadOnlyCollection<Exception> Errors => node.Errors;

    /// <summary>With TLS the certificate of the authority that clients are to trust.</summary>
    public string? CertificatePem { get; }

    public static async Task<EventStoreDbServer> StartAsync(EventStoreDbServerOptions? options = null, CancellationToken ct = default)
    {
        options ??= new EventStoreDbServerOptions();
        var store = await StreamStore.OpenAsync(options.Store);
        try
        {
            return await StartAsync(options, store, new Membership(), 0, ownsStore: true, ct);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends all calls and, unless a cluster shares it, closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }

        await stopping.CancelAsync();

        // Calls have ended; connections that clients keep open need not be waited for.
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(soon.Token);
        await app.DisposeAsync();
        stopping.Dispose();
        if (ownsStore)
        {
            await Store.DisposeAsync();
        }
    }

    internal static async Task<EventStoreDbServer> StartAsync(
        EventStoreDbServerOptions options, StreamStore store, Membership membership, int number, bool ownsStore, CancellationToken ct)
    {
        var node = new Node(store, new Faults(), options, membership, number);
        var certificate = options.Tls ? Certificate.Create(store.Clock) : null;
        if (certificate is not null && options.CertificateFile is { } path)
        {
            await File.WriteAllTextAsync(path, certificate.AuthorityPem, ct);
        }

        var stopping = new CancellationTokenSource();
        var http1 = new Http1();
        var app = Build(options, certificate, http1);
        var dispatcher = new Dispatcher(node, stopping.Token);
        app.Run(dispatcher.AnswerAsync);
        try
        {
            await app.StartAsync(ct);
            var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
            var address = new Uri(addresses.Addresses.First());
            http1.Port = new Uri(addresses.Addresses.Last()).Port;
            membership.Join("127.0.0.1", address.Port);
            return new EventStoreDbServer(app, node, certificate, stopping, address, ownsStore);
        }
        catch
        {
            stopping.Dispose();
            await app.DisposeAsync();
            throw;
        }
    }

    private static WebApplication Build(EventStoreDbServerOptions options, Certificate? certificate, Http1 http1)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 4 * 1024 * 1024;
            kestrel.Limits.Http2.InitialStreamWindowSize = 2 * 1024 * 1024;
            kestrel.ResponseHeaderEncodingSelector = _ => System.Text.Encoding.UTF8;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                if (certificate is null)
                {
                    listen.Protocols = HttpProtocols.Http2;
                    listen.Use(http2 => connection => http1.ServeAsync(connection, http2));
                }
                else
                {
                    listen.Protocols = HttpProtocols.Http1AndHttp2;
                    listen.UseHttps(certificate.Server);
                }
            });
            if (certificate is null)
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            }
        });
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        return builder.Build();
    }
}
