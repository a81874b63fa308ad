namespace Timeline.Projector;

/// <summary>Wakes whoever waits for the next change; ringing costs nothing while nobody does.</summary>
internal sealed class Bell
{
    private volatile TaskCompletionSource? next;

    /// <summary>Completes with the next ring. Ask before looking at what may have changed.</summary>
    public Task NextAsync()
    {
        var rung = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref next, rung, null) ?? rung).Task;
    }

    public void Ring()
    {
        if (next is not null)
        {
            Interlocked.Exchange(ref next, null)?.TrySetResult();
        }
    }
}
