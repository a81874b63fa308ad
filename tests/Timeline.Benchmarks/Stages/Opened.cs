using Microsoft.Extensions.Logging.Abstractions;
using Timeline.Host.Embedding;
using Timeline.Hosting;

namespace Timeline.Benchmarks.Stages;

/// <summary>The embedded Timeline on a stage's data folder.</summary>
internal static class Opened
{
    public static Task<EmbeddedTimeline> Async(StageFolder folder, CancellationToken ct)
    {
        var place = new DataFolder(folder.Data);
        var ownership = FolderLock.TryTake(place) ?? throw new InvalidOperationException($"{folder.Data} is in use.");
        return EmbeddedTimeline.OpenAsync(place, ownership, static () => null, TimeProvider.System, NullLoggerFactory.Instance, ct);
    }
}
