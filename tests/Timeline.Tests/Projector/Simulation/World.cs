namespace Timeline.Tests.Projector.Simulation;

/// <summary>
/// One thread, one seed: which of the waiting continuations runs next is drawn, time passes only when the draw says so or nothing else is left, and a process
/// can die between any two of its steps, leaving what it has written and nothing else. The same seed gives the same run.
/// </summary>
internal sealed class World(int seed)
{
    private readonly List<(Process Process, SendOrPostCallback Step, object? State)> ready = [];
    private readonly SimulatedTime time = new();
    private readonly int thread = Environment.CurrentManagedThreadId;
    private ulong trace = 14695981039346656037;

    public Random Random { get; } = new(seed);

    public TimeProvider Time => time;

    /// <summary>While true, whatever can fail may fail.</summary>
    public bool Faults { get; set; } = true;

    public int Steps { get; private set; }

    /// <summary>A hash over every choice made so far.</summary>
    public ulong Trace => trace;

    /// <summary>Where something came back by another thread: what follows would depend on the machine, not on the seed.</summary>
    public string? Strayed { get; private set; }

    /// <summary>True one time in <paramref name="n"/>, while there are faults.</summary>
    public bool Strikes(int n) => Faults && Random.Next(n) == 0;

    /// <summary>Where a real process would wait for a disk or a network: anything may happen before it returns, death included.</summary>
    public async Task WaitAsync()
    {
        await Task.Yield();
        if (Strikes(60))
        {
            throw new IOException("A fault that the schedule asks for.");
        }
    }

    public Process Start(Func<Task> main)
    {
        var process = new Process(this);
        process.Post(_ => process.Main = main(), null);
        return process;
    }

    public void Step()
    {
        Steps++;
        if (ready.Count == 0 || Random.Next(40) == 0)
        {
            time.AdvanceToNextTimer();
        }

        if (ready.Count == 0)
        {
            return;
        }

        var i = Random.Next(ready.Count);
        var (process, step, state) = ready[i];
        ready.RemoveAt(i);
        trace = unchecked((trace ^ (ulong)i) * 1099511628211);
        process.Run(step, state);
        process.Steps++;
    }

    /// <summary>A process: what it awaits comes back through it, as long as it lives.</summary>
    internal sealed class Process(World world) : SynchronizationContext
    {
        public bool IsDead { get; private set; }

        public Task? Main { get; set; }

        /// <summary>Steps that it has taken: between any two of them stands an await.</summary>
        public int Steps { get; set; }

        /// <summary>Ends it between two steps: no cleaning up, no last words.</summary>
        public void Kill()
        {
            IsDead = true;
            world.ready.RemoveAll(item => item.Process == this);
        }

        public override void Post(SendOrPostCallback d, object? state)
        {
            if (Environment.CurrentManagedThreadId != world.thread)
            {
                world.Strayed = Environment.StackTrace;
            }
            else if (!IsDead)
            {
                world.ready.Add((this, d, state));
            }
        }

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

        public void Run(SendOrPostCallback step, object? state)
        {
            var outer = Current;
            SetSynchronizationContext(this);
            try
            {
                step(state);
            }
            finally
            {
                SetSynchronizationContext(outer);
            }
        }
    }

    private sealed class SimulatedTime : TimeProvider
    {
        private readonly List<Timer> timers = [];
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(now);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, () => callback(state));
            timer.Change(dueTime, period);
            return timer;
        }

        public void AdvanceToNextTimer()
        {
            if (timers.MinBy(static t => t.Due) is { } next)
            {
                now = Math.Max(now, next.Due);
                timers.Remove(next);
                next.Fire();
            }
        }

        private sealed class Timer(SimulatedTime time, Action fire) : ITimer
        {
            public long Due { get; private set; }

            public Action Fire => fire;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                time.timers.Remove(this);
                if (dueTime >= TimeSpan.Zero)
                {
                    Due = time.now + dueTime.Ticks;
                    time.timers.Add(this);
                }

                return true;
            }

            public void Dispose() => time.timers.Remove(this);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
