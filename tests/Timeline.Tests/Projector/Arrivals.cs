namespace Timeline.Tests.Projector;

/// <summary>
/// Wakes everybody who waits. Each waiter has a task of its own that it awaits directly, so that it comes back by its own context and a simulation
/// stays on its one thread (<see cref="Task.WaitAsync(CancellationToken)"/> would pass through the thread pool).
/// </summary>
internal sealed class Arrivals
{
    private readonly Lock gate = new();
    private readonly List<TaskCompletionSource> waiting = [];

    /// <summary>Completes at the next <see cref="Ring"/> after this call.</summary>
    public async Task NextAsync(CancellationToken ct)
    {
        var arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Add(arrival);
        }

        await using var cancelled = ct.Register(() => arrival.TrySetCanceled(ct));
        await arrival.Task;
    }

    public void Ring()
    {
        TaskCompletionSource[] all;
        lock (gate)
        {
            all = [.. waiting];
            waiting.Clear();
        }

        foreach (var arrival in all)
        {
            arrival.TrySetResult();
        }
    }
}
