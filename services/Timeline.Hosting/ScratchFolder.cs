namespace Timeline.Hosting;

/// <summary>A folder of its own below the system's temporary files, gone with its end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("timeline-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
