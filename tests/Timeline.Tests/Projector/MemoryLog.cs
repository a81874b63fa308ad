using System.Runtime.CompilerServices;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Projector;

/// <summary>A log in memory, to be read and followed. <paramref name="step"/> runs wherever a real one would wait, and may throw.</summary>
internal sealed class MemoryLog(Func<Task>? step = null) : IEventLog
{
    private readonly Lock gate = new();
    private readonly List<LogEvent> events = [];
    private readonly Arrivals arrivals = new();

    public string LogId => "memory";

    /// <summary>How often somebody has begun to read from a place on.</summary>
    public int Reads { get; private set; }

    public IReadOnlyList<LogEvent> Events => events;

    public void Append(params IEnumerable<LogEvent> more)
    {
        lock (gate)
        {
            events.AddRange(more);
        }

        arrivals.Ring();
    }

    public async IAsyncEnumerable<LogPage> ReadAllAsync(LogPlace after, int pageSize, [EnumeratorCancellation] CancellationToken ct)
    {
        Reads++;
        LogPage page;
        do
        {
            ct.ThrowIfCancellationRequested();
            await StepAsync();
            page = Page(after, pageSize);
            after = page.Through;
            yield return page;
        }
        while (!page.CaughtUp);
    }

    public async IAsyncEnumerable<LogPage> FollowAllAsync(LogPlace after, int pageSize, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var more = arrivals.NextAsync(ct);
            await StepAsync();
            var page = Page(after, pageSize);
            after = page.Through;
            yield return page;
            if (page.CaughtUp)
            {
                await more;
            }
        }
    }

    public async Task<LogPlace> HeadAsync(CancellationToken ct)
    {
        await StepAsync();
        lock (gate)
        {
            return events.Count == 0 ? LogPlace.Start : events[^1].Place;
        }
    }

    public Task<AppendResult> AppendAsync(StreamName stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<LogEvent>> ReadStreamAsync(StreamName stream, Revision from, int max, CancellationToken ct) => throw new NotSupportedException();

    public Task<Revision?> LastRevisionAsync(StreamName stream, CancellationToken ct) => throw new NotSupportedException();

    public Task<LogEvent?> ReadAtAsync(Ordinal ordinal, CancellationToken ct) => throw new NotSupportedException();

    public Task<Ordinal> OrdinalAtAsync(DateTimeOffset time, CancellationToken ct) => throw new NotSupportedException();

    private Task StepAsync() => step?.Invoke() ?? Task.CompletedTask;

    private LogPage Page(LogPlace after, int pageSize)
    {
        lock (gate)
        {
            var first = (int)after.Ordinal.Value + 1;
            if (after != (first == 0 ? LogPlace.Start : events[first - 1].Place))
            {
                throw new InvalidOperationException($"No event stands at {after}: a place was put together, not passed on.");
            }

            var page = events.GetRange(first, Math.Min(pageSize, events.Count - first));
            return new LogPage(page, page.Count == 0 ? after : page[^1].Place, first + page.Count == events.Count);
        }
    }
}
