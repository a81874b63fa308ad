using System.IO.Compression;
using System.Security.Cryptography;

namespace Timeline.Ingest.Feeds;

/// <summary>A whole file is not taken; nothing of it was appended. The message says what is wrong and what to do.</summary>
public sealed class ImportRefusedException : Exception
{
    public ImportRefusedException(string message) : base(message) { }

    public ImportRefusedException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>
/// A bulk file, plain, gzip or zip with one entry; which of them its first bytes say. It is read twice, so <paramref name="Open"/> is
/// called more than once and gives a seekable stream from its beginning each time.
/// </summary>
public sealed record FeedFile(string Name, Func<Stream> Open)
{
    private const int HashBufferBytes = 128 * 1_024;

    // Without it the runtime takes a compressed file that ends too early for one that is whole. It is read once, by the first stream that decompresses.
    static FeedFile() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>A file on this machine.</summary>
    public static FeedFile At(string path) => new(
        Path.GetFileName(path),
        () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, HashBufferBytes, FileOptions.SequentialScan));

    /// <summary>The uncompressed bytes. Throws <see cref="ImportRefusedException"/> for damaged or oversized archives, here or while it is read.</summary>
    internal Stream OpenUncompressed(long limitBytes)
    {
        var file = Open();
        try
        {
            return new BoundedStream(Uncompress(file), Name, limitBytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>SHA-256 of the uncompressed bytes in lower-case hexadecimal, and how many they are.</summary>
    internal async Task<(string Sha256, long Bytes)> HashAsync(long limitBytes, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[HashBufferBytes];
        var total = 0L;
        await using var stream = OpenUncompressed(limitBytes);
        while (await stream.ReadAsync(buffer, ct).ConfigureAwait(false) is var n and > 0)
        {
            hash.AppendData(buffer, 0, n);
            total += n;
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), total);
    }

    private Stream Uncompress(Stream file)
    {
        Span<byte> magic = stackalloc byte[4];
        var n = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Seek(0, SeekOrigin.Begin);
        magic = magic[..n];
        if (magic.StartsWith<byte>([0x1F, 0x8B]))
        {
            return new GZipStream(file, CompressionMode.Decompress);
        }

        return magic.SequenceEqual("PK\x03\x04"u8) || magic.SequenceEqual("PK\x05\x06"u8) ? OnlyEntry(file) : file;
    }

    // The archive reads its directory when it is first asked for, and says what is damaged in several ways.
    private Stream OnlyEntry(Stream file)
    {
        try
        {
            var archive = new ZipArchive(file, ZipArchiveMode.Read);
            return archive.Entries.Count == 1
                ? archive.Entries[0].Open()
                : throw new ImportRefusedException($"{Name}: a zip archive with {archive.Entries.Count} entries; give one with exactly one file, or its files one by one.");
        }
        catch (Exception e) when (BoundedStream.IsDamage(e) || e is IOException)
        {
            throw new ImportRefusedException($"{Name}: the zip archive is damaged ({e.Message}); fetch it again.", e);
        }
    }
}

/// <summary>Ends a decompression that goes on for too long, and says in words what a decoder's exception means.</summary>
internal sealed class BoundedStream(Stream inner, string name, long limitBytes) : Stream
{
    private long taken;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => taken; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Counted(inner.Read(buffer));
        }
        catch (Exception e) when (IsDamage(e) && e is not ImportRefusedException)
        {
            throw Damaged(e);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Counted(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (IsDamage(e) && e is not ImportRefusedException)
        {
            throw Damaged(e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private ImportRefusedException Damaged(Exception e) => new($"{name}: the compressed data are damaged or end too early ({e.Message}); fetch the file again.", e);

    /// <summary>What decoders throw for bytes that nobody could have written.</summary>
    public static bool IsDamage(Exception e) =>
        e is InvalidDataException or NotSupportedException or ArgumentException or OverflowException or EndOfStreamException;

    private int Counted(int n)
    {
        taken += n;
        return taken <= limitBytes
            ? n
            : throw new ImportRefusedException($"{name}: more than {limitBytes} bytes uncompressed, the limit of a feed's file; split it.");
    }
}
