using System.Threading.Channels;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.Log;

/// <summary>
/// The one writer of this process. It takes whatever appends wait into one transaction and waits for the disk once for all of them; while the
/// disk works, the next ones gather. They are answered after the commit, so who has an answer has it for good.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    /// <summary>Appends that may wait; one more has to wait to wait.</summary>
    private const int MaxWaiting = 4096;

    /// <summary>A transaction takes no more appends than this, nor, but for its last one, more bytes: other processes want their turn.</summary>
    private const int MaxAppends = 512;

    private const long MaxBytes = 4 * 1024 * 1024;

    private readonly Channel<Waiting> waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Connection connection;
    private readonly LogAppender appender;
    private readonly Action committed;
    private readonly Task running;
    private readonly List<Waiting> taken = [];
    private readonly List<AppendResult> results = [];

    public LogWriter(LogFile file, Action committed)
    {
        this.committed = committed;
        connection = file.ConnectWriter();
        appender = new LogAppender(connection);
        running = Task.Run(RunAsync);
    }

    /// <summary>Cancelled while it waits, an append writes nothing; once its transaction has begun it comes to its end.</summary>
    public async Task<AppendResult> AppendAsync(PreparedAppend append, CancellationToken ct)
    {
        var item = new Waiting(append);
        try
        {
            await waiting.Writer.WriteAsync(item, ct);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(typeof(SqliteEventLog).FullName);
        }

        await using var cancelling = ct.UnsafeRegister(static (state, token) => ((Waiting)state!).Cancel(token), item);
        return await item.Answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await running;
        appender.Dispose();
        connection.Dispose();
    }

    private async Task RunAsync()
    {
        while (await waiting.Reader.WaitToReadAsync())
        {
            taken.Clear();
            results.Clear();
            try
            {
                // The lock first: what comes, or is cancelled, while another process holds it is still counted in, or out.
                connection.Execute("BEGIN IMMEDIATE");
                Take();
                appender.Begin();
                foreach (var item in taken)
                {
                    results.Add(appender.Append(item.Append));
                }

                connection.Execute("COMMIT");
            }
            catch (Exception e)
            {
                Fail(e);
                continue;
            }

            committed();
            for (var i = 0; i < taken.Count; i++)
            {
                taken[i].Answer.TrySetResult(results[i]);
            }
        }
    }

    private void Take()
    {
        var bytes = 0L;
        while (taken.Count < MaxAppends && bytes < MaxBytes && waiting.Reader.TryRead(out var item))
        {
            if (item.TryTake())
            {
                taken.Add(item);
                bytes += item.Append.Bytes;
            }
        }
    }

    // Whatever stopped one stopped all of the transaction: the disk, the lock, the file. None is written and each is told.
    private void Fail(Exception e)
    {
        connection.Rollback();
        if (taken.Count == 0)
        {
            Take();
        }

        foreach (var item in taken)
        {
            item.Answer.TrySetException(e);
        }
    }

    private sealed class Waiting(PreparedAppend append)
    {
        private int settled;

        public PreparedAppend Append => append;

        public TaskCompletionSource<AppendResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>From here on it can't be cancelled.</summary>
        public bool TryTake() => Interlocked.Exchange(ref settled, 1) == 0;

        public void Cancel(CancellationToken token)
        {
            if (Interlocked.Exchange(ref settled, 1) == 0)
            {
                Answer.TrySetCanceled(token);
            }
        }
    }
}
