using Timeline.Tests.Integration.Host;

namespace Timeline.Tests.Integration.Soak;

/// <summary>The folder of a round that fails is kept, and the failure says where.</summary>
internal static class KeptFolders
{
    /// <summary>Runs on a new folder below the command's, and deletes it when all went well.</summary>
    public static async Task<string> KeepOnFailureAsync(this TimelineCommand timeline, string name, Func<string, Task<string>> round)
    {
        var path = Path.Combine(timeline.Folder, name);
        try
        {
            var told = await round(path);
            Directory.Delete(path, recursive: true);
            return told;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\nThe data folder is kept as it was: {Keep(path, name)}", e);
        }
    }

    /// <summary>Copies a folder to where no test deletes it, and gives the place.</summary>
    public static string Keep(string path, string name)
    {
        var kept = Directory.CreateTempSubdirectory($"timeline-soak-{name}-").FullName;
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(kept, Path.GetRelativePath(path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return kept;
    }
}
