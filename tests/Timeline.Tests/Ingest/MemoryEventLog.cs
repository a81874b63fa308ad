using System.Runtime.CompilerServices;
using System.Text.Json;
using Timeline.Contracts.Json;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Ingest;

/// <summary>The log's promises as far as Ingest leans on them, in memory; a test may let an append fail or let another writer in before it.</summary>
internal sealed class MemoryEventLog : IEventLog
{
    private readonly Lock gate = new();
    private readonly List<LogEvent> all = [];
    private readonly Dictionary<StreamName, List<LogEvent>> streams = [];

    public string LogId { get; init; } = "test-log";

    /// <summary>Called before every append with the number of appends so far.</summary>
    public Action<int>? BeforeAppend { get; set; }

    public int Appends { get; private set; }

    public IReadOnlyList<LogEvent> All => all;

    public Task<AppendResult> AppendAsync(StreamName stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        BeforeAppend?.Invoke(Appends);
        ct.ThrowIfCancellationRequested();
        lock (gate)
        {
            Assert.True(events.Sum(e => e.Data.Length + e.Metadata.Length) <= LogLimits.AppendBytes, "an append over the limit");
            Assert.All(events, e => Assert.True(e.Data.Length + e.Metadata.Length <= LogLimits.EventBytes, "an event over the limit"));
            var there = streams.GetValueOrDefault(stream) ?? [];
            var first = (int)expected.First.Value;
            if (there.Count != first)
            {
                var same = there.Count >= first + events.Count && events.Index().All(e => there[first + e.Index].Data.Span.SequenceEqual(e.Item.Data.Span));
                return Task.FromResult<AppendResult>(same
                    ? new AppendResult.AlreadyThere(there[first + events.Count - 1].Place, new Revision(first + events.Count - 1))
                    : new AppendResult.WrongRevision(there.Count == 0 ? null : new Revision(there.Count - 1)));
            }

            Appends++;
            streams[stream] = there;
            foreach (var e in events)
            {
                var metadata = JsonSerializer.Deserialize(e.Metadata.Span, ContractsJson.Default.EventMetadata)!;
                var place = new LogPlace(new Ordinal(all.Count), new Position((ulong)all.Count * 7, 1));
                var kept = new LogEvent(place, stream, new Revision(there.Count), default, e.Type, e.Data.ToArray(), e.Metadata.ToArray(), DateTimeOffset.Parse(metadata.RecordedAt));
                there.Add(kept);
                all.Add(kept);
            }

            return Task.FromResult<AppendResult>(new AppendResult.Appended(all[^1].Place, new Revision(there.Count - 1)));
        }
    }

    public Task<IReadOnlyList<LogEvent>> ReadStreamAsync(StreamName stream, Revision from, int max, CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<LogEvent>>([.. (streams.GetValueOrDefault(stream) ?? []).Skip((int)from.Value).Take(max)]);
        }
    }

    public Task<Revision?> LastRevisionAsync(StreamName stream, CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult<Revision?>(streams.GetValueOrDefault(stream) is { Count: > 0 } there ? new Revision(there.Count - 1) : null);
        }
    }

    public async IAsyncEnumerable<LogPage> ReadAllAsync(LogPlace after, int pageSize, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        for (var from = (int)after.Ordinal.Value + 1; ; from += pageSize)
        {
            ct.ThrowIfCancellationRequested();
            List<LogEvent> page;
            lock (gate)
            {
                page = [.. all.Skip(from).Take(pageSize)];
            }

            if (page.Count == 0)
            {
                yield break;
            }

            yield return new LogPage(page, page[^1].Place, page.Count < pageSize);
        }
    }

    public IAsyncEnumerable<LogPage> FollowAllAsync(LogPlace after, int pageSize, CancellationToken ct) => throw new NotSupportedException();

    public Task<LogPlace> HeadAsync(CancellationToken ct) => Task.FromResult(all.Count == 0 ? LogPlace.Start : all[^1].Place);

    public Task<LogEvent?> ReadAtAsync(Ordinal ordinal, CancellationToken ct) => throw new NotSupportedException();

    public Task<Ordinal> OrdinalAtAsync(DateTimeOffset time, CancellationToken ct) => throw new NotSupportedException();
}
