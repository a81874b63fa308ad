namespace Timeline.Hosting;

/// <summary>The parts of a process that run until it ends. One that fails for good is logged, and is the reason for the end.</summary>
internal sealed class RunningParts(ILogger logger, CancellationToken stop)
{
    private readonly List<Task> running = [];
    private readonly TaskCompletionSource<string> failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the reason when a part has failed for good.</summary>
    public Task<string> Failed => failed.Task;

    /// <summary>Starts a part. To be called by one thread at a time.</summary>
    public void Start(string part, Func<CancellationToken, Task> run) => running.Add(WatchAsync(part, run(stop)));

    /// <summary>No waiting mends it.</summary>
    public void Fail(string why) => failed.TrySetResult(why);

    /// <summary>Completes when all parts have ended, however they did.</summary>
    public async Task EndedAsync() => await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task WatchAsync(string part, Task run)
    {
        try
        {
            await run.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // Whatever ends a part for good ends the process, with its reason.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogError(e, "{Part} has failed", part);
            Fail($"{part} has failed: {e.Message}");
        }
    }
}
