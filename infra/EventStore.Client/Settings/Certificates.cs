using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EventStore.Client;

/// <summary>The certificates that a connection string names by file.</summary>
internal static class Certificates
{
    public static X509Certificate2 Authority(string path)
    {
        if (path.Length == 0 || !File.Exists(path))
        {
            throw new InvalidClientCertificateException($"Failed to load certificate. File was not found: tlsCaFile is '{path}'.");
        }

        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(path);
        }
        catch (CryptographicException failure)
        {
            throw new InvalidClientCertificateException($"Failed to load certificate. Invalid file format: tlsCaFile is '{path}'.", failure);
        }
    }

    public static X509Certificate2 Client(string? certificate, string? key)
    {
        if (string.IsNullOrEmpty(certificate) || string.IsNullOrEmpty(key))
        {
            throw new InvalidClientCertificateException("Invalid client certificate settings. Both UserCertFile and UserKeyFile must be set.");
        }

        foreach (var (name, path) in new[] { ("UserCertFile", certificate), ("UserKeyFile", key) })
        {
            if (!File.Exists(path))
            {
                throw new InvalidClientCertificateException($"Invalid client certificate settings. The specified {name} does not exist: {path}");
            }
        }

        try
        {
            // Through PKCS #12, because TLS on Windows cannot use a key that exists in memory alone.
            using var pem = X509Certificate2.CreateFromPemFile(certificate, key);
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidClientCertificateException("Failed to create client certificate.", failure);
        }
    }
}
