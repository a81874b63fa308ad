namespace Timeline.Adapters.Sqlite.Log;

/// <summary>
/// Tells followers that the log has changed: at once for appends of this process, and within a poll interval for those of others, whose
/// commits raise SQLite's data version. Polling starts with the first follower; a log that nobody follows costs nothing.
/// </summary>
internal sealed class LogWatch(LogFile file, TimeProvider time, TimeSpan interval) : IAsyncDisposable
{
    private readonly Lock starting = new();
    private readonly CancellationTokenSource stopping = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? polling;

    /// <summary>Completes at the first change after this call; fails when the log is closed.</summary>
    public Task NextChange()
    {
        ObjectDisposedException.ThrowIf(stopping.IsCancellationRequested, typeof(SqliteEventLog));
        lock (starting)
        {
            polling ??= StartPolling();
        }

        return Volatile.Read(ref changed).Task;
    }

    public void Pulse() =>
        Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Task? running;
        lock (starting)
        {
            running = polling;
        }

        if (running is not null)
        {
            await running;
        }

        // Wakes the followers, whose next call here or to a reader is refused.
        Pulse();
        stopping.Dispose();
    }

    // The first data version is read before the first follower reads: a commit in between can't be missed.
    private Task StartPolling()
    {
        var connection = file.ConnectReader();
        var version = connection.Prepare("PRAGMA data_version");
        var seen = Read(version);
        return Task.Run(() => PollAsync(connection, version, seen));
    }

    private async Task PollAsync(Connection connection, Statement version, long seen)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                var now = Read(version);
                if (now != seen)
                {
                    seen = now;
                    Pulse();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
        finally
        {
            version.Dispose();
            connection.Dispose();
        }
    }

    // A look that fails counts as a change: the followers' own reads meet the error and say it.
    private static long Read(Statement version)
    {
        try
        {
            version.Step();
            var read = version.Number(0);
            version.Reset();
            return read;
        }
        catch (Exception e) when (e is Domain.Ports.LogUnavailableException or Domain.Ports.LogUnusableException)
        {
            return -1;
        }
    }
}
