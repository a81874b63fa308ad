using Timeline.Domain.Ports;

namespace Timeline.Relay;

/// <summary>
/// A follow of the log whose next page can be waited for a while, and waited for again. Cancel its source before disposing.
/// A page, the time and the cancellation all ring one bell: <see cref="Task.WhenAny(Task[])"/> would come back through the thread pool, and a simulation
/// that holds all threads in its hand could not repeat itself.
/// </summary>
internal sealed class LogFollow(IAsyncEnumerable<LogPage> source, TimeProvider time) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<LogPage> pages = source.GetAsyncEnumerator();
    private Task<bool>? next;
    private volatile TaskCompletionSource? bell;

    /// <summary>The next page, or null where none came in time.</summary>
    public async Task<LogPage?> NextAsync(TimeSpan wait, CancellationToken ct)
    {
        if (next is null)
        {
            next = pages.MoveNextAsync().AsTask();
            _ = RingWhenMovedAsync(next);
        }

        if (!next.IsCompleted)
        {
            if (wait <= TimeSpan.Zero)
            {
                return null;
            }

            await WaitAsync(next, wait, ct);
            if (!next.IsCompleted)
            {
                return null;
            }
        }

        var more = await next;
        next = null;
        return more ? pages.Current : throw new InvalidOperationException("The log has ended its follow.");
    }

    // An enumerator can't be disposed while it moves.
    public async ValueTask DisposeAsync()
    {
        if (next is not null)
        {
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        await pages.DisposeAsync();
    }

    private async Task WaitAsync(Task moved, TimeSpan wait, CancellationToken ct)
    {
        var rung = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bell = rung;
        using var timer = time.CreateTimer(_ => rung.TrySetResult(), null, wait, Timeout.InfiniteTimeSpan);
        using var cancelled = ct.Register(() => rung.TrySetCanceled(ct));
        if (moved.IsCompleted)
        {
            return;
        }

        await rung.Task;
    }

    private async Task RingWhenMovedAsync(Task moved)
    {
        await moved.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        bell?.TrySetResult();
    }
}
