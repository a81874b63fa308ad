using System.Collections.Concurrent;

namespace Timeline.Adapters.Sqlite.Log;

/// <summary>Readers that wait for their next use: opening one and preparing its statements costs more than most reads.</summary>
internal sealed class LogReaders(LogFile file) : IDisposable
{
    /// <summary>Kept open when idle. More are opened where more read at once.</summary>
    private const int MaxIdle = 8;

    private readonly ConcurrentBag<LogReader> idle = [];
    private volatile bool disposed;

    /// <summary>
    /// Reads on the caller's thread: the answer is nearly always in memory. A reader that failed is not used again. Cancellation is
    /// looked at before the read; no read takes longer than a page.
    /// </summary>
    public Task<T> Use<T>(Func<LogReader, T> read, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(ct);
        }

        LogReader? reader = null;
        try
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(SqliteEventLog));
            reader = idle.TryTake(out var waiting) ? waiting : new LogReader(file);
            var answer = read(reader);
            Return(reader);
            return Task.FromResult(answer);
        }
        catch (Exception e)
        {
            reader?.Dispose();
            return Task.FromException<T>(e);
        }
    }

    public void Dispose()
    {
        disposed = true;
        while (idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private void Return(LogReader reader)
    {
        if (disposed || idle.Count >= MaxIdle)
        {
            reader.Dispose();
            return;
        }

        idle.Add(reader);
        if (disposed)
        {
            // The log closed between the look and the adding.
            Dispose();
        }
    }
}
