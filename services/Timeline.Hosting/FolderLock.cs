using System.Text.Json;
using Timeline.Hosting.Http;

namespace Timeline.Hosting;

/// <summary>Who owns a data folder: the process, and the address it answers at (null until it listens).</summary>
public sealed record Holder(int Pid, string? Address);

/// <summary>
/// The ownership of a data folder: an advisory lock that the operating system takes back when its process ends, however it ends. The file beside
/// it only tells others where to turn.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly DataFolder _folder;
    private readonly FileStream _file;

    private FolderLock(DataFolder folder, FileStream file)
    {
        _folder = folder;
        _file = file;
    }

    /// <summary>The ownership, or null where another process has it. Makes the folder where there is none. Throws <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/> where the folder can't be made or written.</summary>
    public static FolderLock? TryTake(DataFolder folder)
    {
        Directory.CreateDirectory(folder.Path);
        try
        {
            var file = new FileStream(folder.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.Delete(folder.HolderFile);
            return new FolderLock(folder, file);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException) && File.Exists(folder.LockFile))
        {
            return null;
        }
    }

    /// <summary>
    /// A part in the folder, beside the other services that run apart and in nobody's way but an owner's: null where one process has all of it. The <paramref name="role"/>, where it is
    /// one that a folder has once, is taken for this process alone; null, too, where another has it.
    /// </summary>
    public static IDisposable? TryShare(DataFolder folder, string? role)
    {
        Directory.CreateDirectory(folder.Path);
        FileStream? shared = null;
        try
        {
            shared = new FileStream(folder.LockFile, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
            return new Share(shared, role is null ? null : new FileStream(folder.RoleFile(role), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException) && File.Exists(folder.LockFile))
        {
            shared?.Dispose();
            return null;
        }
    }

    /// <summary>Tells others the address. The file appears whole or not at all.</summary>
    public void Announce(Holder holder) => Announce(_folder, holder);

    /// <summary>The same by one of several services that share the folder: the one that answers for all.</summary>
    public static void Announce(DataFolder folder, Holder holder)
    {
        var next = folder.HolderFile + ".next";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(holder, Wire.Own.Holder));
        File.Move(next, folder.HolderFile, overwrite: true);
    }

    /// <summary>What the owner told, or null where it has not told anything yet.</summary>
    public static Holder? ReadHolder(DataFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(folder.HolderFile), Wire.Own.Holder);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        File.Delete(_folder.HolderFile);
        _file.Dispose();
    }

    private sealed class Share(FileStream folder, FileStream? role) : IDisposable
    {
        public void Dispose()
        {
            role?.Dispose();
            folder.Dispose();
        }
    }
}
