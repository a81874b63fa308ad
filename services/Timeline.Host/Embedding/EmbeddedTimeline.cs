using Timeline.Host.Api;
using Timeline.Query;

namespace Timeline.Host.Embedding;

internal sealed class EmbeddedTimeline : IReadiness, IAsyncDisposable
{
    private readonly FolderLock _ownership;

    private EmbeddedTimeline(FolderLock ownership) => _ownership = ownership;

    public IIntake Intake { get; } = null!;

    public ITimelineQueries Queries { get; } = null!;

    public Task Failed { get; } = Task.CompletedTask;

    public string? NotReadyBecause => null;

    public static Task<EmbeddedTimeline> OpenAsync(DataFolder folder, FolderLock ownership, TimeProvider clock, ILoggerFactory loggers, CancellationToken ct)
    {
        folder.Prepare();
        return Task.FromResult(new EmbeddedTimeline(ownership));
    }

    public Task CaughtUpAsync(CancellationToken ct) => Failed.WaitAsync(ct);

    public ValueTask DisposeAsync()
    {
        _ownership.Dispose();
        return ValueTask.CompletedTask;
    }
}
