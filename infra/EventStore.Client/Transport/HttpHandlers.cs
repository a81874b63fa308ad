using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace EventStore.Client;

/// <summary>Makes the handlers of HTTP/2 connections from the settings.</summary>
internal static class HttpHandlers
{
    // A read fills this much ahead of whoever reads, so the server need not wait for each page's round trip.
    private const int StreamWindow = 4 * 1024 * 1024;

    // What the handler takes at least.
    private static readonly TimeSpan ShortestPing = TimeSpan.FromSeconds(1);

    public static SocketsHttpHandler Create(EventStoreClientConnectivitySettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            KeepAlivePingDelay = AtLeastShortest(settings.KeepAliveInterval),
            KeepAlivePingTimeout = AtLeastShortest(settings.KeepAliveTimeout),
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = StreamWindow,
            PlaintextStreamFilter = static (connection, _) => new ValueTask<Stream>(new ReadAheadStream(connection.PlaintextStream)),
        };
        if (!settings.Insecure)
        {
            Secure(handler, settings);
        }

        return handler;
    }

    private static void Secure(SocketsHttpHandler handler, EventStoreClientConnectivitySettings settings)
    {
        if (settings.ClientCertificate is { } client)
        {
            handler.SslOptions.ClientCertificates = [client];
        }

        if (!settings.TlsVerifyCert)
        {
#pragma warning disable CA5359 // tlsVerifyCert=false asks for just that.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (settings.TlsCaFile is { } authority)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                // The authority stands in for the machine's trust; the name has to be right all the same.
                if (certificate is not X509Certificate2 server || chain is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
                {
                    return false;
                }

                chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.CustomTrustStore.Add(authority);
                return chain.Build(server);
            };
        }
    }

    private static TimeSpan AtLeastShortest(TimeSpan time) =>
        time == Timeout.InfiniteTimeSpan || time >= ShortestPing ? time : ShortestPing;
}
