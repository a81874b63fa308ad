using Timeline.Domain.Ports;

namespace Timeline.Relay;

/// <summary>A follow of the log whose next page can be waited for a while, and waited for again. Cancel its source before disposing.</summary>
internal sealed class LogFollow(IAsyncEnumerable<LogPage> source, TimeProvider time) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<LogPage> pages = source.GetAsyncEnumerator();
    private Task<bool>? next;

    /// <summary>The next page, or null where none came in time.</summary>
    public async Task<LogPage?> NextAsync(TimeSpan wait, CancellationToken ct)
    {
        next ??= pages.MoveNextAsync().AsTask();
        if (!next.IsCompleted)
        {
            if (wait <= TimeSpan.Zero)
            {
                return null;
            }

            using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(next, Task.Delay(wait, time, enough.Token));
            enough.Cancel();
            ct.ThrowIfCancellationRequested();
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
}
