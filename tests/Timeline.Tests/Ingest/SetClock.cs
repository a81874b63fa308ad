namespace Timeline.Tests.Ingest;

/// <summary>A clock that a test sets; its timers fire when it is set past them.</summary>
internal sealed class SetClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<SetTimer> timers = [];
    private DateTimeOffset now = start;

    /// <summary>Completes when somebody waits for this clock.</summary>
    public SemaphoreSlim Waiting { get; } = new(0);

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public void Set(DateTimeOffset time)
    {
        List<SetTimer> due;
        lock (gate)
        {
            now = time;
            due = [.. timers.Where(t => t.Due <= time)];
            timers.RemoveAll(due.Contains);
        }

        due.ForEach(t => t.Fire());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SetTimer(() => callback(state), this);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SetTimer(Action fire, SetClock clock) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock.now + dueTime;
                    clock.timers.Add(this);
                    clock.Waiting.Release();
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
