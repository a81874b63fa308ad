using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EventStore.Client;
using EventStore.Client.Protocol.Streams;
using Grpc.Core;

namespace Timeline.Tests.EventStoreDbClient;

public sealed class TlsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("timeline-tls-").FullName;

    [Fact]
    public async Task An_untrusted_certificate_is_told_at_once_and_is_not_worth_a_retry()
    {
        using var certificate = Certificate("127.0.0.1");
        await using var server = await ScriptedServer.StartAsync(certificate);
        await using var client = WireSamples.Client(server.ConnectionString);

        var error = await Assert.ThrowsAsync<RpcException>(() => client.DeleteAsync("s", StreamState.Any));

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Contains("tlsCaFile", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_of_ones_own_is_trusted_and_the_user_is_named_over_tls()
    {
        using var certificate = Certificate("127.0.0.1");
        await using var server = await ScriptedServer.StartAsync(certificate);
        server.On("Delete", context => Script.AnswerAsync(context, new DeleteResp()));
        await using var client = WireSamples.Client(
            $"esdb://admin:changeit@127.0.0.1:{server.Address.Port}?tlsCaFile={await AuthorityAsync(certificate)}");

        await client.DeleteAsync("s", StreamState.Any);
        await client.DeleteAsync("s", StreamState.Any, userCredentials: new UserCredentials("other"));

        Assert.Equal(["Basic YWRtaW46Y2hhbmdlaXQ=", "Bearer other"], server.Calls.Where(c => c.Method == "Delete").Select(c => c.Headers["authorization"]));
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused_whoever_signed_it()
    {
        using var certificate = Certificate("10.9.8.7");
        await using var server = await ScriptedServer.StartAsync(certificate);
        await using var client = WireSamples.Client($"esdb://127.0.0.1:{server.Address.Port}?tlsCaFile={await AuthorityAsync(certificate)}");

        Assert.Equal(StatusCode.Internal, (await Assert.ThrowsAsync<RpcException>(() => client.DeleteAsync("s", StreamState.Any))).StatusCode);
    }

    [Fact]
    public async Task Who_says_so_takes_any_certificate()
    {
        using var certificate = Certificate("10.9.8.7");
        await using var server = await ScriptedServer.StartAsync(certificate);
        server.On("Delete", context => Script.AnswerAsync(context, new DeleteResp()));
        await using var client = WireSamples.Client($"esdb://127.0.0.1:{server.Address.Port}?tlsVerifyCert=false");

        Assert.Equal(default, (await client.DeleteAsync("s", StreamState.Any)).LogPosition);
    }

    [Fact]
    public void A_client_certificate_is_read_from_two_files()
    {
        using var certificate = Certificate("user");
        File.WriteAllText(Path.Combine(folder, "user.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "user.key"), certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());

        var settings = EventStoreClientSettings.Create($"esdb://localhost?userCertFile={folder}/user.crt&userKeyFile={folder}/user.key");

        Assert.True(settings.ConnectivitySettings.ClientCertificate!.HasPrivateKey);
        Assert.Equal(certificate.Thumbprint, settings.ConnectivitySettings.ClientCertificate.Thumbprint);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static X509Certificate2 Certificate(string address)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=timeline-test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (System.Net.IPAddress.TryParse(address, out var ip))
        {
            names.AddIpAddress(ip);
        }
        else
        {
            names.AddDnsName(address);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private async Task<string> AuthorityAsync(X509Certificate2 certificate)
    {
        var path = Path.Combine(folder, "ca.crt");
        await File.WriteAllTextAsync(path, certificate.ExportCertificatePem());
        return path;
    }
}
