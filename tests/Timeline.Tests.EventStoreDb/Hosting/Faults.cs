using Timeline.Tests.EventStoreDb.Protocol;

namespace Timeline.Tests.EventStoreDb.Hosting;

/// <summary>
/// What goes wrong on purpose, switched on while the server runs. A number counts calls down from the moment it is set; writes are appends
/// (each of a batch call on its own), deletes and tombstones.
/// </summary>
public sealed class Faults
{
    private readonly Lock gate = new();
    private int breakAnswers;
    private int swallowAnswers;
    private int unavailable;
    private int notReady;
    private (int Times, string Host, int Port) notLeader;
    private long eventsUntilDrop;
    private long eventsSent;
    private CancellationTokenSource drop = new();
    private TaskCompletionSource? stall;

    /// <summary>The next so many writes are stored, and then their connection breaks in place of an answer.</summary>
    public void BreakAnswers(int writes) => Volatile.Write(ref breakAnswers, writes);

    /// <summary>The next so many writes are stored and never answered; the connection stays.</summary>
    public void SwallowAnswers(int writes) => Volatile.Write(ref swallowAnswers, writes);

    /// <summary>The calls of the next so many writes end as Unavailable; nothing is stored.</summary>
    public void Unavailable(int writes) => Volatile.Write(ref unavailable, writes);

    /// <summary>The next so many writes are told that the server is not ready, by a batch call's own error; nothing is stored.</summary>
    public void NotReady(int writes) => Volatile.Write(ref notReady, writes);

    /// <summary>The calls of the next so many writes are sent to another node; nothing is stored.</summary>
    public void NotLeader(int writes, string host, int port)
    {
        lock (gate)
        {
            notLeader = (writes, host, port);
        }
    }

    /// <summary>After so many events more, over all reads and subscriptions, all of them break at once. 0 breaks them now.</summary>
    public void DropReadsAfter(long events)
    {
        if (events == 0)
        {
            Drop();
        }
        else
        {
            Interlocked.Exchange(ref eventsUntilDrop, events);
        }
    }

    /// <summary>Events that reads and subscriptions have sent so far.</summary>
    public long EventsSent => Interlocked.Read(ref eventsSent);

    /// <summary>Nothing is stored, read or answered until <see cref="Resume"/>.</summary>
    public void Stall()
    {
        lock (gate)
        {
            stall ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Resume()
    {
        lock (gate)
        {
            stall?.TrySetResult();
            stall = null;
        }
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void Clear()
    {
        BreakAnswers(0);
        SwallowAnswers(0);
        Unavailable(0);
        NotReady(0);
        NotLeader(0, "", 0);
        Interlocked.Exchange(ref eventsUntilDrop, 0);
        Resume();
    }

    /// <summary>Ends when reads and subscriptions are to break.</summary>
    internal CancellationToken Dropped
    {
        get
        {
            lock (gate)
            {
                return drop.Token;
            }
        }
    }

    internal async Task WhileStalledAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref stall) is { } waiting)
        {
            await waiting.Task.WaitAsync(ct);
        }
    }

    /// <exception cref="GrpcException">The write is refused.</exception>
    internal async Task BeforeWriteAsync(CancellationToken ct)
    {
        await WhileStalledAsync(ct);
        if (Take(ref unavailable))
        {
            throw new GrpcException(GrpcStatus.Unavailable, "The server is unavailable, as asked.");
        }

        lock (gate)
        {
            if (notLeader.Times > 0)
            {
                notLeader.Times--;
                throw GrpcError.NotLeader(notLeader.Host, notLeader.Port);
            }
        }
    }

    internal bool TakeNotReady() => Take(ref notReady);

    /// <returns>Whether the answer is sent; if not, nothing ever is.</returns>
    /// <exception cref="BrokenConnectionException">The connection is to break.</exception>
    internal bool AfterWrite() => Take(ref breakAnswers) ? throw new BrokenConnectionException() : !Take(ref swallowAnswers);

    internal void OnEvent()
    {
        Interlocked.Increment(ref eventsSent);
        if (Volatile.Read(ref eventsUntilDrop) > 0 && Interlocked.Decrement(ref eventsUntilDrop) == 0)
        {
            Drop();
        }
    }

    private void Drop()
    {
        CancellationTokenSource dropped;
        lock (gate)
        {
            dropped = drop;
            drop = new CancellationTokenSource();
        }

        dropped.Cancel();
    }

    private static bool Take(ref int left)
    {
        while (true)
        {
            var seen = Volatile.Read(ref left);
            if (seen <= 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref left, seen - 1, seen) == seen)
            {
                return true;
            }
        }
    }
}

/// <summary>Breaks the connection in place of an answer.</summary>
internal sealed class BrokenConnectionException() : Exception("The connection breaks, as asked.");
