using System.Diagnostics;

namespace Timeline.Tests.Integration.Soak;

/// <summary>A filesystem of its own of a few megabytes in memory, that can be filled and freed without harm to anything else. Mounting takes root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private static readonly Lazy<string?> Reason = new(Try);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("timeline-disk-");
    private int ballasts;

    public SmallDisk(int megabytes)
    {
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Path) is { } error)
        {
            folder.Delete();
            throw new InvalidOperationException($"A small filesystem can't be mounted: {error}");
        }
    }

    /// <summary>Null where small filesystems can be had here; else why not.</summary>
    public static string? WhyNot => Reason.Value;

    public string Path => folder.FullName;

    /// <summary>Takes all room but so many bytes, from whatever writes at the same time too.</summary>
    public void Fill(long leave)
    {
        var left = new DriveInfo(Path).AvailableFreeSpace - leave;
        using var ballast = new FileStream(System.IO.Path.Combine(Path, $"ballast-{ballasts++}"), FileMode.Create, FileAccess.Write, FileShare.None, 1);
        var zeros = new byte[4096];
        try
        {
            for (; left > 0; left -= zeros.Length)
            {
                ballast.Write(zeros);
            }
        }
        catch (IOException)
        {
            // Full, and more than that was not wanted.
        }
    }

    public void Free()
    {
        foreach (var ballast in folder.GetFiles("ballast-*"))
        {
            ballast.Delete();
        }
    }

    /// <summary>Nothing may run on it any more.</summary>
    public void Dispose()
    {
        Assert.Null(Run("umount", Path));
        folder.Delete();
    }

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Disk-full rounds mount a small tmpfs, which takes Linux.";
        }

        try
        {
            new SmallDisk(1).Dispose();
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"Disk-full rounds were not run, for they mount a small tmpfs, which takes root. {e.Message}";
        }
    }

    private static string? Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error.Trim();
    }
}

/// <summary>A test that is told as skipped, with the reason, where no small filesystem can be had.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.WhyNot;
}
