using System.Text;
using Timeline.Contracts.Answers;
using Timeline.Hosting.Http;

namespace Timeline.Host.Commands;

/// <summary>A folder of a methodology's files. Throws <see cref="IOException"/> with what is wrong with it.</summary>
internal static class MethodologyFolder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Every file by its name, to the letter: what has no place in a methodology is for the service to say.</summary>
    public static async Task<Dictionary<string, string>> ReadAsync(string folder, CancellationToken ct)
    {
        if (!Directory.Exists(folder))
        {
            throw new IOException(File.Exists(folder) ? $"{folder} is a file: give the folder that holds the methodology's files." : $"There is no folder {folder}.");
        }

        var entries = new DirectoryInfo(folder).GetFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal).ToList();
        if (entries.Find(e => e is DirectoryInfo) is { } inner)
        {
            throw new IOException($"{Path.Combine(folder, inner.Name)} is a folder: a methodology is files alone.");
        }

        var bytes = entries.OfType<FileInfo>().Sum(f => f.Length);
        if (bytes > ApiLimits.EventBytes)
        {
            throw new IOException(FormattableString.Invariant($"The files in {folder} have {bytes:N0} bytes; a methodology may have at most {ApiLimits.EventBytes:N0}."));
        }

        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var path = Path.Combine(folder, entry.Name);
            files.Add(entry.Name, Text(path, await File.ReadAllBytesAsync(path, ct).ConfigureAwait(false)));
        }

        return files;
    }

    /// <summary>Writes every file into a folder that is empty or not there yet.</summary>
    public static async Task WriteAsync(string folder, MethodologyView methodology, CancellationToken ct)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new IOException($"{folder} is not an empty folder: give another, or empty it. Nothing was written.");
        }

        // The names come from a service: none may lead out of the folder.
        if (methodology.Files.Keys.FirstOrDefault(static n => Path.GetFileName(n) != n || n is "." or "..") is { } wrong)
        {
            throw new IOException($"The service names a file '{wrong}', which can't be one of a methodology. Nothing was written.");
        }

        Directory.CreateDirectory(folder);
        foreach (var (name, text) in methodology.Files)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, name), Strict.GetBytes(text), ct).ConfigureAwait(false);
        }
    }

    private static string Text(string path, byte[] utf8)
    {
        try
        {
            return Strict.GetString(utf8);
        }
        catch (DecoderFallbackException e)
        {
            var line = utf8.AsSpan(0, Math.Clamp(e.Index, 0, utf8.Length)).Count((byte)'\n') + 1;
            throw new IOException(FormattableString.Invariant($"{path}, line {line}: the text is not UTF-8."), e);
        }
    }
}
